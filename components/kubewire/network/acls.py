"""Network ACLs: a second firewall, of subnets, which keeps no track of connections."""

from __future__ import annotations

from pydantic import Field, ValidationError, model_validator

from kubewire.errors import InvalidInputError
from kubewire.faults import faults
from kubewire.model import AnyCidr, Described
from kubewire.network.layout import Role
from kubewire.resources.network_acl_entries import AclEntry, Action
from kubewire.resources.traffic import Direction, IpProtocol, Ports, Protocol

FIRST, LAST = 100, 32000
"""The numbers that users have: below are the rules of the network model, above is AWS's `*`."""


class AclRule(Described):
    """What an ACL lets pass, or doesn't; the lowest number that matches decides."""

    number: int = Field(ge=FIRST, le=LAST)
    """Its place."""
    action: Action
    """Whether it passes."""
    protocol: IpProtocol = Protocol.ALL
    """What."""
    cidr: AnyCidr
    """From where, or to where."""
    ports: Ports | None = None
    """The ports it is sent to. Answers come back to 1024-65535: an ACL keeps no track of connections."""

    @model_validator(mode="after")
    def _can_be_an_entry(self) -> AclRule:
        try:
            self.entry(Direction.INGRESS)
        except ValidationError as error:
            raise faults(error)[0] from None
        return self

    def entry(self, direction: Direction) -> AclEntry:
        """Write it for one of the two directions."""
        return AclEntry(
            direction=direction,
            number=self.number,
            action=self.action,
            protocol=self.protocol,
            cidr=self.cidr,
            ports=self.ports,
        )


class SubnetAcl(Described):
    """The ACL of all subnets of a role.

    Whatever it says, everything passes between the network's own ranges: that is the network model. Traffic with the
    outside needs a rule in each direction.
    """

    role: Role
    """Which subnets."""
    ingress: tuple[AclRule, ...] = ()
    """What comes in from outside."""
    egress: tuple[AclRule, ...] = ()
    """What goes out."""

    @model_validator(mode="after")
    def _numbers_differ(self) -> SubnetAcl:
        for name, rules in (("ingress", self.ingress), ("egress", self.egress)):
            seen: set[int] = set()
            for index, rule in enumerate(rules):
                if rule.number in seen:
                    path = f"{name}[{index}].number"
                    raise InvalidInputError(f"{rule.number} is there twice", detail="Renumber one.", path=path)
                seen.add(rule.number)
        if self.role is Role.RESERVED:
            raise InvalidInputError("reserved ranges have no subnet", detail="Name another role.", path="role")
        return self
