"""Every mistake in an environment file gives one clear error with its path, before anything is asked of anyone."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from pulumi.runtime.config import set_all_config

from kubewire.errors import InvalidInputError
from settings import Settings

ENVIRONMENTS = Path(__file__).parents[3] / "infra" / "environments"
Config = dict[str, Any]


def environment(name: str) -> Config:
    config: Config = yaml.safe_load((ENVIRONMENTS / f"Pulumi.{name}.yaml").read_text())["config"]
    return config


def read(config: Config, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Read settings as the engine passes them: structured values as JSON."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setattr("settings.get_stack", lambda: "dev")
    set_all_config({key: value if isinstance(value, str) else json.dumps(value) for key, value in config.items()})
    return Settings.read()


@pytest.mark.parametrize("name", ["dev", "staging", "prod"])
def test_every_environment_is_well_formed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(environment(name), monkeypatch)
    assert settings.network.region == "eu-west-1"
    assert settings.embedded is (name == "dev")


def network(**changes: Any) -> Callable[[Config], None]:
    return lambda config: config["cluster:network"].update(changes)


def node(index: int, /, **changes: Any) -> Callable[[Config], None]:
    return lambda config: config["cluster:network"]["nodes"][index].update(changes)


def service(name: str, /, **changes: Any) -> Callable[[Config], None]:
    def change(config: Config) -> None:
        next(item for item in config["cluster:services"] if item["name"] == name).update(changes)

    return change


def port(name: str, /, **changes: Any) -> Callable[[Config], None]:
    def change(config: Config) -> None:
        next(item for item in config["cluster:services"] if item["name"] == name)["ports"][0].update(changes)

    return change


def key(name: str, value: Any) -> Callable[[Config], None]:
    return lambda config: config.update({name: value})


def without(*path: str | int) -> Callable[[Config], None]:
    def change(config: Config) -> None:
        inner: Any = config
        for part in path[:-1]:
            inner = inner[part]
        del inner[path[-1]]

    return change


MISTAKES = {
    "pods overlap the VPC": (network(pods={"cidr": "10.0.128.0/20"}), "network.pods.cidr", "overlaps cidr 10.0.0.0/16"),
    "Services overlap the VPC": (network(serviceCidr="10.0.0.0/20"), "network.serviceCidr", "overlaps cidr"),
    "Services overlap pods": (network(serviceCidr="100.64.0.0/20"), "network.serviceCidr", "overlaps pods.cidr"),
    "pods where AWS never routes": (network(pods={"cidr": "169.254.0.0/16"}), "network.pods.cidr", "can't have"),
    "VPC too large": (network(cidr="10.0.0.0/8"), "network.cidr", "/16 to /22"),
    "VPC too small": (network(cidr="10.0.0.0/24"), "network.cidr", "/16 to /22"),
    "VPC with host bits": (network(cidr="10.0.0.1/16"), "network.cidr", "10.0.0.1/16"),
    "VPC is no range": (network(cidr="ten"), "network.cidr", "IPv4"),
    "zone of another region": (
        network(zones=["eu-west-1a", "eu-west-2b"]),
        "network.zones[1]",
        "eu-west-2b is not in eu-west-1",
    ),
    "zone twice": (network(zones=["eu-west-1a", "eu-west-1a"]), "network.zones[1]", "twice"),
    "zone is no zone": (network(zones=["Ireland"]), "network.zones[0]", "pattern"),
    "no zone": (network(zones=[]), "network.zones", "at least 1"),
    "seven zones": (network(zones=[f"eu-west-1{letter}" for letter in "abcdefg"]), "network.zones", "at most 6"),
    "unknown NAT": (network(nat="many"), "network.nat", "'none', 'single' or 'per-zone'"),
    "unknown key of the network": (network(subnets=3), "network.subnets", "unknown key"),
    "no name": (without("cluster:network", "name"), "network.name", "required"),
    "upper-case name": (network(name="Shop"), "network.name", "pattern"),
    "reserved tag": (network(tags={"aws:x": "1"}), "network.tags.aws:x", "set by AWS"),
    "domain is no name": (network(domain="shop_internal"), "network.domain", "pattern"),
    "empty range of node ports": (network(nodePorts={"first": 31000, "last": 30000}), "network.nodePorts", "no range"),
    "the world as a range": (network(egress=["0.0.0.0/0"]), "network.egress[0]", "anywhere"),
    "node in a zone apart": (node(0, zone="eu-west-1d"), "network.nodes[0].zone", "no zone eu-west-1d"),
    "two nodes of one name": (node(1, name="node-a"), "network.nodes[1].name", "two nodes node-a"),
    "two nodes, one pod range": (node(1, podCidr="100.64.0.0/24"), "network.nodes[1].podCidr", "belongs to node-a"),
    "pod range outside": (node(0, podCidr="100.70.0.0/24"), "network.nodes[0].podCidr", "Choose a /24"),
    "pod range of another size": (node(0, podCidr="100.64.0.0/23"), "network.nodes[0].podCidr", "Choose a /24"),
    "image is no AMI": (node(0, image="ubuntu"), "network.nodes[0].image", "pattern"),
    "unknown key of a node": (node(0, zones="x"), "network.nodes[0].zones", "unknown key"),
    "node port below the range": (port("frontend", nodePort=29999), "services[0].ports[0].nodePort", "30000 to 32767"),
    "node port above the range": (port("frontend", nodePort=32768), "services[0].ports[0].nodePort", "30000 to 32767"),
    "node port of another Service": (
        port("frontend-admin", nodePort=30080),
        "services[1].ports[0].nodePort",
        "belongs to shop/frontend already",
    ),
    "node port of another Service, other protocol": (
        port("frontend-admin", nodePort=30080, protocol="UDP"),
        "services[1].ports[0].nodePort",
        "whatever the protocol",
    ),
    "node port twice in one Service": (
        service(
            "frontend-admin",
            ports=[{"name": "a", "port": 1, "nodePort": 30081}, {"name": "b", "port": 2, "nodePort": 30081}],
        ),
        "services[1].ports[1].nodePort",
        "twice",
    ),
    "port 0": (port("adservice", port=0), "services[2].ports[0].port", "greater than or equal to 1"),
    "port 65536": (port("adservice", port=65536), "services[2].ports[0].port", "less than or equal to 65535"),
    "node port on ClusterIP": (
        port("adservice", nodePort=30090),
        "services[2].ports[0].nodePort",
        "unknown key",
    ),
    "unknown protocol": (port("adservice", protocol="HTTP"), "services[2].ports[0].protocol", "TCP"),
    "LoadBalancer without a port": (service("frontend", ports=[]), "services[0].ports", "at least 1"),
    "LoadBalancer that forgot its ports": (
        without("cluster:services", 0, "ports"),
        "services[0].ports",
        "required",
    ),
    "LoadBalancer without a scheme": (
        without("cluster:services", 0, "scheme"),
        "services[0].scheme",
        "required",
    ),
    "LoadBalancer without sources": (
        without("cluster:services", 0, "sources"),
        "services[0].sources",
        "required",
    ),
    "NodePort open to the world by range": (
        service("frontend-admin", sources=["0.0.0.0/0"]),
        "services[1].sources[0]",
        "Write `anywhere`",
    ),
    "several ports, one without a name": (
        service("frontend", ports=[{"port": 80}, {"name": "b", "port": 81}]),
        "services[0].ports[0].name",
        "without a name",
    ),
    "the same port twice": (
        service("adservice", ports=[{"name": "a", "port": 80}, {"name": "b", "port": 80}]),
        "services[2].ports[1].port",
        "80/TCP is there twice",
    ),
    "no selector": (service("adservice", selector={}), "services[2].selector", "at least 1"),
    "region of the network apart from the provider's": (
        network(region="us-east-1", zones=["us-east-1a"], nodes=[]),
        "network.region",
        "us-east-1 is another region",
    ),
    "half of the internet as a range": (network(egress=["0.0.0.0/1"]), "network.egress[0]", "large part"),
    "tag that load balancers refuse": (network(tags={"team": "a&b"}), "network.tags.team", "pattern"),
    "two Services of one name": (service("frontend-admin", name="frontend"), "services[1].name", "two Services"),
    "name with a dot": (service("adservice", name="ad.service"), "services[2].name", "pattern"),
    "unknown type": (service("adservice", type="Headless"), "services[2]", "ClusterIP"),
    "ExternalName is an address": (
        service("bank", externalName="203.0.113.7"),
        "services[12].externalName",
        "203.0.113.7 is an IP address",
    ),
    "ExternalName is an IPv6 address": (
        service("bank", externalName="2001:db8::1"),
        "services[12].externalName",
        "is an IP address",
    ),
    "ExternalName with ports": (
        service("bank", ports=[{"port": 443}]),
        "services[12].ports",
        "has no ports",
    ),
    "ExternalName with a port in the name": (
        service("bank", externalName="bank.example.com:443"),
        "services[12].externalName",
        "no DNS name",
    ),
    "record without a zone": (without("cluster:network", "domain"), "services[12].cname.zone", "no zone"),
    "VPC where no machine can be": (network(cidr="169.254.0.0/16"), "network.cidr", "can't have addresses"),
    "Services where no machine can be": (network(serviceCidr="224.0.0.0/16"), "network.serviceCidr", "can't have"),
    "pods of all nodes less than one's": (
        network(pods={"cidr": "100.64.0.0/25"}),
        "network.pods.nodePrefix",
        "no part of size /24",
    ),
    "network named like a group's id": (network(name="sg-shop"), "network.name", "no network can be named"),
    "more tags than AWS takes": (
        network(tags={f"key-{number}": "x" for number in range(48)}),
        "network.tags",
        "at most 47",
    ),
    "more nodes than routes": (network(quotas={"routesPerTable": 3}), "network.nodes", "4 routes are too many"),
    "more ways out than rules": (
        network(quotas={"rulesPerGroup": 2}),
        "network.egress",
        "3 rules are too many",
    ),
    "a quota above the highest": (
        network(quotas={"rulesPerGroup": 1001}),
        "network.quotas.rulesPerGroup",
        "less than or equal to 1000",
    ),
    "size that is none": (node(0, instanceType="large"), "network.nodes[0].instanceType", "pattern"),
    "more sources than rules": (
        service("frontend-admin", sources=[f"10.8.{number}.0/24" for number in range(60)]),
        "services[1]",
        "63 rules are too many for the security group of the nodes",
    ),
    "more sources than a load balancer takes": (
        service("frontend", sources=[f"10.8.{number}.0/24" for number in range(61)]),
        "services[0].sources",
        "61 rules are too many for the security group of the load balancer",
    ),
    "one listener for two protocols": (
        service("frontend", ports=[{"name": "a", "port": 53}, {"name": "b", "port": 53, "protocol": "UDP"}]),
        "services[0].ports[1].port",
        "another protocol",
    ),
    "label that is none": (service("adservice", labels={"app": "two words"}), "services[2].labels.app", "no value"),
    "selector that is none": (service("adservice", selector={"-app": "x"}), "services[2].selector.-app", "no key"),
    "ExternalName is a mistaken address": (
        service("bank", externalName="203.0.113.256"),
        "services[12].externalName",
        "no DNS name",
    ),
    "record that leads to itself": (
        service("bank", externalName="bank.shop.internal"),
        "services[12].cname.name",
        "would lead to itself",
    ),
    "unknown key of the program": (key("cluster:netwrok", {}), "netwrok", "unknown key"),
    "unknown namespace of keys": (key("clutser:network", {}), "clutser:network", "unknown key"),
    "no network": (without("cluster:network"), "network", "required"),
    "network is text": (key("cluster:network", "shop"), "network", "dictionary"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistake_is_named_with_its_path(mistake: str, monkeypatch: pytest.MonkeyPatch) -> None:
    change, path, words = MISTAKES[mistake]
    config = copy.deepcopy(environment("dev"))
    change(config)
    with pytest.raises(InvalidInputError) as caught:
        read(config, monkeypatch)
    lines = str(caught.value).splitlines()
    assert lines[0] == "one mistake in infra/environments/Pulumi.dev.yaml"
    assert lines[1].startswith(f"{path}: ")
    assert words in "\n".join(lines[1:])


def test_all_mistakes_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    config = environment("dev")
    config["cluster:network"]["nat"] = "many"
    config["cluster:network"]["zones"] = []
    with pytest.raises(InvalidInputError, match="2 mistakes"):
        read(config, monkeypatch)


def test_region_must_be_written_down(monkeypatch: pytest.MonkeyPatch) -> None:
    config = environment("dev")
    del config["kubewire:region"]
    with pytest.raises(InvalidInputError, match="kubewire:region: required, but not given"):
        read(config, monkeypatch)


def test_dev_is_refused_on_real_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all_config(
        {key: value if isinstance(value, str) else json.dumps(value) for key, value in environment("dev").items()}
    )
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with pytest.raises(InvalidInputError, match="belongs on the embedded cloud"):
        Settings.read()
