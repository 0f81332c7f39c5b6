"""The cluster's network: VPC, zones, subnets, gateways, pod routes, nodes and their firewall."""
