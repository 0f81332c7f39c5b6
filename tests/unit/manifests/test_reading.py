"""Specs, field by field; what a cluster wrote into them; overrides; and errors that lead to the file's line."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from kubewire import ANYWHERE, AUTO, HEADLESS, NO_SELECTOR, Overrides
from kubewire.errors import InvalidInputError
from kubewire.manifests.exported import LAST_APPLIED
from kubewire.manifests.reading import place_of
from kubewire.services.common import ServiceArgs
from tests.unit.manifests.reading import AWS, SAID, Wire, mistakes, one, read, service


def test_fields_of_kubernetes_are_kept() -> None:
    found = one(
        service(
            "NodePort",
            clusterIP="10.96.0.7",
            clusterIPs=["10.96.0.7"],
            ipFamilies=["IPv4"],
            ipFamilyPolicy="SingleStack",
            sessionAffinity="ClientIP",
            sessionAffinityConfig={"clientIP": {"timeoutSeconds": 60}},
            internalTrafficPolicy="Local",
            externalTrafficPolicy="Local",
            trafficDistribution="PreferClose",
            publishNotReadyAddresses=True,
            ports=[
                {
                    "name": "dns",
                    "port": 53,
                    "targetPort": "dns",
                    "protocol": "UDP",
                    "nodePort": 30053,
                    "appProtocol": "dns",
                }
            ],
        )
    ).to_wire()
    assert [str(item) for item in found["clusterIP"]] == ["10.96.0.7"]
    assert (found["ipFamilies"], found["ipFamilyPolicy"]) == (["IPv4"], "SingleStack")
    assert found["sessionAffinity"] == {"kind": "ClientIP", "timeoutSeconds": 60}
    assert (found["internalTrafficPolicy"], found["externalTrafficPolicy"]) == ("Local", "Local")
    assert (found["trafficDistribution"], found["publishNotReadyAddresses"]) == ("PreferClose", True)
    assert found["ports"] == [
        {"name": "dns", "port": 53, "targetPort": "dns", "protocol": "UDP", "appProtocol": "dns", "nodePort": 30053}
    ]


def test_what_is_empty_is_not_written() -> None:
    plain = one(service())
    empty: Wire = {"externalIPs": [], "loadBalancerIP": "", "clusterIP": "", "sessionAffinity": "", "ipFamilies": None}
    assert one(service(**empty, externalName="", type="")) == plain
    assert plain.cluster_ip is AUTO


def test_headless_and_without_a_selector() -> None:
    found = one(service(clusterIP="None", selector=None))
    assert (found.cluster_ip, found.selector) == (HEADLESS, NO_SELECTOR)


def test_two_addresses_are_one_of_each_family() -> None:
    both = ["10.96.0.7", "fd00:96::7"]
    found = one(service(clusterIP=both[0], clusterIPs=both, ipFamilyPolicy="RequireDualStack"))
    assert [str(item) for item in found.cluster_ip] == both


def test_an_external_name_is_a_name_and_nothing_else() -> None:
    found = read(service("ExternalName", externalName="pay.example.com"))
    assert found.services[0].to_wire()["externalName"] == "pay.example.com"
    assert sorted(warning.split(": ")[2] for warning in found.warnings) == ["spec.ports", "spec.selector"]


@pytest.mark.parametrize(
    ("spec", "path", "summary"),
    [
        ({"ports": [{"port": "80"}]}, "spec.ports[0].port", "this is text, not a number"),
        ({"ports": [{"port": True}]}, "spec.ports[0].port", "this is no number"),
        ({"ports": {"port": 80}}, "spec.ports", "this is no list"),
        ({"selector": {"app": 7}}, "spec.selector.app", "this is a number, not text"),
        ({"selector": {"app": True}}, "spec.selector.app", "this is true or false, not text"),
        ({"selector": "app"}, "spec.selector", "this is no mapping"),
        ({"publishNotReadyAddresses": "true"}, "spec.publishNotReadyAddresses", "this is no true or false"),
        ({"ports": [{"port": 80, "containerPort": 80}]}, "spec.ports[0].containerPort", "unknown field"),
        ({"replicas": 1}, "spec.replicas", "unknown field"),
        ({"externalIPs": ["192.0.2.1"]}, "spec.externalIPs", "takes other people's traffic"),
        ({"loadBalancerIP": "192.0.2.1"}, "spec.loadBalancerIP", "Kubernetes has given it up"),
        ({"ports": [{"port": 0}]}, "spec.ports[0].port", "required, but not given"),
        ({"ports": [{"port": 70000}]}, "spec.ports[0].port", "less than or equal to 65535"),
        ({"ports": []}, "spec.ports", "at least 1 port"),
        ({"ports": [{"port": 80}, {"port": 81}]}, "spec.ports[0].name", "a port without a name"),
        ({"ports": [{"port": 80, "targetPort": "8080"}]}, "spec.ports[0].targetPort", "no name of a port"),
        ({"sessionAffinity": "Cookie"}, "spec.sessionAffinity", "'Cookie' is no affinity"),
        (
            {"sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 9}}},
            "spec.sessionAffinityConfig",
            "there is no affinity",
        ),
        ({"clusterIP": "10.96.0.7", "clusterIPs": ["10.96.0.8"]}, "spec.clusterIPs", "10.96.0.8 is not 10.96.0.7"),
        ({"loadBalancerClass": "a.b/c"}, "spec.loadBalancerClass", "a ClusterIP Service has none"),
        ({"loadBalancerSourceRanges": ["10.0.0.0/8"]}, "spec.loadBalancerSourceRanges", "has none"),
        ({"type": "Headless"}, "spec.type", "'Headless' is no type"),
        (
            {"type": "LoadBalancer", "loadBalancerSourceRanges": ["10.0.0.1/8"]},
            "spec.loadBalancerSourceRanges",
            "host bits",
        ),
    ],
    ids=lambda item: str(item)[:60],
)
def test_a_mistake_is_told_under_its_path(spec: Wire, path: str, summary: str) -> None:
    faults = mistakes(service(**spec))
    assert [fault.path.partition(": ")[2].removeprefix("shop/web: ") for fault in faults] == [path]
    assert summary in faults[0].summary


def test_all_mistakes_are_told_at_once_each_with_its_line() -> None:
    text = """
