"""The two commands of a newcomer, in a copy of the checkout with a home of its own: `make up` and `make down`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from kubewire.local.cloud import Cloud
from kubewire.local.record import Part
from tests.e2e.aws import clients, inventory
from tests.e2e.checkouts import Checkout


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Checkout]:
    made = Checkout(tmp_path)
    yield made
    # A test that failed half-way leaves it running.
    Cloud.stop(made.home)


def test_up_preview_and_down(checkout: Checkout) -> None:
    said = checkout.make("up")
    created = re.search(r"\+ (\d+) created", said)
    assert created is not None
    number = created[1]
    assert "kubectl get service" in said, "it says what to look at"
    cloud = Cloud.running(checkout.home)
    assert cloud is not None
    parts = [psutil.Process(cloud.record.parts[part].pid) for part in Part]
    with clients(cloud.environment(), "eu-west-1") as aws:
        assert [thing for thing in inventory(aws) if thing.stack == "cluster/dev"]

    assert f"{number} unchanged" in checkout.make("preview")
    assert f"{number} unchanged" in checkout.make("up"), "a newcomer may type it twice"

    said = checkout.make("down")
    assert f"- {number} deleted" in said
    assert not [part for part in parts if part.is_running() and part.status() != psutil.STATUS_ZOMBIE]
    assert checkout.processes() == []
    assert not checkout.home.record.exists()
    assert not checkout.home.runtime.exists()
    assert "Nothing is deployed" in checkout.make("down")


def test_env_is_all_that_a_shell_needs(checkout: Checkout) -> None:
    """`pulumi` as its documentation has it, after `eval "$(make env)"`."""
    checkout.make("cloud")
    said = checkout.typed('eval "$(make env)"\npulumi whoami --verbose\nprintenv')
    cloud = Cloud.running(checkout.home)
    assert cloud is not None
    assert checkout.home.state.as_uri() in said
    assert f"AWS_ENDPOINT_URL={cloud.aws_endpoint}" in said
    assert f"KUBECONFIG={cloud.kubeconfig}" in said
    checkout.make("down")
    assert checkout.processes() == []
