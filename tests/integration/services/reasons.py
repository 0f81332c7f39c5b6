"""Why we refuse what the API server takes."""

from __future__ import annotations

OLDER_SERVERS = "API servers of Kubernetes 1.34 and older take an RFC 1035 label alone, and would refuse it in an apply"
FORGOTTEN = "an empty selector is a forgotten one: `none` says that somebody else writes the endpoints"
BARE_NAME = "an ExternalName is a CNAME and nothing else: what the API server takes besides, nobody reads"
NO_LABEL = "a label of a DNS name has 63 characters at most: it could never be resolved"
NO_ADDRESS = "it's answered as a CNAME, and a CNAME can't lead to an address; nor is a top-level domain a number"
TAKES_TRAFFIC = "whoever may write it takes the traffic of any address (CVE-2020-8554)"
NO_SCTP = "a security group knows no ports of SCTP: its rule would open those of every other Service"
ONE_LISTENER = "a network load balancer listens once on a port, for both protocols, and sends to one port of the nodes"
UNREACHABLE = "the load balancer reaches pods by node ports, and nobody would choose one"
SPELLED = "the API server takes an empty value for a field that is left out; here it's left out"
