"""The stand-in against a real API server."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from lightkube import ApiError, Client
from lightkube.models.core_v1 import ServicePort, ServiceSpec
from lightkube.models.meta_v1 import ObjectMeta
from lightkube.resources.core_v1 import Namespace, Service
from lightkube.types import PatchType

from kubewire.deferred import UNKNOWN
from kubewire.errors import KubewireError, PartlyCreatedError
from kubewire.local.kubernetes_plugin.provider import KubernetesProvider
from kubewire.provider.protocol import Subject
from tests.integration.local.kubernetes_plugin.stack import Held, urn

Run = Callable[[], KubernetesProvider]
SKIP = {"pulumi.com/skipAwait": "true"}


def service(namespace: str, spec: dict[str, Any], name: object = "web", **metadata: object) -> dict[str, Any]:
    identity = {"name": name, "namespace": namespace, "annotations": SKIP}
    return {"metadata": {**identity, **metadata}, "spec": {"ports": [{"port": 80}], **spec}}


def made_by_somebody(api: Client, namespace: str, name: str = "web") -> Service:
    spec = ServiceSpec(ports=[ServicePort(port=80)])
    return api.create(Service(metadata=ObjectMeta(name=name, namespace=namespace), spec=spec))


def test_an_object_lives_and_dies(run: Run, api: Client, namespace: str) -> None:
    web = Held(urn("web"))
    web.up(run(), service(namespace, {"type": "NodePort"}))

    live = api.get(Service, "web", namespace=namespace)
    assert web.id == f"{namespace}/web"
    assert live.spec is not None
    assert live.spec.ports is not None
    assert web.state["spec"]["clusterIP"] == live.spec.clusterIP
    assert web.state["spec"]["ports"][0]["nodePort"] == live.spec.ports[0].nodePort
    assert not web.diff(run(), service(namespace, {"type": "NodePort"})).changes

    web.up(run(), service(namespace, {"type": "ClusterIP"}))
    assert web.state["spec"]["type"] == "ClusterIP"

    run().delete(web.known, web.state)
    run().delete(web.known, web.state)
    assert run().read(web.known, web.state, web.inputs) is None


def test_a_namespace_is_gone_when_its_delete_returns(run: Run, api: Client) -> None:
    shop = Held(urn("shop", "Namespace"))
    shop.up(run(), {"metadata": {"name": "brief"}})
    made_by_somebody(api, "brief")

    run().delete(shop.known, shop.state)

    with pytest.raises(ApiError, match="not found"):
        api.get(Namespace, "brief")


def test_a_preview_has_the_servers_refusals(run: Run, namespace: str) -> None:
    web, other = Held(urn("web")), Held(urn("other"))
    port = {"type": "NodePort", "ports": [{"port": 80, "nodePort": 31111}]}
    web.up(run(), service(namespace, port))

    with pytest.raises(KubewireError, match="31111: provided port is already allocated"):
        other.preview(run(), service(namespace, port, name="other"))
    with pytest.raises(KubewireError, match=f"Service {namespace}/web: .*targetPort"):
        web.preview(run(), service(namespace, {"ports": [{"port": 80, "targetPort": 99999}]}))


def test_a_preview_has_them_before_the_namespace_exists(run: Run) -> None:
    with pytest.raises(KubewireError, match=r'Service new/web: Service "web" is invalid: .*targetPort'):
        Held(urn("web")).preview(run(), service("new", {"ports": [{"port": 80, "targetPort": 99999}]}))

    assert Held(urn("web")).preview(run(), service("new", {}))["metadata"]["namespace"] == "new"


def test_a_preview_promises_nothing_that_is_drawn_by_lot(run: Run, namespace: str) -> None:
    planned = Held(urn("web")).preview(run(), service(namespace, {"type": "NodePort"}))

    assert planned["metadata"]["name"] == "web"
    assert planned["spec"]["sessionAffinity"] == "None"
    assert planned["spec"]["clusterIP"] is UNKNOWN
    assert planned["spec"]["ports"][0]["nodePort"] is UNKNOWN
    assert "status" not in planned


def test_a_preview_of_unknown_inputs_asks_nothing(run: Run, namespace: str) -> None:
    declared = service(namespace, {"externalName": UNKNOWN}, name=UNKNOWN)

    assert Held(urn("web")).preview(run(), declared)["spec"] == declared["spec"]


def test_a_preview_changes_nothing(run: Run, api: Client, namespace: str) -> None:
    web = Held(urn("web"))
    web.preview(run(), service(namespace, {}))
    assert not list(api.list(Service, namespace=namespace))

    web.up(run(), service(namespace, {}))
    web.preview(run(), service(namespace, {"type": "NodePort"}))
    live = api.get(Service, "web", namespace=namespace)
    assert live.spec is not None
    assert live.spec.type == "ClusterIP"


def test_what_others_made_is_refused_and_left_alone(run: Run, api: Client, namespace: str) -> None:
    made_by_somebody(api, namespace)
    web = Held(urn("web"))

    for attempt in (web.preview, web.up):
        with pytest.raises(KubewireError, match='services "web" already exists'):
            attempt(run(), service(namespace, {"ports": [{"port": 81}]}))
    live = api.get(Service, "web", namespace=namespace)
    assert live.spec is not None
    assert live.spec.ports is not None
    assert live.spec.ports[0].port == 80


def test_what_a_killed_run_made_is_taken_over(run: Run, api: Client, namespace: str) -> None:
    Held(urn("web")).up(run(), service(namespace, {}))
    first = api.get(Service, "web", namespace=namespace)

    web = Held(urn("web"))
    web.preview(run(), service(namespace, {"type": "NodePort"}))
    web.up(run(), service(namespace, {"type": "NodePort"}))

    assert first.metadata is not None
    assert web.state["metadata"]["uid"] == first.metadata.uid
    assert web.state["spec"]["type"] == "NodePort"


def test_what_it_made_and_cant_become_what_is_wanted_is_replaced(run: Run, namespace: str) -> None:
    Held(urn("web")).up(run(), service(namespace, {}))

    web = Held(urn("web"))
    web.up(run(), service(namespace, {"clusterIP": "None"}))

    assert web.state["spec"]["clusterIP"] == "None"


def test_another_stack_does_not_take_it_over(run: Run, namespace: str) -> None:
    Held(urn("web")).up(run(), service(namespace, {}))

    with pytest.raises(KubewireError, match="already exists"):
        Held(Subject("urn:pulumi:prod::shop::kubernetes:core/v1:Service::web")).up(run(), service(namespace, {}))


def test_a_successor_is_never_its_predecessor(run: Run, namespace: str) -> None:
    web = Held(urn("web"))
    web.up(run(), service(namespace, {}))
    begun = run()
    web.diff(begun, service(namespace, {"clusterIP": "None"}))

    # The engine deletes first; should it not, the object that it then deletes must not be the new one.
    with pytest.raises(KubewireError, match="already exists"):
        begun.create(web.subject, web.check(begun, service(namespace, {"clusterIP": "None"})), preview=False)


def test_a_forced_replacement_keeps_what_it_can_not_tell_from_a_leftover(run: Run, namespace: str) -> None:
    web = Held(urn("web"))
    web.up(run(), service(namespace, {}))
    begun = run()

    # `pulumi up --replace`: neither a Check with old inputs, nor a Diff.
    created, _ = begun.create(web.subject, web.inputs, preview=False)
    begun.delete(web.known, web.state)

    assert run().read(Subject(web.subject.urn, created), web.state, web.inputs) is not None


@pytest.mark.parametrize("change", [{"clusterIP": "None"}, {"loadBalancerClass": "example.com/b"}])
def test_a_replacement_is_previewed_and_made(run: Run, namespace: str, change: dict[str, str]) -> None:
    ports = [{"port": 80, "nodePort": 31222}] if "loadBalancerClass" in change else [{"port": 80}]
    kind = "LoadBalancer" if "loadBalancerClass" in change else "ClusterIP"
    spec = {"type": kind, "ports": ports, **({"loadBalancerClass": "example.com/a"} if kind == "LoadBalancer" else {})}
    web = Held(urn("web"))
    web.up(run(), service(namespace, spec))
    old = web.state["metadata"]["uid"]

    web.preview(run(), service(namespace, {**spec, **change}))
    web.up(run(), service(namespace, {**spec, **change}))

    assert web.state["metadata"]["uid"] != old


def test_a_renamed_service_keeps_its_node_port(run: Run, namespace: str) -> None:
    spec = {"type": "NodePort", "ports": [{"port": 80, "nodePort": 31333}]}
    web = Held(urn("web"))
    web.up(run(), service(namespace, spec))

    planned = web.preview(run(), service(namespace, spec, name="site"))
    web.up(run(), service(namespace, spec, name="site"))

    assert planned["spec"]["ports"][0]["nodePort"] == 31333
    assert web.id == f"{namespace}/site"


def test_changes_by_hand_are_seen_and_taken_back(run: Run, api: Client, namespace: str) -> None:
    declared = service(namespace, {"ports": [{"name": "http", "port": 80}]})
    web = Held(urn("web"))
    web.up(run(), declared)
    patch = [{"op": "replace", "path": "/spec/ports/0/port", "value": 8080}]
    by_hand = {"patch_type": PatchType.JSON, "field_manager": "kubectl-edit"}
    api.patch(Service, "web", patch, namespace=namespace, **by_hand)  # type: ignore[call-overload]

    web.refresh(run())
    assert web.inputs["spec"]["ports"] == [{"name": "http", "port": 8080}]

    web.preview(run(), declared)
    web.up(run(), declared)
    assert [port["port"] for port in web.state["spec"]["ports"]] == [80]


def test_fields_of_other_programs_are_a_conflict_unless_forced(run: Run, api: Client, namespace: str) -> None:
    web = Held(urn("web"))
    web.up(run(), service(namespace, {"selector": {"app": "web"}}))
    api.patch(Service, "web", {"spec": {"selector": {"app": "theirs"}}}, namespace=namespace)
    wanted = {"selector": {"app": "ours"}}

    for attempt in (web.preview, web.up):
        with pytest.raises(KubewireError, match='conflict with "somebody"') as conflict:
            attempt(run(), service(namespace, wanted))
        assert "pulumi.com/patchForce" in conflict.value.detail
    web.up(run(), service(namespace, wanted, annotations={**SKIP, "pulumi.com/patchForce": "true"}))
    assert web.state["spec"]["selector"] == {"app": "ours"}


def test_labels_of_others_stay(run: Run, api: Client, namespace: str) -> None:
    web = Held(urn("web"))
    web.up(run(), service(namespace, {}, labels={"ours": "1", "old": "1"}))
    api.patch(Service, "web", {"metadata": {"labels": {"theirs": "1"}}}, namespace=namespace)

    web.up(run(), service(namespace, {}, labels={"ours": "2"}))

    assert web.state["metadata"]["labels"] == {"ours": "2", "theirs": "1"}


def test_a_new_field_manager_takes_over_from_the_old_one(run: Run, namespace: str) -> None:
    web = Held(urn("web"))
    web.up(run(), service(namespace, {}, labels={"a": "1"}))
    chosen = {**SKIP, "pulumi.com/patchFieldManager": "mine"}
    web.up(run(), service(namespace, {}, labels={"a": "1"}, annotations=chosen))
    web.up(run(), service(namespace, {}, annotations=chosen))

    assert "labels" not in web.state["metadata"]


def test_an_import_takes_what_is_there(run: Run, api: Client, namespace: str) -> None:
    made_by_somebody(api, namespace)
    web = Held(urn("web"), f"{namespace}/web")
    web.refresh(run())

    assert web.inputs["spec"]["ports"] == [{"port": 80, "protocol": "TCP", "targetPort": 80}]
    assert "uid" not in web.inputs["metadata"]
    assert "status" not in web.inputs
    assert not web.diff(run(), web.inputs).changes


def test_a_patch_adds_fields_and_takes_them_away(run: Run, api: Client, namespace: str) -> None:
    made_by_somebody(api, namespace)
    patch = Held(urn("web", "ServicePatch"))
    declared = {"metadata": {"name": "web", "namespace": namespace, "annotations": SKIP, "labels": {"ours": "1"}}}
    patch.preview(run(), declared)
    patch.up(run(), declared)
    patched = api.get(Service, "web", namespace=namespace)
    run().delete(patch.known, patch.state)
    after = api.get(Service, "web", namespace=namespace)

    assert patched.metadata is not None
    assert after.metadata is not None
    assert patched.metadata.labels == {"ours": "1"}
    assert not after.metadata.labels


def test_a_node_is_an_object_like_any_other(run: Run) -> None:
    node = Held(urn("a", "Node"))
    node.up(run(), {"metadata": {"name": "a"}, "spec": {"podCIDR": "10.0.1.0/24"}})
    node.up(run(), {"metadata": {"name": "a", "labels": {"zone": "a"}}, "spec": {"podCIDR": "10.0.1.0/24"}})

    assert node.state["metadata"]["labels"]["zone"] == "a"
    run().delete(node.known, node.state)


def test_a_load_balancer_that_never_comes_keeps_its_object(run: Run, namespace: str) -> None:
    declared = service(namespace, {"type": "LoadBalancer"}, annotations={"pulumi.com/timeoutSeconds": "1"})

    with pytest.raises(PartlyCreatedError, match="not allocated an IP address") as partly:
        Held(urn("web")).up(run(), declared)

    assert partly.value.resource_id == f"{namespace}/web"
    assert partly.value.state["__inputs"]["spec"]["type"] == "LoadBalancer"


def test_an_end_is_heard_while_waiting(run: Run, namespace: str) -> None:
    begun = run()
    begun.cancel()

    with pytest.raises(PartlyCreatedError, match="stopped while waiting"):
        Held(urn("web")).up(begun, service(namespace, {"type": "LoadBalancer"}, annotations={}))


@pytest.mark.parametrize("contents", [None, '{"clusters": [], "contexts": [], "current-context": "a"}'])
def test_a_cluster_that_cant_be_reached_is_one_clear_error(tmp_path: Path, contents: str | None) -> None:
    file = tmp_path / "kubeconfig"
    if contents:
        file.write_text(contents, encoding="utf-8")

    provider = KubernetesProvider({"KUBECONFIG": str(file)})
    with pytest.raises(KubewireError, match="configured Kubernetes cluster is unreachable"):
        Held(urn("web")).preview(provider, service("shop", {}))


def test_a_dead_cluster_can_be_forgotten(cloud_is_gone: dict[str, str]) -> None:
    web = Held(urn("web"), "shop/web", {"kind": "Service"}, {"kind": "Service"})

    with closing(KubernetesProvider(cloud_is_gone)) as stubborn, pytest.raises(KubewireError, match="unreachable"):
        stubborn.read(web.known, web.state, web.inputs)
    with closing(KubernetesProvider({**cloud_is_gone, "PULUMI_K8S_DELETE_UNREACHABLE": "true"})) as forgetful:
        assert forgetful.read(web.known, web.state, web.inputs) is None
        forgetful.delete(web.known, web.state)
