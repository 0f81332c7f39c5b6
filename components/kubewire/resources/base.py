"""What a custom resource is: typed inputs, typed state, and five verbs.

The verbs are small on purpose. `create` is one call that makes the object, already tagged; all that can be changed
later belongs into `converge`, which both a create and an update end with. So a create that dies half-way leaves an
object that the next run finds by its tags and finishes.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeVar
from uuid import uuid4

from pydantic import Field

from kubewire.deferred import UNKNOWN
from kubewire.errors import InvalidInputError
from kubewire.model import Model, Tags
from kubewire.resources.calls import Calls, made_or_retagged
from kubewire.resources.zone_records import ZoneLists

if TYPE_CHECKING:
    from types_boto3_ec2 import EC2Client
    from types_boto3_elbv2 import ElasticLoadBalancingv2Client
    from types_boto3_route53 import Route53Client

    from kubewire.resources.auto_scaling_groups import AutoScalingApi

PACKAGE = "kubewire"
STACK_TAG = "kubewire:stack"
RESOURCE_TAG = "kubewire:resource"
STATE_TAG = "kubewire:state"
OWNER_TAGS = (STACK_TAG, RESOURCE_TAG, STATE_TAG)
TAGS_OF_AWS = 50
"""https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions"""
GONE = "Gone"
"""A code of our own: what an operation is about isn't there, or died, and looking again won't help."""


@dataclass(frozen=True)
class Owner:
    """Who declared an object; written on it as tags.

    Attributes:
        stack: `project/stack`.
        resource: the resource in its stack, parents first; unique there.
        state: the id of the state that it is declared in; None where nobody has drawn one.
    """

    stack: str
    resource: str
    state: str | None = None

    def tags(self) -> dict[str, str]:
        """Give the ownership tags."""
        tags = {STACK_TAG: self.stack, RESOURCE_TAG: self.resource}
        return tags | ({STATE_TAG: self.state} if self.state else {})


class Clock(Protocol):
    """Time, as far as verbs need it."""

    def sleep(self, seconds: float) -> None:
        """Wait. Raises InterruptedError when the engine asks to stop."""

    def time(self) -> float:
        """Seconds, from any beginning."""


class ServiceStatusApi(Protocol):
    """The part of the Kubernetes API that the cloud provider of a cluster would use."""

    def read_hostnames(self, namespace: str, service: str) -> tuple[str, ...] | None:
        """Give the host names in a Service's load balancer status; None if there is no such Service."""

    def write_hostnames(self, namespace: str, service: str, hostnames: tuple[str, ...]) -> None:
        """Make these the host names in a Service's load balancer status. Raises NotFoundError without it."""


class Cloud(Protocol):
    """The APIs that verbs call.

    Every client's calls answer whole (pages are joined), are retried where that is safe, and raise
    `kubewire.errors.CloudError`s alone.
    """

    @property
    def ec2(self) -> EC2Client:
        """Networks and machines."""

    @property
    def elbv2(self) -> ElasticLoadBalancingv2Client:
        """Load balancers."""

    @property
    def autoscaling(self) -> AutoScalingApi:
        """Groups of machines that others make."""

    @property
    def route53(self) -> Route53Client:
        """DNS."""

    def region(self) -> str | None:
        """Give the region of every call, None if nothing says one."""

    @property
    def zones(self) -> ZoneLists:
        """What is in hosted zones, as plans remember it."""

    @property
    def services(self) -> ServiceStatusApi:
        """Status of Kubernetes Services."""

    @property
    def clock(self) -> Clock:
        """Waiting between two looks at an object."""


class NamedArgs(Model):
    """Inputs of an object that bears a Name and tags."""

    name: str = Field(min_length=1, max_length=255)
    """The Name tag: what people and references call it."""
    tags: Tags = {}
    """More tags; the provider's default tags and the ownership tags are added to them."""


ArgsT = TypeVar("ArgsT", bound=Model)
StateT = TypeVar("StateT", bound=Model)


class Resource(ABC, Generic[ArgsT, StateT]):
    """One kind of object. The state has every field of the inputs, and what AWS adds to them."""

    Args: ClassVar[type[Model]]
    State: ClassVar[type[Model]]
    most_tags: ClassVar[int] = TAGS_OF_AWS - len(OWNER_TAGS) - 1
    """Tags that an object has room for, beside its Name and its owner's."""

    def __init__(self, cloud: Cloud, owner: Owner) -> None:
        self.cloud = cloud
        self.owner = owner
        # AWS makes one object of all calls with one token, so a call whose answer was lost may be made again.
        self.client_token = uuid4().hex

    @classmethod
    def token(cls) -> str:
        """Give the type's name in Pulumi programs and states."""
        return f"{PACKAGE}:index:{cls.__name__}"

    @classmethod
    def refuse_change(cls, old: Mapping[str, Any], new: ArgsT) -> list[InvalidInputError]:
        """Say what of a change must not happen, though either inputs are right: the plan ends with it.

        Args:
            old: the last run's inputs in wire form, as whichever kubewire wrote them.
            new: the inputs that are to be; may hold unknowns.
        """
        return []

    def refuse_present(self, old: Mapping[str, Any] | None, new: ArgsT) -> list[InvalidInputError]:
        """Say what of new inputs can't be because of what others have made; asked in every plan, so it only looks.

        Args:
            old: the last run's inputs in wire form, as whichever kubewire wrote them; None without one.
            new: the inputs that are to be; may hold unknowns.
        """
        return []

    @classmethod
    def foresee(cls, old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> dict[str, Any]:
        """Give what AWS adds to the inputs, as far as it is known before an apply.

        Here that is what AWS said last; a set says it of the members that stay, and `UNKNOWN` of the others.

        Args:
            old: the last state in wire form; None before a create.
            new: checked inputs in wire form; may hold unknowns.
        """
        inputs = {field.alias or name for name, field in cls.Args.model_fields.items()}
        states = [field.alias or name for name, field in cls.State.model_fields.items()]
        return {name: (old or {}).get(name, UNKNOWN) for name in states if name not in inputs}

    @classmethod
    def calls(cls, old: StateT | None, new: ArgsT) -> Calls:
        """Count AWS's calls that bring an object from its last state to new inputs, those alone that change something.

        Here that is one call that makes it, `ec2:Create…`, or those that change its tags.

        Args:
            old: the last state; None before a create.
            new: checked inputs; may hold unknowns.
        """
        action = f"ec2:Create{cls.__name__}"
        if isinstance(new, NamedArgs):
            return made_or_retagged(action, old if isinstance(old, NamedArgs) else None, new)
        return Counter() if old else Counter({action: 1})

    def find(self, args: ArgsT) -> list[str]:
        """Give the ids of objects that this owner made, whether or not a state knows of them."""
        return []

    @abstractmethod
    def create(self, args: ArgsT) -> str:
        """Make the object, with its tags, in one call; give its id."""

    @abstractmethod
    def read(self, object_id: str, known: ArgsT | None) -> StateT | None:
        """Give the object as it is, None if it's gone.

        Args:
            object_id: as `create` gave it, or as a user wrote it in `pulumi import`.
            known: the inputs of the last run; None in an import. Sets with several owners read their own rows by it.
        """

    @abstractmethod
    def converge(self, object_id: str, old: StateT, new: ArgsT) -> StateT:
        """Bring an object from its old state to new inputs; give the new state."""

    @abstractmethod
    def delete(self, object_id: str, state: StateT) -> None:
        """Remove the object, or this owner's rows of it. Raises NotFoundError if it's gone, which is fine."""
