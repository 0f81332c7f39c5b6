"""What a provider function is: typed arguments, a typed result, and one method that only looks.

The engine calls functions in every plan, a preview too, so they change nothing and may be repeated at will.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar, Generic, Protocol, TypeVar

from kubewire.forecast.planned import Planned
from kubewire.functions.kubernetes_endpoints import EndpointsApi
from kubewire.functions.kubernetes_nodes import NodesApi
from kubewire.functions.kubernetes_services import ServicesApi
from kubewire.model import Model
from kubewire.resources.base import PACKAGE, Cloud
from kubewire.seen import Seen

if TYPE_CHECKING:
    from types_boto3_service_quotas import ServiceQuotasClient


class PlanCloud(Cloud, Protocol):
    """The APIs that functions call: those of the verbs, and four that only plans read."""

    @property
    def service_quotas(self) -> ServiceQuotasClient:
        """What the account may have."""

    @property
    def nodes(self) -> NodesApi:
        """The cluster's nodes."""

    @property
    def endpoints(self) -> EndpointsApi:
        """What is behind the cluster's Services."""

    @property
    def cluster_services(self) -> ServicesApi:
        """The cluster's Services and namespaces."""


ArgsT = TypeVar("ArgsT", bound=Model)
ResultT = TypeVar("ResultT", bound=Model)


class Function(ABC, Generic[ArgsT, ResultT]):
    """One question that a program may ask while it plans.

    Attributes:
        cloud: what is there.
        planned: what the engine has previewed so far.
        seen: the resources that it has shown so far.
    """

    Args: ClassVar[type[Model]]
    Result: ClassVar[type[Model]]

    def __init__(self, cloud: PlanCloud, planned: Planned | None = None, seen: Seen | None = None) -> None:
        self.cloud = cloud
        self.planned = planned or Planned()
        self.seen = seen or Seen()

    @classmethod
    def token(cls) -> str:
        """Give the function's name in Pulumi programs, `kubewire:index:getVpc`."""
        return f"{PACKAGE}:index:{cls.__name__[0].lower()}{cls.__name__[1:]}"

    @abstractmethod
    def run(self, args: ArgsT) -> ResultT:
        """Look, and give what is there.

        Raises:
            InvalidInputError: what the arguments name isn't there, or isn't one; its path is the argument's.
            CloudError: an API refused or failed.
        """
