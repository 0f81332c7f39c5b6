"""Every function that the provider knows, one line each."""

from __future__ import annotations

from typing import Any

from kubewire.functions.base import Function
from kubewire.functions.get_auto_scaling_group import GetAutoScalingGroup
from kubewire.functions.get_cluster_nodes import GetClusterNodes
from kubewire.functions.get_endpoints import GetEndpoints
from kubewire.functions.get_forecast import GetForecast
from kubewire.functions.get_instance_types import GetInstanceTypes
from kubewire.functions.get_namespaces import GetNamespaces
from kubewire.functions.get_proof import GetProof
from kubewire.functions.get_quotas import GetQuotas
from kubewire.functions.get_services import GetServices
from kubewire.functions.get_subnets import GetSubnets
from kubewire.functions.get_vpc import GetVpc

FUNCTIONS: tuple[type[Function[Any, Any]], ...] = (
    GetVpc,
    GetSubnets,
    GetClusterNodes,
    GetAutoScalingGroup,
    GetInstanceTypes,
    GetQuotas,
    GetServices,
    GetNamespaces,
    GetEndpoints,
    GetForecast,
    GetProof,
)
BY_TOKEN = {function.token(): function for function in FUNCTIONS}
