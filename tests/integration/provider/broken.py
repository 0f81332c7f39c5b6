"""A plugin with every way to fail, for a process of its own: `python broken.py ENGINE_ADDRESS`."""

# ruff: noqa: ARG002 - a verb takes what Provider says

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from kubewire.errors import PartlyCreatedError, RefusedError
from kubewire.provider.kubewire import KubewireProvider
from kubewire.provider.launcher import serve
from kubewire.provider.protocol import Found, Subject, Wire

ROWS = {f"100.64.{number // 256}.{number % 256}/32": {"target": f"eni-{number:017x}"} for number in range(2000)}


class BrokenProvider(KubewireProvider):
    """Fails in each verb in another way."""

    def diff(self, subject: Subject, old: Wire, new: Wire) -> NoReturn:
        """Have a bug."""
        raise KeyError("Vpcs")

    def create(self, subject: Subject, inputs: Wire, *, preview: bool) -> NoReturn:
        """Make a large object, and not finish it."""
        cause = RefusedError("too many routes", code="Limit", operation="ec2:CreateRoute", detail="Ask for more.")
        raise PartlyCreatedError(cause, resource_id="rtb-1", state={**inputs, "routes": ROWS})

    def update(self, subject: Subject, old: Wire, new: Wire, *, preview: bool) -> Wire:
        """Have a bug after something was made."""
        rows: Wire = {}
        try:
            rows["RouteTables"].strip()
        except KeyError as error:
            cause = RefusedError(str(error), code="x", operation="x")
            raise PartlyCreatedError(cause, resource_id="rtb-1", state={}) from error
        return rows

    def read(self, subject: Subject, state: Mapping[str, Any], inputs: Mapping[str, Any]) -> Found | None:
        """Be asked to stop."""
        raise InterruptedError("stopped while waiting, as asked")

    def delete(self, subject: Subject, state: Wire) -> NoReturn:
        """Be refused."""
        raise RefusedError("not yours", code="UnauthorizedOperation", operation="ec2:DeleteVpc", detail="Ask for it.")


if __name__ == "__main__":
    serve(BrokenProvider())
