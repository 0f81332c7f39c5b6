"""Questions about single ways: who reaches whom, and what the world reaches.

ends.py        who is asked about, as users write it
places.py      who that is in a network
legs.py        ways in legs: what a load balancer or kube-proxy passes on goes by another port
balancers.py, services.py, endpoints.py   what is asked, followed to its end
can.py         start here: `can`
exposed.py     start here: `exposed`
"""
