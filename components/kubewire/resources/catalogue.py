"""Every kind of resource that the provider knows, one line each."""

from __future__ import annotations

from typing import Any

from kubewire.resources.base import Resource
from kubewire.resources.vpc import Vpc

RESOURCES: tuple[type[Resource[Any, Any]], ...] = (Vpc,)
BY_TOKEN = {resource.token(): resource for resource in RESOURCES}
