"""ClusterIP: a virtual address inside the cluster, and nothing outside of it."""

from __future__ import annotations

from typing import Literal

import pulumi

from kubewire.network.cluster_network import ClusterNetwork
from kubewire.services.common import PortedArgs, dns_name, kubernetes_service, service_ports


class ClusterIPServiceArgs(PortedArgs):
    """What describes a ClusterIP Service."""

    type: Literal["ClusterIP"] = "ClusterIP"


class ClusterIPService(pulumi.ComponentResource):
    """A Service that nodes and pods reach by one virtual address. Nothing is made in AWS for it.

    Attributes:
        cluster_ip: the address; known after the apply.
        dns_name: the name that pods find it by.
    """

    def __init__(
        self, args: ClusterIPServiceArgs, network: ClusterNetwork, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        name = args.name_in(network)
        super().__init__("kubewire:services:ClusterIPService", name, None, opts)
        spec = {"type": args.type, "selector": args.selector, "ports": service_ports(args.ports)}
        service = kubernetes_service(name, args, spec, self, opts)
        self.cluster_ip = service.spec.apply(lambda spec: spec.cluster_ip)
        self.dns_name = dns_name(args)
        self.outputs = {"clusterIP": self.cluster_ip, "dnsName": self.dns_name}
        self.register_outputs(self.outputs)
