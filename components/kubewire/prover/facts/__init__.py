"""What is known of a network: one model, whether it was read from a plan, a state or an account.

    unknown.py    a value that only the apply will know
    network.py    VPCs, subnets, route tables, interfaces
    firewall.py   security groups and network ACLs
    cluster.py    what the cluster says of itself
    services.py   Services, load balancers, DNS
    quotas.py     what the account may have
    facts.py      the whole

It says what there is in AWS's and Kubernetes' own words, and decides nothing: the prover and the brute-force checker
of the tests share this and no more.
"""
