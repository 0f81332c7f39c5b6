"""managedFields: what people changed with kubectl is made over to the program."""

from __future__ import annotations

from typing import Any

from kubewire.local.kubernetes_plugin.byhand import adopted, is_touched

OURS = {"manager": "ours", "operation": "Apply", "apiVersion": "v1", "fieldsV1": {"f:spec": {"f:type": {}}}}
KUBECTL = {"manager": "kubectl-edit", "operation": "Update", "fieldsV1": {"f:spec": {"f:selector": {"f:app": {}}}}}
CONTROLLER = {"manager": "cloud-controller", "operation": "Update", "fieldsV1": {"f:metadata": {}}}


def live(*entries: dict[str, Any]) -> dict[str, Any]:
    return {"metadata": {"name": "web", "managedFields": list(entries)}}


def test_kubectls_fields_become_ours_and_others_stay_theirs() -> None:
    assert adopted(live(OURS, KUBECTL, CONTROLLER), "ours") == [
        CONTROLLER,
        {**OURS, "fieldsV1": {"f:spec": {"f:type": {}, "f:selector": {"f:app": {}}}}},
    ]


def test_they_become_ours_where_we_had_none() -> None:
    (entry,) = adopted(live(KUBECTL), "ours")

    assert (entry["manager"], entry["operation"], entry["fieldsV1"]) == ("ours", "Apply", KUBECTL["fieldsV1"])


def test_what_kubectl_did_to_a_status_is_not_the_programs() -> None:
    assert is_touched(live(OURS, KUBECTL))
    assert not is_touched(live(OURS, CONTROLLER, {**KUBECTL, "subresource": "status"}))
