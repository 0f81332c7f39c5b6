"""ClusterIP: a virtual address inside the cluster, or a name for its pods alone, and nothing outside of it."""

from __future__ import annotations

from typing import Annotated, Literal

import pulumi

from kubewire.network.cluster_network import ClusterNetwork
from kubewire.services.common import PortedArgs, cluster_ip_of, dns_name, kubernetes_service
from kubewire.services.component import ServiceComponent
from kubewire.services.declaration import declaration
from kubewire.services.in_cluster import check_addresses
from kubewire.services.written import ALWAYS_IN_SPEC


class ClusterIPServiceArgs(PortedArgs):
    """What describes a ClusterIP Service."""

    type: Annotated[Literal["ClusterIP"], ALWAYS_IN_SPEC] = "ClusterIP"


class ClusterIPService(ServiceComponent):
    """A Service that nodes and pods reach by one virtual address. Nothing is made in AWS for it.

    Attributes:
        cluster_ip: the address, `None` for a headless Service; known after the apply.
        dns_name: the name that pods find it by.
    """

    def __init__(
        self, args: ClusterIPServiceArgs, network: ClusterNetwork, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        check_addresses(args, network.args, args.label)
        name = args.name_in(network)
        super().__init__("kubewire:services:ClusterIPService", name, declaration(network), opts, network=network)
        self.cluster_ip = cluster_ip_of(kubernetes_service(name, args, self, opts))
        self.dns_name = dns_name(args)
        self.outputs = {"clusterIP": self.cluster_ip, "dnsName": self.dns_name}
        self.register_outputs(self.outputs)
