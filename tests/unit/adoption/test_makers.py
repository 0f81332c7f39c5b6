from __future__ import annotations

import pytest

from kubewire.adoption.makers import Maker, is_own_group, maker_of
from kubewire.errors import InvalidInputError
from tests.unit.adoption.things import balancer, guard

PROVIDER = {"kubernetes.io/cluster/main": "owned", "kubernetes.io/service-name": "shop/web"}


def test_a_controller_is_known_by_its_tags() -> None:
    assert maker_of(balancer(), "shop/web") is Maker.CONTROLLER
    assert maker_of(balancer(tags=PROVIDER), "shop/web") is Maker.PROVIDER


@pytest.mark.parametrize(
    ("tags", "said"),
    [
        ({}, "no controller made k8s-shop-web for it"),
        ({"elbv2.k8s.aws/cluster": "c", "service.k8s.aws/stack": "shop/api"}, "service.k8s.aws/stack=shop/api"),
        ({"elbv2.k8s.aws/cluster": "c", "ingress.k8s.aws/stack": "shop/web"}, "no controller made"),
        ({"kubernetes.io/service-name": "shop/web"}, "no controller made"),
        ({**PROVIDER, "kubernetes.io/service-name": "shop/api"}, "kubernetes.io/service-name=shop/api"),
    ],
)
def test_one_that_no_controller_made_for_the_service_is_refused(tags: dict[str, str], said: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        maker_of(balancer(tags=tags), "shop/web")
    assert said in str(caught.value)


def test_an_application_load_balancer_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="is of type application"):
        maker_of(balancer(Type="application"), "shop/web")


def test_a_group_that_others_use_is_not_the_services_own() -> None:
    assert is_own_group(guard(), "shop/web")
    assert not is_own_group(guard(), "shop/api")
    assert not is_own_group(guard(**{"service.k8s.aws/resource": "backend-sg"}), "shop/web")
