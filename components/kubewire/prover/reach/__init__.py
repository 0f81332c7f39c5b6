"""Who reaches whom with what: exact, and for all pairs at once.

bounds.py      what surely passes and what may, where values are unknown
atoms.py       addresses, cut wherever a rule cuts them
matches.py, firewall.py   what security groups and ACLs let pass, and by which rule
routes.py, arrivals.py    the longest prefix of every address, in one sweep a table
endpoints.py   nodes and pods, by address
network.py     the whole: endpoints in classes that are all treated alike
paths.py, stages.py       the way of a packet between two of them, place by place
world.py, gateways.py, entering.py   addresses outside, and their ways in
"""