apiVersion: v1
kind: Service
metadata: {name: one}
spec:
  ports:
    - port: 80
      nodePort: 30080
---
apiVersion: v1
kind: Service
metadata:
  generateName: two-
spec: {}
---
apiVersion: v1
kind: Service
metadata:
  name: Three
spec:
  type: NodePort
  ports:
    - port: "80"
"""
    found = mistakes(text, overrides={"namespace": "shop"})
    assert [fault.path for fault in found] == [
        "shop.yaml:8: shop/one: spec.ports[0].nodePort",
        "shop.yaml:12: shop: metadata.name",
        "shop.yaml:23: shop/Three: spec.ports[0].port",
    ]


def test_a_mistake_of_an_override_is_told_under_the_override() -> None:
    said = {"services": {"shop/web": {"loadBalancer": {"kind": "own", "name": "Sh--"}}}}
    with pytest.raises(InvalidInputError, match=r"services.shop/web.loadBalancer.name: not a name"):
        Overrides(**said)
    (fault,) = mistakes(service(), overrides={"services": {"shop/no": {"scheme": "internal"}}})
    assert fault.path == 'overrides.services["shop/no"]'
    assert "shop/web" in fault.detail
    (fault,) = mistakes(service(), overrides={"services": {"shop/web": {"ports": {"admin": {"nodePort": 30000}}}}})
    assert fault.path == 'overrides.services["shop/web"].ports["admin"]'
    (fault,) = mistakes(service(), overrides={"services": {"shop/web": {"scheme": "internal"}}})
    assert 'overrides.services["shop/web"]: scheme' in fault.path


def test_overrides_go_before_the_manifest() -> None:
    said: Wire = {
        "scheme": "internet-facing",
        "sources": ["anywhere"],
        "preserveClientIp": False,
        "loadBalancer": {"kind": "own", "crossZone": False},
        "externalTrafficPolicy": "Local",
        "clusterIP": "Auto",
        "ports": {"http": {"nodePort": 30090, "targetPort": 8080}},
    }
    given = service("LoadBalancer", clusterIP="10.96.0.7", loadBalancerSourceRanges=["10.9.0.0/16"])
    found = one(given, overrides={"services": {"shop/web": said}}).to_wire()
    assert (found["scheme"], found["sources"], found["preserveClientIp"]) == ("internet-facing", ["anywhere"], False)
    assert (found["loadBalancer"]["crossZone"], found["externalTrafficPolicy"]) == (False, "Local")
    assert (found["clusterIP"], found["ports"][0]["nodePort"], found["ports"][0]["targetPort"]) == ("Auto", 30090, 8080)


def test_another_type_leaves_out_what_it_has_not() -> None:
    given = service(
        "LoadBalancer",
        ports=[{"port": 80, "nodePort": 30080}],
        externalTrafficPolicy="Local",
        loadBalancerSourceRanges=["10.9.0.0/16"],
    )
    inside = one(given, overrides={"services": {"shop/web": {"type": "ClusterIP"}}})
    assert inside == one(service(ports=[{"port": 80}]))
    ported = one(given, overrides={"services": {"shop/web": {"type": "NodePort"}}})
    assert ported == one(
        service("NodePort", ports=[{"port": 80, "nodePort": 30080}], externalTrafficPolicy="Local"),
        overrides={"nodePortSources": ["10.9.0.0/16"]},
    )


def test_a_service_can_be_left_to_others() -> None:
    found = read(service(), overrides={"services": {"shop/web": {"leaveOut": True}}})
    assert (found.services, found.left_out) == ((), ("shop/web",))
    assert "left to others: shop/web" in found.said()


def test_what_two_services_share_is_told_by_the_files_line() -> None:
    other = service("NodePort", ports=[{"port": 80, "nodePort": 30080}])
    found = read(service(), {**other, "metadata": {"name": "two"}})
    shared = InvalidInputError("taken", detail="x", path="services[1].ports[0].nodePort")
    assert place_of(found, shared).path == "shop.yaml:20: default/two: spec.ports[0].nodePort"
    elsewhere = InvalidInputError("x", path="network.zones")
    assert place_of(found, elsewhere) is elsewhere


EXPORTED: Wire = {
    **service("NodePort"),
    "metadata": {
        "name": "web",
        "namespace": "shop",
        "uid": "3f0d0ac8",
        "resourceVersion": "7",
        "generation": 1,
        "creationTimestamp": "2026-03-02T09:14:07Z",
        "selfLink": "/api",
        "finalizers": ["a/b"],
    },
    "spec": {
        "type": "NodePort",
        "selector": {"app": "web"},
        "clusterIP": "10.96.0.7",
        "clusterIPs": ["10.96.0.7"],
        "ipFamilies": ["IPv4"],
        "ipFamilyPolicy": "SingleStack",
        "internalTrafficPolicy": "Cluster",
        "externalTrafficPolicy": "Cluster",
        "sessionAffinity": "None",
        "ports": [{"name": "http", "port": 80, "targetPort": 80, "protocol": "TCP", "nodePort": 30080}],
    },
    "status": {"loadBalancer": {}},
}


def test_what_a_cluster_chose_is_left_out() -> None:
    assert one(EXPORTED) == one(service("NodePort"))


def test_where_services_are_taken_over_their_addresses_stay() -> None:
    found = one(EXPORTED, adopt=True)
    assert [str(item) for item in found.cluster_ip] == ["10.96.0.7"]
    assert found.ports[0].node_port == 30080
    assert (found.ip_families, found.ip_family_policy) == ((), None)


def applied(spec: Wire) -> Wire:
    written = copy.deepcopy(EXPORTED)
    note = json.dumps({"spec": spec})
    written["metadata"]["annotations"] = {"kubectl.kubernetes.io/last-applied-configuration": note}
    return written


def managed(*fields: Wire) -> Wire:
    written = copy.deepcopy(EXPORTED)
    written["metadata"]["managedFields"] = [
        {"manager": f"m{n}", "operation": "Update", "fieldsV1": {"f:spec": item}} for n, item in enumerate(fields)
    ]
    written["metadata"]["managedFields"].append({"manager": "s", "subresource": "status", "fieldsV1": {}})
    return written


@pytest.mark.parametrize(
    "given",
    [
        applied({"clusterIP": "10.96.0.7", "ports": [{"port": 80, "nodePort": 30080}]}),
        managed(
            {"f:clusterIP": {}},
            {"f:ports": {".": {}, 'k:{"port":80,"protocol":"TCP"}': {".": {}, "f:nodePort": {}, "f:port": {}}}},
        ),
    ],
)
def test_what_somebody_wrote_stays(given: Wire) -> None:
    found = one(given)
    assert ([str(item) for item in found.cluster_ip], found.ports[0].node_port) == (["10.96.0.7"], 30080)
    assert found.annotations == {}


@pytest.mark.parametrize(
    "given",
    [applied({"ports": [{"port": 80}]}), managed({"f:ports": {'k:{"port":80,"protocol":"TCP"}': {"f:port": {}}}})],
)
def test_what_nobody_wrote_does_not(given: Wire) -> None:
    found = one(given)
    assert (found.cluster_ip, found.ports[0].node_port) == (AUTO, None)


def test_another_family_than_the_first_stays() -> None:
    given = copy.deepcopy(EXPORTED)
    given["spec"] |= {"ipFamilies": ["IPv6"], "clusterIP": "fd00:96::7", "clusterIPs": ["fd00:96::7"]}
    found: ServiceArgs = one(given)
    assert found.to_wire()["ipFamilies"] == ["IPv6"]


def test_a_note_of_kubectl_that_cannot_be_read_says_nothing() -> None:
    written: Any = copy.deepcopy(EXPORTED)
    written["metadata"]["annotations"] = {"kubectl.kubernetes.io/last-applied-configuration": "{"}
    assert one(written) == one(service("NodePort"))


@pytest.mark.parametrize("ranges", [["::/0"], ["10.8.0.0/16", "::/0"]])
def test_everybody_of_ipv6_alone_does_not_open_ipv4(ranges: list[str]) -> None:
    in_spec = mistakes(service("LoadBalancer", loadBalancerSourceRanges=ranges))
    annotated = mistakes(service("LoadBalancer", {f"{AWS}load-balancer-source-ranges": ",".join(ranges)}))
    assert [fault.summary for fault in (*in_spec, *annotated)] == ["::/0 is everybody"] * 2


def test_everybody_of_both_families_is_said_once() -> None:
    args = one(service("LoadBalancer", loadBalancerSourceRanges=["::/0", "0.0.0.0/0"]))
    assert args.sources == (ANYWHERE,)


def test_an_empty_annotation_of_ranges_says_nothing() -> None:
    args = one(service("LoadBalancer", {f"{AWS}load-balancer-source-ranges": " "}))
    assert args.to_wire()["sources"] == SAID["sources"]


def test_a_null_among_texts_is_an_empty_one() -> None:
    written = service(None, {"example.com/team": None}, selector={"app": None})
    written["metadata"]["labels"] = {"tier": None}
    args = one(written)
    assert (args.annotations, args.labels, args.selector) == ({"example.com/team": ""}, {"tier": ""}, {"app": ""})


def test_a_null_in_a_list_is_told_with_its_place() -> None:
    (found,) = mistakes(service(ports=[None]))
    assert found.path.endswith("shop/web: spec.ports[0]")
    assert found.summary == "this is nothing"


@pytest.mark.parametrize("text", ["kind: Service\nmetadata: {name: web}", "kind: Namespace\nmetadata: {name: shop}"])
def test_what_would_be_missing_without_a_word_is_a_mistake(text: str) -> None:
    (found,) = mistakes(text)
    assert found.summary.endswith("has no `apiVersion`")


@pytest.mark.parametrize("metadata", ["x", "{}", "{name: [a]}", "null"])
def test_a_namespace_without_a_name_is_a_mistake(metadata: str) -> None:
    (found,) = mistakes(f"apiVersion: v1\nkind: Namespace\nmetadata: {metadata}")
    assert found.summary == "this Namespace has no name"


@pytest.mark.parametrize("fields", ["x", [None], [{"fieldsV1": {"f:spec": "x"}}]])
def test_spoilt_managed_fields_are_a_mistake(fields: object) -> None:
    spoilt = service()
    spoilt["metadata"] |= {"uid": "1", "managedFields": fields}
    assert all("managedFields" in fault.path for fault in mistakes(spoilt))


@pytest.mark.parametrize("note", ['{"spec": {"ports": [1]}}', '{"spec": {"ports": 1}}', '{"spec": 1}', "[]", "{"])
def test_a_spoilt_note_of_kubectl_says_that_nobody_wrote_a_node_port(note: str) -> None:
    spoilt = service("NodePort", {LAST_APPLIED: note}, ports=[{"port": 80, "nodePort": 30080}])
    spoilt["metadata"]["uid"] = "1"
    assert one(spoilt).ports[0].node_port is None
