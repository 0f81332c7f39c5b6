"""Sets of addresses, of kinds of traffic, and of both: a closed algebra, exact, without I/O.

points.py      a set of points on a line: union, intersection, difference, subset; everything else rests on it
addresses.py   IPv4 and IPv6 addresses, on one line
kinds.py       protocols with their ports or ICMP types, on one line
traffic.py     who sends what to whom: unions of boxes of the three
"""
