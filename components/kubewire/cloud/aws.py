"""The APIs as the verbs of resources and functions see them, each client imported and made when it's first used.

boto3 takes half a second, and lightkube a fifth: a preview without calls needs neither, and most runs touch no Service.
"""

from __future__ import annotations

import threading
from functools import cached_property
from typing import TYPE_CHECKING, cast

from kubewire.cloud.clock import SystemClock
from kubewire.cloud.config import CloudConfig, region_of_environment
from kubewire.resources.zone_records import ZoneLists

if TYPE_CHECKING:
    from types_boto3_ec2 import EC2Client
    from types_boto3_elbv2 import ElasticLoadBalancingv2Client
    from types_boto3_route53 import Route53Client
    from types_boto3_service_quotas import ServiceQuotasClient

    from kubewire.cloud.kubernetes import ServiceStatuses
    from kubewire.cloud.kubernetes_endpoints import Endpoints
    from kubewire.cloud.kubernetes_nodes import Nodes
    from kubewire.cloud.kubernetes_services import Services
    from kubewire.cloud.sessions import Sessions
    from kubewire.resources.auto_scaling_groups import AutoScalingApi

QUOTAS_PATIENCE_SECONDS = 5.0
"""How long a call to Service Quotas is tried. Defaults stand in for it, so a plan doesn't wait for one that is down, or
for an emulator without it."""


class AwsCloud:
    """A `kubewire.functions.base.PlanCloud` for one account and region, and one cluster."""

    def __init__(self, config: CloudConfig, clock: SystemClock | None = None) -> None:
        self.config = config
        self.clock = clock or SystemClock()
        self.zones = ZoneLists()
        self._making = threading.Lock()

    @cached_property
    def ec2(self) -> EC2Client:
        """Networks and machines."""
        return cast("EC2Client", self._client("ec2"))

    @cached_property
    def elbv2(self) -> ElasticLoadBalancingv2Client:
        """Load balancers."""
        return cast("ElasticLoadBalancingv2Client", self._client("elbv2"))

    @cached_property
    def autoscaling(self) -> AutoScalingApi:
        """Groups of machines that others make."""
        return cast("AutoScalingApi", self._client("autoscaling"))

    @cached_property
    def route53(self) -> Route53Client:
        """DNS."""
        return cast("Route53Client", self._client("route53"))

    @cached_property
    def service_quotas(self) -> ServiceQuotasClient:
        """What the account may have."""
        return cast("ServiceQuotasClient", self._client("service-quotas", QUOTAS_PATIENCE_SECONDS))

    @cached_property
    def services(self) -> ServiceStatuses:
        """Status of Kubernetes Services."""
        from kubewire.cloud.kubernetes import ServiceStatuses  # noqa: PLC0415 - see above

        return ServiceStatuses(self.config.kubeconfig, self.config.context, self.clock)

    @cached_property
    def nodes(self) -> Nodes:
        """The cluster's nodes."""
        from kubewire.cloud.kubernetes_nodes import Nodes  # noqa: PLC0415 - see above

        return Nodes(self.config.kubeconfig, self.config.context, self.clock)

    @cached_property
    def endpoints(self) -> Endpoints:
        """What is behind the cluster's Services."""
        from kubewire.cloud.kubernetes_endpoints import Endpoints  # noqa: PLC0415 - see above

        return Endpoints(self.config.kubeconfig, self.config.context, self.clock)

    @cached_property
    def cluster_services(self) -> Services:
        """The cluster's Services and namespaces."""
        from kubewire.cloud.kubernetes_services import Services  # noqa: PLC0415 - see above

        return Services(self.config.kubeconfig, self.config.context, self.clock)

    @cached_property
    def _sessions(self) -> Sessions:
        from kubewire.cloud.sessions import Sessions  # noqa: PLC0415 - see above

        return Sessions(self.config)

    def region(self) -> str | None:
        """Give the region of every call, None if nothing says one."""
        return self.config.region or region_of_environment() or self._sessions.region

    def _client(self, service: str, *patience: float) -> object:
        # Making clients isn't thread-safe.
        with self._making:
            return self._sessions.client(service, self.clock, *patience)
