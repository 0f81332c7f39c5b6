"""A NAT gateway with its elastic address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from kubewire.errors import NotFoundError, RefusedError
from kubewire.model import REPLACE, Ref
from kubewire.resources.base import NamedArgs, Resource
from kubewire.resources.references import named
from kubewire.resources.tagging import named_fields, on_create, owned_by, retag, where
from kubewire.resources.waiting import wait_for

if TYPE_CHECKING:
    from types_boto3_ec2.type_defs import NatGatewayTypeDef

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
    """The address that the internet sees."""


class NatGateway(Resource[NatGatewayArgs, NatGatewayState]):
    """The way out for private subnets. Its elastic address comes and goes with it."""

    Args, State = NatGatewayArgs, NatGatewayState

    def find(self, args: NatGatewayArgs) -> list[str]:
        gateways = self.cloud.ec2.describe_nat_gateways(Filters=owned_by(self.owner))["NatGateways"]
        return [gateway["NatGatewayId"] for gateway in gateways if gateway["State"] in LIVE]

    def create(self, args: NatGatewayArgs) -> str:
        made = self.cloud.ec2.create_nat_gateway(
            SubnetId=args.subnet.id,
            AllocationId=self._free_address() or self._allocate(args),
            TagSpecifications=on_create("natgateway", args, self.owner),
        )
        return made["NatGateway"]["NatGatewayId"]

    def read(self, object_id: str, known: NatGatewayArgs | None) -> NatGatewayState | None:
        gateway = self._describe(object_id)
        if gateway is None or gateway["State"] not in LIVE:
            return None
        address = gateway["NatGatewayAddresses"][0]
        return NatGatewayState(
            **named_fields(gateway.get("Tags", [])),
            subnet=named(gateway["SubnetId"], known.subnet if known else None),
            allocation=address["AllocationId"],
            # A pending gateway has no address yet.
            public_ip=address.get("PublicIp", ""),
        )

    def converge(self, object_id: str, old: NatGatewayState, new: NatGatewayArgs) -> NatGatewayState:
        def available() -> NatGatewayTypeDef | None:
            gateway = self._describe(object_id)
            if gateway is None or gateway["State"] not in LIVE:
                self._release(old.allocation)
                reason = gateway.get("FailureMessage", gateway["State"]) if gateway else "gone"
                message = f"NAT gateway {new.name} did not come up: {reason}"
                raise RefusedError(message, code="NatGatewayFailed", operation="ec2:CreateNatGateway")
            return gateway if gateway["State"] == "available" else None

        if not old.public_ip:
            gateway = wait_for(self.cloud.clock, f"NAT gateway {new.name} to become available", available)
            old = old.model_copy(update={"public_ip": gateway["NatGatewayAddresses"][0]["PublicIp"]})
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
        if self.cloud.ec2.describe_addresses(Filters=where({"allocation-id": allocation}))["Addresses"]:
            self.cloud.ec2.release_address(AllocationId=allocation)
