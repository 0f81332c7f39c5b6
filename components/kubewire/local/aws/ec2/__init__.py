"""EC2's network: VPCs, subnets, gateways, addresses, interfaces, instances, route tables, groups.

One file a kind of thing, one function a rule.
"""
