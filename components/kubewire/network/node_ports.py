"""The ports of NodePort Services."""

from __future__ import annotations

from pydantic import model_validator

from kubewire.errors import InvalidInputError
from kubewire.model import Described, PortNumber
from kubewire.network.sources import Source


class NodePortRange(Described):
    """The ports that NodePort Services may use: the API server's `--service-node-port-range`."""

    # Kubernetes' default: https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/
    first: PortNumber = 30000
    last: PortNumber = 32767
    sources: tuple[Source, ...] = ()
    """Who may reach all of them, whichever Services have them: Services that others declare, too. Default: nobody, and
    a Service opens its own ports to its own sources."""

    @model_validator(mode="after")
    def _is_a_range(self) -> NodePortRange:
        if self.first > self.last:
            raise InvalidInputError(f"{self.first} to {self.last} is no range", detail="Swap the two.")
        return self

    def claim(self, port: int, service: str, holders: dict[int, str], path: str) -> None:
        """Take a port for a Service; `holders` says whose the others are.

        Raises:
            InvalidInputError: it's outside the range, or another Service has it.
        """
        if not self.first <= port <= self.last:
            detail = f"This cluster's node ports are {self.first} to {self.last} (`nodePorts` of the network)."
            raise InvalidInputError(f"{port} is no node port", detail=detail, path=path)
        holder = holders.setdefault(port, service)
        if holder != service:
            # https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport; the server refuses it
            detail = "A node port serves one Service, whatever the protocol. Choose another one."
            raise InvalidInputError(f"{port} belongs to {holder} already", detail=detail, path=path)
