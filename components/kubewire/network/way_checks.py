"""Which ways out fit a network: each check refuses with the field's path and the way out."""

from __future__ import annotations

from kubewire.errors import InvalidInputError
from kubewire.network.description import NetworkDescription
from kubewire.network.endpoints import GatewayEndpoints
from kubewire.network.layout import Role
from kubewire.network.quotas import MOST_RULES_PER_INTERFACE
from kubewire.network.subnets import ExistingSubnets
from kubewire.resources.hosted_zone import MOST_TAGS


def ways_out(args: NetworkDescription) -> None:
    """Refuse NAT where there's nowhere for it, endpoints that are there twice, and links of one name."""
    if args.nat != "none":
        if isinstance(args.subnets, ExistingSubnets):
            detail = "Existing subnets keep their ways out. Set `nat: none`."
            raise InvalidInputError("no NAT gateway can be put there", detail=detail, path="nat")
        if Role.PUBLIC not in args.roles:
            detail = "A NAT gateway stands in a public subnet. Add one to `subnets.layout`, or set `nat: none`."
            raise InvalidInputError("there are no public subnets", detail=detail, path="nat")
        if not args.roles & {Role.PRIVATE, Role.PODS}:
            detail = "Isolated subnets reach nothing outside. Make them private, or set `nat: none`."
            raise InvalidInputError("no subnet would use a NAT gateway", detail=detail, path="nat")
    if not args.roles & {Role.PRIVATE, Role.ISOLATED}:
        detail = "Nodes are in private subnets, or in isolated ones. Add one of these roles."
        raise InvalidInputError("there is no subnet for nodes", detail=detail, path="subnets.layout")
    _once([f"{item.kind} {item.service}" for item in args.endpoints], "endpoints", "service")
    _once([link.name for link in args.links], "links", "name")
    for index, endpoint in enumerate(args.endpoints):
        if isinstance(endpoint, GatewayEndpoints) and isinstance(args.subnets, ExistingSubnets):
            detail = "It belongs to whoever owns the tables. Declare it there, or carve subnets."
            raise InvalidInputError(
                "a gateway endpoint would change tables of others", detail=detail, path=f"endpoints[{index}].kind"
            )


def _once(names: list[str], field: str, key: str) -> None:
    for index, name in enumerate(names):
        if name in names[:index]:
            raise InvalidInputError(f"{name} is there twice", detail="Remove one.", path=f"{field}[{index}].{key}")


def groups(args: NetworkDescription) -> None:
    """Refuse more rules in all than an interface takes, where the quota that makes them so many is written."""
    rules = args.quotas.rules_per_group
    if rules is not None and args.node_groups * rules > MOST_RULES_PER_INTERFACE:
        detail = f"An interface takes {MOST_RULES_PER_INTERFACE} rules of all its groups together: fewer groups, "
        summary = f"{args.node_groups} groups of {rules} rules are too many"
        raise InvalidInputError(summary, detail=f"{detail}or a lower `quotas.rulesPerGroup`.", path="nodeGroups")


def zone_tags(args: NetworkDescription) -> None:
    """Refuse more tags than a private DNS zone takes, where there is to be one."""
    if args.domain and len(args.tags) > MOST_TAGS:
        detail = (
            f"Route53 takes ten tags, of which kubewire writes some: {MOST_TAGS} are left. Remove tags, or `domain`."
        )
        raise InvalidInputError(f"{len(args.tags)} tags are too many for the DNS zone", detail=detail, path="tags")


def acls(args: NetworkDescription) -> None:
    """Refuse ACLs for subnets that aren't the stack's, or of a role that has one already."""
    for index, acl in enumerate(args.acls):
        path = f"acls[{index}].role"
        if isinstance(args.subnets, ExistingSubnets):
            detail = "Existing subnets keep theirs. Remove it."
            raise InvalidInputError("the subnets belong to others", detail=detail, path=path)
        if acl.role not in args.roles:
            detail = "Add one to `subnets.layout`, or remove the ACL."
            raise InvalidInputError(f"there are no {acl.role} subnets", detail=detail, path=path)
        if acl.role in {other.role for other in args.acls[:index]}:
            detail = "A subnet has one ACL. Put the rules into one."
            raise InvalidInputError(f"{acl.role} subnets have an ACL already", detail=detail, path=path)
