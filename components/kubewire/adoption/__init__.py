"""Load balancers that a controller in the cluster made, taken over with all that they are made of.

found.py                 what there is: a Service, its load balancer, and what belongs to that
makers.py                which controller made it, and how that lets go of it
stack.py                 the stack that takes it over, out of its state
described.py, plan.py    what there is, as a typed Service and as rows to import
detaching.py             what is written into the Service, so that its controller leaves everything as it is
importing.py             the file for `pulumi import`
"""
