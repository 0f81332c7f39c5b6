from __future__ import annotations

import pytest
from pydantic import ValidationError

from kubewire.deferred import UNKNOWN
from kubewire.errors import NotFoundError
from kubewire.provider.diff import compare
from kubewire.resources.base import Owner
from kubewire.resources.load_balancer_status import (
    LoadBalancerStatus,
    LoadBalancerStatusArgs,
    LoadBalancerStatusState,
)

ARGS = LoadBalancerStatusArgs(namespace="shop", service="web", hostnames=("shop.elb.example.net",))


class Services:
    """The status of one Service, None if it isn't there."""

    def __init__(self, hostnames: tuple[str, ...] | None) -> None:
        self.hostnames = hostnames
        self.writes = 0

    def read_hostnames(self, namespace: str, service: str) -> tuple[str, ...] | None:
        assert (namespace, service) == ("shop", "web")
        return self.hostnames

    def write_hostnames(self, namespace: str, service: str, hostnames: tuple[str, ...]) -> None:
        assert (namespace, service) == ("shop", "web")
        self.hostnames = hostnames
        self.writes += 1


class Cluster:
    """A cloud with a cluster and nothing else."""

    def __init__(self, hostnames: tuple[str, ...] | None) -> None:
        self.services = Services(hostnames)


def status(cluster: Cluster, owner: Owner) -> LoadBalancerStatus:
    return LoadBalancerStatus(cluster, owner)  # type: ignore[arg-type]  # it asks for nothing else


def state(hostnames: tuple[str, ...]) -> LoadBalancerStatusState:
    return LoadBalancerStatusState(namespace="shop", service="web", hostnames=hostnames)


def test_it_is_written_once(owner: Owner) -> None:
    cluster = Cluster(())
    resource = status(cluster, owner)
    object_id = resource.create(ARGS)
    assert object_id == "shop/web"
    old = resource.read(object_id, ARGS)
    assert old
    new = resource.converge(object_id, old, ARGS)
    assert cluster.services.hostnames == ARGS.hostnames
    resource.converge(object_id, new, ARGS)
    assert cluster.services.writes == 1


def test_a_service_that_is_made_anew_is_told_again(owner: Owner) -> None:
    cluster = Cluster(())
    resource = status(cluster, owner)
    first, second = (ARGS.model_copy(update={"uid": uid}) for uid in ("1", "2"))
    before = resource.converge("shop/web", state(()), first)
    cluster.services.hostnames = ()
    assert list(compare(LoadBalancerStatusArgs, before.to_wire(), second.to_wire()).changes) == ["uid"]
    resource.converge("shop/web", before, second)
    assert cluster.services.hostnames == ARGS.hostnames
    read = resource.read("shop/web", second)
    assert read
    assert read.uid == "2"


def test_a_hostname_that_somebody_changed_shows(owner: Owner) -> None:
    read = status(Cluster(("other.example.net",)), owner).read("shop/web", None)
    assert read
    assert list(compare(LoadBalancerStatusArgs, read.to_wire(), ARGS.to_wire()).changes) == ["hostnames"]


def test_it_is_gone_with_its_service(owner: Owner) -> None:
    resource = status(Cluster(None), owner)
    assert resource.read("shop/web", ARGS) is None
    with pytest.raises(NotFoundError):
        resource.delete("shop/web", state(ARGS.hostnames))


def test_deleting_it_clears_the_status(owner: Owner) -> None:
    cluster = Cluster(ARGS.hostnames)
    status(cluster, owner).delete("shop/web", state(ARGS.hostnames))
    assert cluster.services.hostnames == ()


def test_a_status_that_is_clear_is_left_alone(owner: Owner) -> None:
    cluster = Cluster(())
    status(cluster, owner).delete("shop/web", state(ARGS.hostnames))
    assert cluster.services.writes == 0


def test_names_are_checked_and_hostnames_may_come_later() -> None:
    given = {"namespace": "shop", "service": "web", "hostnames": [UNKNOWN]}
    assert LoadBalancerStatusArgs.model_validate(given).to_wire()["hostnames"] == [UNKNOWN]
    with pytest.raises(ValidationError):
        LoadBalancerStatusArgs.model_validate({**given, "namespace": "Shop/x"})
