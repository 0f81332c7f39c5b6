"""Facts from what the engine is about to do (`pulumi preview --json`), or has done (`pulumi stack export`).

    document.py   the JSON of either, as a list of resources
    values.py     a resource's inputs, with what is unknown or secret
    decisive.py   values without which nothing can be said
    index.py      references, to what they refer to
    network.py, firewall.py, machines.py, services.py, names.py   one sort of resource each
    declaration.py   what the cluster's component says of it: which node has which pods
    facts.py      start here: `from_plan`, `from_state`

Nothing here reads a component's arguments in place of what the engine will do. What is a fact about AWS comes from
resources; what AWS doesn't know, the cluster's own ranges, comes from the inputs that its component registers.
"""
