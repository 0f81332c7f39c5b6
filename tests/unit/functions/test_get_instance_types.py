from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from kubewire.errors import InvalidInputError
from kubewire.functions.get_instance_types import GetInstanceTypes, GetInstanceTypesArgs, InstanceLimits
from tests.unit.functions.account import Account


def kind(name: str, **row: Any) -> dict[str, Any]:
    network = {"MaximumNetworkInterfaces": 3, "Ipv4AddressesPerInterface": 10, "Ipv6AddressesPerInterface": 10}
    return {"InstanceType": name, "NetworkInfo": network, "VCpuInfo": {"DefaultVCpus": 2}, **row}


def look(account: Account, *names: str) -> dict[str, InstanceLimits]:
    return GetInstanceTypes(account).run(GetInstanceTypesArgs(types=names)).types


def test_what_a_type_can_have(account: Account) -> None:
    account.ec2.put("InstanceTypes", **kind("m5.large", Hypervisor="nitro", BareMetal=False))
    account.ec2.put("InstanceTypes", **kind("m4.large", Hypervisor="xen"))
    account.ec2.put("InstanceTypes", **kind("m5.metal", BareMetal=True))
    found = look(account, "m5.large", "m4.large", "m5.metal", "m5.large")
    assert found["m5.large"].to_wire() == {
        "interfaces": 3,
        "ipv4PerInterface": 10,
        "ipv6PerInterface": 10,
        "nitro": True,
        "vcpus": 2,
    }
    assert [name for name, limits in found.items() if limits.nitro] == ["m5.large", "m5.metal"]


def test_more_types_than_one_call_takes(account: Account) -> None:
    names = [f"m{number}.large" for number in range(150)]
    for name in names:
        account.ec2.put("InstanceTypes", **kind(name))
    assert look(account, *names).keys() == set(names)
    assert len(account.ec2.asked) == 2


def test_an_unknown_type_is_a_mistake(account: Account) -> None:
    with pytest.raises(InvalidInputError, match=r"m0\.huge") as caught:
        look(account, "m0.huge")
    assert caught.value.path == "types"
    assert "eu-west-1" in caught.value.detail


@pytest.mark.parametrize("types", [(), ("large",), ("m5.large,m5.xlarge",), ("",)])
def test_what_is_no_type_is_refused(types: tuple[str, ...]) -> None:
    with pytest.raises(ValidationError):
        GetInstanceTypesArgs(types=types)
