"""What an elastic address is associated with."""

from __future__ import annotations

from typing import Any

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.ec2.addresses import address_named
from kubewire.local.aws.ec2.appliances import must_not_be_managed
from kubewire.local.aws.ec2.internet_gateways import gateway_of
from kubewire.local.aws.refusal import Refusal, invalid_parameter
from kubewire.local.aws.rules import Proceed, answers


@answers("ec2", "AssociateAddress")
def associated(call: Call, proceed: Proceed) -> Answer:
    """Associate an address with an interface. Done again it does nothing; what the interface had is let go.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateAddress.html
    """
    elastic, interface = address_named(call), _interface(call)
    if elastic.eni is interface:
        return {"AssociationId": elastic.association_id}
    if elastic.association_id and not call.parameters.get("AllowReassociation"):
        message = f"resource {elastic.allocation_id} is already associated with associate-id {elastic.association_id}"
        raise Refusal("Resource.AlreadyAssociated", message)
    network = interface.subnet.vpc_id
    if gateway_of(call, network) is None:
        raise Refusal("Gateway.NotAttached", f"Network {network} is not attached to any internet gateway")
    must_not_be_managed(elastic.eni)
    dissociate(call, elastic)
    release_addresses_of(call, interface)
    return proceed(call.with_parameters({"AllocationId": elastic.allocation_id, "NetworkInterfaceId": interface.id}))


@answers("ec2", "DisassociateAddress")
def disassociated(call: Call, proceed: Proceed) -> Answer:
    """Refuse an association that isn't there, or that AWS made itself for a gateway or a load balancer.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DisassociateAddress.html
    """
    identity = call.parameters.get("AssociationId")
    if identity is None and "PublicIp" not in call.parameters:
        raise Refusal("MissingParameter", "Either public IP or association id must be specified")
    if identity is None:
        elastic = address_named(call)
    else:
        elastic = next((one for one in call.ec2.addresses if one.association_id == identity), None)
        if elastic is None:
            message = f"The association ID '{identity}' does not exist"
            raise Refusal("InvalidAssociationID.NotFound", message)
    must_not_be_managed(elastic.eni)
    return proceed(call)


def dissociate(call: Call, elastic: Any) -> None:
    """Let an address go from whatever it is associated with."""
    if elastic.association_id:
        call.ec2.disassociate_address(association_id=elastic.association_id)


def release_addresses_of(call: Call, interface: Any) -> None:
    """Let go of the addresses of an interface: it goes, or gets another one."""
    for elastic in call.ec2.addresses:
        if elastic.eni is interface:
            dissociate(call, elastic)


def _interface(call: Call) -> Any:
    """The interface that is to have the address: one that is named, or an instance's only one."""
    given = call.parameters
    if {"InstanceId", "NetworkInterfaceId"} <= given.keys():
        message = "You may specify either an instance ID or a network interface ID, but not both in the same call"
        raise Refusal("InvalidParameterCombination", message)
    if "InstanceId" in given:
        interface = _only_interface(call, given["InstanceId"])
    elif "NetworkInterfaceId" in given:
        interface = call.ec2.enis[given["NetworkInterfaceId"]]
    else:
        raise Refusal("MissingParameter", "Either 'instanceId' or 'networkInterfaceId' must be specified")
    must_not_be_managed(interface)
    private = given.get("PrivateIpAddress", interface.private_ip_address)
    if private not in [one["PrivateIpAddress"] for one in interface.private_ip_addresses]:
        raise invalid_parameter(f"The address {private} does not belong to the network interface {interface.id}")
    if private != interface.private_ip_address:
        message = "The embedded AWS associates elastic addresses with primary private addresses alone"
        raise Refusal("NotImplemented", message, status=501)
    return interface


def _only_interface(call: Call, instance_id: str) -> Any:
    """An instance's only interface.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html
    """
    instance: Any = call.ec2.get_instance(instance_id)
    if instance.state not in ("running", "stopping", "stopped"):
        message = f"The {instance.state} instance '{instance_id}' is not in a valid state for this operation."
        raise Refusal("InvalidInstanceID", message)
    if len(instance.nics) > 1:
        raise Refusal(
            "InvalidInstanceID",
            f"There are multiple interfaces attached to instance '{instance_id}'. "
            "Please specify an interface ID for the operation instead.",
        )
    return instance.nics[0]
