"""One API call as a rule sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias, TypeVar

from moto.core.model import OperationModel
from moto.core.responses import BaseResponse
from moto.ec2.models import EC2Backend, ec2_backends
from moto.elbv2.models import ELBv2Backend, elbv2_backends
from moto.route53.models import Route53Backend, route53_backends

from kubewire.local.aws.durations import Duration
from kubewire.local.aws.emulator import Emulator
from kubewire.local.aws.quotas import Quota

Answer: TypeAlias = dict[str, Any]
"""An operation's output by the names of the service's model, as boto3 returns it."""

Notes = TypeVar("Notes")


@dataclass(frozen=True)
class Call:
    """Who asks for what, and where.

    Attributes:
        emulator: the AWS that is asked.
        service: "ec2", "elbv2", "route53", "service-quotas" or "autoscaling".
        model: AWS's own description of the operation.
        parameters: by the names of the service's model, as boto3 takes them.
        account: its number.
        region: its name.
        access_key: who asks; None where the request isn't signed.
        view: moto's own view of the request.
    """

    emulator: Emulator
    service: str
    model: OperationModel
    parameters: Mapping[str, Any]
    account: str
    region: str
    access_key: str | None
    view: BaseResponse

    @property
    def operation(self) -> str:
        """The operation's name, such as CreateSubnet."""
        return str(self.model.name)

    @property
    def changes(self) -> bool:
        """Whether it changes anything, as AWS divides its operations for throttling."""
        return not self.operation.startswith(("Describe", "Get", "List", "Search"))

    @property
    def ec2(self) -> EC2Backend:
        """What moto has in EC2 for this account in this region. Look at moto.ec2.models for what that is."""
        return ec2_backends[self.account][self.region]

    @property
    def elbv2(self) -> ELBv2Backend:
        """The same of the load balancers: moto.elbv2.models."""
        return elbv2_backends[self.account][self.region]

    @property
    def route53(self) -> Route53Backend:
        """The same of Route53, which knows no regions: moto.route53.models."""
        return route53_backends[self.account]["aws"]

    def notes(self, kind: type[Notes]) -> Notes:
        """What is noted for this account and region beside moto. The kind is a dataclass of the one who notes it."""
        return self.emulator.notes(kind, self.account, self.region)

    def limit(self, quota: Quota) -> int:
        """How many of a thing there may be."""
        return self.emulator.settings.limit(quota)

    def later(self, duration: Duration, happens: Callable[[], None]) -> None:
        """Let something happen when that time has passed; never before this call has been answered."""
        self.emulator.schedule.later(self.emulator.settings.seconds(duration), happens)

    def with_parameters(self, parameters: Mapping[str, Any]) -> Call:
        """The same call with other parameters."""
        return replace(self, parameters=parameters)

    def without(self, *names: str) -> Call:
        """The same call without some of its parameters."""
        return self.with_parameters({name: value for name, value in self.parameters.items() if name not in names})
