"""A NAT gateway with its elastic address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from kubewire.errors import CloudError, InUseError, NotFoundError, RefusedError
from kubewire.model import REPLACE, Ref
from kubewire.resources.base import GONE, NamedArgs, Resource
from kubewire.resources.calls import Calls, counted
from kubewire.resources.references import named
from kubewire.resources.tagging import is_owned_by, named_fields, on_create, owned_by, retag, where
from kubewire.resources.waiting import wait_for

if TYPE_CHECKING:
    from types_boto3_ec2.type_defs import NatGatewayAddressTypeDef, NatGatewayTypeDef

LIVE = ("pending", "available")


class NatGatewayArgs(NamedArgs):
    """Inputs of a NAT gateway."""

    subnet: Annotated[Ref, REPLACE]
    """The public subnet that it stands in."""


class NatGatewayState(NatGatewayArgs):
    """A NAT gateway as it is."""

    allocation: str
    """Id of its elastic address."""
    public_ip: str
    """The address that the internet sees; empty until the gateway is available."""


class NatGateway(Resource[NatGatewayArgs, NatGatewayState]):
    """The way out for private subnets. Its elastic address comes and goes with it."""

    Args, State = NatGatewayArgs, NatGatewayState

    @classmethod
    def calls(cls, old: NatGatewayState | None, new: NatGatewayArgs) -> Calls:
        # The address bears the same tags.
        address = counted(AllocateAddress=1) if old is None else super().calls(old, new)
        return super().calls(old, new) + address

    def find(self, args: NatGatewayArgs) -> list[str]:
        gateways = self.cloud.ec2.describe_nat_gateways(Filters=owned_by(self.owner))["NatGateways"]
        # Looked at again: moto gives every gateway whatever the tags, and what isn't ours must not be taken for ours.
        mine = [gateway for gateway in gateways if is_owned_by(self.owner, gateway.get("Tags", []))]
        return [gateway["NatGatewayId"] for gateway in mine if gateway["State"] in LIVE]

    def create(self, args: NatGatewayArgs) -> str:
        allocation = self._free_address() or self._allocate(args)
        try:
            made = self.cloud.ec2.create_nat_gateway(
                SubnetId=args.subnet.id,
                AllocationId=allocation,
                ClientToken=self.client_token,
                TagSpecifications=on_create("natgateway", args, self.owner),
            )
        except RefusedError:
            self._try_to_release(allocation)
            raise
        return made["NatGateway"]["NatGatewayId"]

    def read(self, object_id: str, known: NatGatewayArgs | None) -> NatGatewayState | None:
        gateway = self._describe(object_id)
        if gateway is None or gateway["State"] not in LIVE:
            return None
        address = _address(gateway)
        return NatGatewayState(
            **named_fields(gateway.get("Tags", [])),
            subnet=named(gateway["SubnetId"], known.subnet if known else None),
            allocation=address["AllocationId"],
            # A pending gateway may have its address already, but no route can lead there yet.
            public_ip=address.get("PublicIp", "") if gateway["State"] == "available" else "",
        )

    def converge(self, object_id: str, old: NatGatewayState, new: NatGatewayArgs) -> NatGatewayState:
        def available() -> NatGatewayTypeDef | None:
            gateway = self._describe(object_id)
            if gateway is None or gateway["State"] not in LIVE:
                self._try_to_release(old.allocation)
                reason = gateway.get("FailureMessage", gateway["State"]) if gateway else "gone"
                message = f"NAT gateway {new.name} did not come up: {reason}"
                detail = "`pulumi up --refresh` tries anew."
                raise NotFoundError(message, code=GONE, operation="ec2:CreateNatGateway", detail=detail)
            return gateway if gateway["State"] == "available" else None

        if not old.public_ip:
            gateway = wait_for(self.cloud.clock, f"NAT gateway {new.name} to become available", available)
            old = old.model_copy(update={"public_ip": _address(gateway)["PublicIp"]})
        retag(self.cloud, object_id, old, new, self.owner)
        retag(self.cloud, old.allocation, old, new, self.owner)
        return old.model_copy(update=dict(new))

    def delete(self, object_id: str, state: NatGatewayState) -> None:
        def gone() -> bool | None:
            gateway = self._describe(object_id)
            return True if gateway is None or gateway["State"] in ("deleted", "failed") else None

        # Gone already or not: its address must go too, or it costs for ever.
        try:
            self.cloud.ec2.delete_nat_gateway(NatGatewayId=object_id)
            wait_for(self.cloud.clock, f"NAT gateway {state.name} to go away", gone)
        except NotFoundError:
            pass
        self._release(state.allocation)

    def _describe(self, object_id: str) -> NatGatewayTypeDef | None:
        gateways = self.cloud.ec2.describe_nat_gateways(NatGatewayIds=[object_id])["NatGateways"]
        return gateways[0] if gateways else None

    def _free_address(self) -> str | None:
        """Find the address that an earlier run allocated and then could not use."""
        addresses = self.cloud.ec2.describe_addresses(Filters=owned_by(self.owner))["Addresses"]
        return next((item["AllocationId"] for item in addresses if "AssociationId" not in item), None)

    def _allocate(self, args: NatGatewayArgs) -> str:
        tags = on_create("elastic-ip", args, self.owner)
        return self.cloud.ec2.allocate_address(Domain="vpc", TagSpecifications=tags)["AllocationId"]

    def _release(self, allocation: str) -> None:
        if not self.cloud.ec2.describe_addresses(Filters=where({"allocation-id": allocation}))["Addresses"]:
            return
        try:
            self.cloud.ec2.release_address(AllocationId=allocation)
        except RefusedError as error:
            # AWS's word for an address that a NAT gateway holds on to, for a while even after that is deleted.
            if error.code != "AuthFailure":
                raise
            raise InUseError(error.summary, code=error.code, operation=error.operation, detail=error.detail) from error

    def _try_to_release(self, allocation: str) -> None:
        """Release the address of a gateway that didn't come about. If that fails, the next run finds and uses it."""
        try:
            self._release(allocation)
        except CloudError:
            return


def _address(gateway: NatGatewayTypeDef) -> NatGatewayAddressTypeDef:
    """Give the gateway's first address.

    Raises:
        RefusedError: it's private, or serves a whole region; only an import can come upon such a gateway.
    """
    addresses = gateway.get("NatGatewayAddresses", [])
    primary = next((item for item in addresses if item.get("IsPrimary", True) and "AllocationId" in item), None)
    if primary is None or "SubnetId" not in gateway:
        message = f"{gateway['NatGatewayId']} has no elastic address, or no subnet"
        detail = "kubewire's NAT gateways are public and stand in one subnet. Use another tool for this one."
        raise RefusedError(message, code="UnknownKind", operation="read", detail=detail)
    return primary
