"""What a change makes newly reachable and newly unreachable, exactly, in sets.

delta.py       what differs between two answers to one question
joints.py      endpoints of both networks, in classes that both treat alike
cells.py       addresses outside, cut wherever something that decides changes
inside.py, outside.py, balancers.py, services.py   who reaches whom: each compares the two networks class by class
covers.py      pairs of classes, as few rectangles
naming.py      sets, in the words of people
difference.py  start here: `difference`

A node is the same node in both by its name, pods by their node and address, load balancers and Services by theirs. What
two ends on one node send each other never leaves it, so it is no part of this.
"""
