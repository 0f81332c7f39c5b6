"""The facts of a VPC and its cluster as they are: Describe calls for many objects each, and lists of Kubernetes'.

    read.py         start here: `live`
    keys.py         what facts call each object
    network.py      the VPC, its subnets and ACLs
    routes.py       route tables, gateways
    firewall.py     security groups, prefix lists
    interfaces.py   network interfaces, and the machines that have them
    balancers.py    load balancers
    names.py        hosted zones
    cluster.py      the objects of a cluster's API
    nodes.py        Nodes, and what the cluster says of itself
    services.py     Services, and what answers for them

Everything is read and nothing is changed. What AWS and Kubernetes don't say is unknown, by name.
"""
