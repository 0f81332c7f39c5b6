"""What `docs/services` says is so: short and whole programs, pictures and tables of today, refusals as they are.

The programs are deployed, and the questions asked, by tests/e2e/test_services_pages.py.
"""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass

import pytest

from kubewire import InvalidInputError
from tests.pictures.fields import ROW, rewritten
from tests.pictures.pages import FOLDER, PAGES, declared, page, program
from tests.pictures.parts import Parts
from tests.pictures.picture import Owner
from tests.pictures.story import picture
from tests.pictures.svg import svg

MOST_LINES = 30


@dataclass(frozen=True)
class Mistake:
    """A change of a page's program, and what is said of it."""

    page: str
    old: str
    new: str
    said: str


MISTAKES = [
    Mistake("cluster-ip", "(kw.ServicePort(port=80, target_port=8080),)", "()", "a Service has at least 1 port"),
    Mistake(
        "cluster-ip",
        "(kw.ServicePort(port=80, target_port=8080),)",
        "(kw.ServicePort(name='a', port=80), kw.ServicePort(name='b', port=80))",
        "80/TCP is there twice",
    ),
    Mistake(
        "cluster-ip", 'e="catalog",', 'e="catalog", cluster_ip="10.97.0.9",', "10.97.0.9 is no address for a Service"
    ),
    Mistake("cluster-ip", 'selector={"app": "catalog"},', "", "selector: required, but not given"),
    Mistake("node-port", 'sources=("10.0.0.0/16",),', "", "sources: required, but not given"),
    Mistake("node-port", "32080", "3208", "3208 is no node port"),
    Mistake(
        "node-port",
        ".node_ports)",
        ".node_ports)\nkw.NodePortService(admin.model_copy(update={'name': 'again', 'dns': ()}), network)",
        "32080 belongs to default/admin already",
    ),
    Mistake("node-port", "port=80,", "port=80, protocol=kw.PortProtocol.SCTP,", "SCTP can't be let in"),
    Mistake("load-balancer", "scheme=kw.Scheme.INTERNET_FACING,", "", "scheme: required, but not given"),
    Mistake(
        "load-balancer",
        "ports=(kw.LoadBalancerServicePort(port=443,",
        "preserve_client_ip=False, ports=(kw.LoadBalancerServicePort(port=443, protocol=kw.PortProtocol.UDP,",
        "UDP keeps the client's address",
    ),
    Mistake("load-balancer", 'kw.DnsAlias(name="www"', 'kw.DnsCname(name="@"', "no CNAME at a zone's apex"),
    Mistake(
        "load-balancer",
        "node_port=32443),",
        "node_port=32443, name='a'), kw.LoadBalancerServicePort(port=80, node_port=32443, name='b'),",
        "32443 is there twice",
    ),
    Mistake("external-name", "payments.example.com", "10.1.2.3", "10.1.2.3 is an IP address, not a name"),
    Mistake("external-name", 'e="bank",\n', 'e="bank", ports=(),\n', "an ExternalName Service has no ports"),
    Mistake("external-name", "payments.example.com", "bank.shop.internal", "bank.shop.internal would lead to itself"),
    Mistake("external-name", 'domain="shop.internal",', "", "there is no zone for the record"),
]


@pytest.mark.parametrize("name", PAGES)
def test_the_program_is_short_and_well_written(name: str) -> None:
    source = program(name)
    assert len(source.splitlines()) <= MOST_LINES
    ruff = [sys.executable, "-m", "ruff", "format", "--line-length", "120", "--check", "-"]
    subprocess.run(ruff, input=source, text=True, check=True, capture_output=True)  # noqa: S603 - our own formatter


def test_all_programs_have_the_same_network() -> None:
    assert len({program(name).partition("network = ")[0] for name in PAGES}) == 1


def test_the_last_lines_of_all_may_follow_the_network_in_one_file() -> None:
    head, line, _ = program("cluster-ip").partition("network = kw.ClusterNetwork(args)\n")
    services = declared(head + line + "".join(program(name).partition(line)[2] for name in PAGES)).of("Service")
    assert sorted(made["spec"]["type"] for made in services.values()) == [
        "ClusterIP",
        "ExternalName",
        "LoadBalancer",
        "NodePort",
    ]


@pytest.mark.parametrize("name", PAGES)
def test_the_picture_is_of_what_the_program_declares(name: str) -> None:
    """If it isn't: `python -m tests.pictures` draws it again."""
    assert (FOLDER / f"{name}.svg").read_text() == svg(picture(Parts(declared(program(name)))))
    assert f"]({name}.svg)" in page(name)


@pytest.mark.parametrize("name", PAGES)
def test_everything_of_the_service_is_on_its_picture(name: str) -> None:
    parts = Parts(declared(program(name)))
    drawn = picture(parts)
    rules = [rule for arrow in drawn.arrows for rule in arrow.rules]
    assert sorted(rules) == sorted(str(rule) for rule in parts.rules)
    names = {"".join(box.name) for box in drawn.boxes.values()}
    assert {record.name for record in parts.records} <= names
    assert parts.label in names
    there = {kind for kinds in drawn.made.values() for kind in kinds}
    assert ("NetworkLoadBalancer" in there) == ("balancer" in drawn.boxes)
    assert "Service" in drawn.made[Owner.KUBERNETES]


def test_another_program_has_another_picture() -> None:
    changed = program("load-balancer").replace("32443", "32555").replace("kw.ANYWHERE", '"10.9.0.0/16"')
    words = svg(picture(Parts(declared(changed))))
    assert "32555" in words
    assert "10.9.0.0/16" in words
    assert "32443" not in words


@pytest.mark.parametrize("name", PAGES)
def test_the_table_is_what_the_models_say(name: str) -> None:
    """If it isn't: `python -m tests.pictures` fills it again."""
    assert rewritten(name, page(name)) == page(name)
    assert len(ROW.findall(page(name))) > 5


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: f"{mistake.page}: {mistake.said}")
def test_what_is_refused_is_refused(mistake: Mistake) -> None:
    source = program(mistake.page)
    assert mistake.old in source
    with pytest.raises(InvalidInputError, match=re.escape(mistake.said)):
        declared(source.replace(mistake.old, mistake.new, 1))


@pytest.mark.parametrize("name", PAGES)
def test_every_refusal_is_tried(name: str) -> None:
    listed = re.findall(r"^- `([^`]+)`:", page(name), re.MULTILINE)
    assert listed
    assert listed == [mistake.said for mistake in MISTAKES if mistake.page == name]


def test_the_shared_load_balancer_is_one_and_ends_tls() -> None:
    _, fragment = re.findall(r"```python\n(.*?)```", page("load-balancer"), re.DOTALL)
    made = declared(program("load-balancer") + fragment)
    assert len(made.of("NetworkLoadBalancer")) == 2
    shared = [item for item in made.of("Listener").values() if item["protocol"] == "TLS"]
    assert sorted(int(item["port"]) for item in shared) == [443, 8443]
    assert len({item["loadBalancer"]["name"] for item in shared}) == 1


@pytest.mark.parametrize("name", [*PAGES, "README"])
def test_every_link_leads_somewhere(name: str) -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)", page(name))
    assert links
    assert [link for link in links if not (FOLDER / link).exists()] == []
