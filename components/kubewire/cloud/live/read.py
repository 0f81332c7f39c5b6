"""Start here: everything that is known of a VPC and its cluster, as they are now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kubewire.cloud.live.balancers import Balancing, balancer_rows, load_balancers_of, target_groups_of
from kubewire.cloud.live.cluster import ClusterObjects, Objects
from kubewire.cloud.live.firewall import group_rows, groups_of, prefix_lists, rule_rows
from kubewire.cloud.live.interfaces import interfaces_of, machine_rows, tags_by_interface
from kubewire.cloud.live.keys import Keys, named
from kubewire.cloud.live.names import zones_of
from kubewire.cloud.live.network import (
    acl_rows,
    acls_by_subnet,
    acls_of,
    find_vpc,
    ranges_of,
    subnet_rows,
    subnets_of,
    vpc_of,
)
from kubewire.cloud.live.nodes import NodesThere
from kubewire.cloud.live.routes import is_main, name_gateways, strangers_among, table_rows, tables_of
from kubewire.cloud.live.services import by_host_name, services_of
from kubewire.errors import CloudError, InvalidInputError, RefusedError
from kubewire.functions.get_quotas import GetQuotas, GetQuotasArgs, GetQuotasResult, QuotaSource
from kubewire.prover.declared.found import Found
from kubewire.prover.facts.facts import Facts
from kubewire.prover.facts.quotas import Quotas
from kubewire.prover.facts.unknown import Known, Unknown

if TYPE_CHECKING:
    from kubewire.cloud.aws import AwsCloud

DENIED: Final = ("UnauthorizedOperation", "AccessDenied", "AccessDeniedException")
IAM: Final = {"elbv2": "elasticloadbalancing", "service-quotas": "servicequotas"}
"""What IAM calls a service, where that differs."""
NO_WAY: Final = "NoKubeconfig"
QUOTAS: Final = {
    "rules_per_group": "rules_per_group",
    "groups_per_interface": "groups_per_interface",
    "listeners_per_balancer": "listeners_per_load_balancer",
    "targets_per_balancer": "targets_per_load_balancer",
    "targets_per_zone": "targets_per_zone_of_load_balancer",
    "targets_per_group": "targets_per_group",
    "balancers": "network_load_balancers_per_region",
}


def live(cloud: AwsCloud, name: str) -> Found:
    """Read a VPC, and the cluster that the kubeconfig leads to.

    Args:
        cloud: AWS, and the cluster.
        name: the VPC's id, or its Name tag.

    Raises:
        InvalidInputError: there is no such VPC, or there are several.
        CloudError: an API refused or failed; of a missing permission, with the action that must be allowed.
    """
    try:
        return _read(cloud, name)
    except RefusedError as error:
        if error.code in DENIED:
            service, _, action = error.operation.partition(":")
            error.detail = f"Allow {IAM.get(service, service)}:{action}; docs/permissions/prove.json has all of them."
        raise


def _read(cloud: AwsCloud, name: str) -> Found:
    row = find_vpc(cloud, name)
    vpc, keys = row["VpcId"], Keys()
    keys.add({vpc: named(row)})
    key, own = keys.of(vpc), ranges_of(row)
    subnets, acls = subnet_rows(cloud, vpc, keys), acl_rows(cloud, vpc, keys)
    tables = table_rows(cloud, vpc, key, keys)
    name_gateways(cloud, vpc, keys)
    groups = group_rows(cloud, vpc, keys)
    rules = rule_rows(cloud, groups)
    lists = prefix_lists(cloud, rules, tables, keys)
    machines = machine_rows(cloud, vpc, keys)
    interfaces = {one.name: one for one in interfaces_of(machines, keys)}
    balancing = balancer_rows(cloud, vpc, machines.interfaces, keys)
    objects = _objects(cloud)
    there = None if objects is None else NodesThere(objects, machines, interfaces, keys)
    main: Known[str] = next(
        (keys.of(table["RouteTableId"]) for table in tables if is_main(table)),
        Unknown(comes_from=f"the main table of {key}"),
    )
    quotas = GetQuotas(cloud).run(GetQuotasArgs())
    facts = Facts(
        vpcs={key: vpc_of(row, key, main)},
        subnets={one.name: one for one in subnets_of(subnets, key, tables, acls_by_subnet(acls, own, keys), keys)},
        tables={one.name: one for one in tables_of(tables, key, own, keys)},
        interfaces=interfaces,
        groups={one.name: one for one in groups_of(groups, rules, key, keys)},
        acls={one.name: one for one in acls_of(acls, keys)},
        prefix_lists=lists,
        services=() if objects is None else tuple(services_of(objects, key)),
        load_balancers=tuple(load_balancers_of(balancing, by_host_name(objects.services) if objects else {}, keys)),
        target_groups={one.name: one for one in target_groups_of(balancing, there.names if there else {}, keys)},
        zones=tuple(zones_of(cloud, vpc, _region(cloud), key, _dns_names(balancing, keys))),
        routes_per_table=_quota(quotas, "routes_per_table"),
        quotas=Quotas.model_validate({field: _quota(quotas, of_aws) for field, of_aws in QUOTAS.items()}),
        unseen_services=("the Services of the cluster: no kubeconfig leads to it",) if objects is None else (),
        strangers=(*strangers_among(tables, keys), *balancing.strangers),
    )
    return Found(
        facts=facts,
        clusters=() if there is None or objects is None else (there.cluster(key, objects),),
        ids=keys.all,
        tags=tags_by_interface(machines, keys),
        beside=("what the cluster itself says: no kubeconfig leads to it",) if objects is None else (),
    )


def _objects(cloud: AwsCloud) -> Objects | None:
    """List what the cluster has; None where nothing leads to it."""
    try:
        return ClusterObjects(cloud.config.kubeconfig, cloud.config.context, cloud.clock).read()
    except CloudError as error:
        if error.code == NO_WAY:
            return None
        raise


def _region(cloud: AwsCloud) -> str:
    region = cloud.region()
    if region is None:
        raise InvalidInputError("no AWS region", detail="Set AWS_REGION.", path="region")
    return region


def _dns_names(balancing: Balancing, keys: Keys) -> dict[str, str]:
    return {row.get("DNSName", "").lower(): keys.of(row["LoadBalancerArn"]) for row in balancing.balancers}


def _quota(quotas: GetQuotasResult, field: str) -> Known[int]:
    value = getattr(quotas, field)
    if value.source is QuotaSource.LIVE:
        return int(value.value)
    return Unknown(comes_from=f"the account's quota of {field.replace('_', ' ')}")
