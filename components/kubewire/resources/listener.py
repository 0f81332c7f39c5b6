"""A listener of a network load balancer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import Field, ValidationInfo, model_validator

from kubewire.deferred import Later
from kubewire.errors import InvalidInputError
from kubewire.found import Found, is_declared
from kubewire.model import REPLACE, UNIQUE, PortNumber, Ref
from kubewire.resources.base import NamedArgs, Resource
from kubewire.resources.calls import Calls, counted, made_or_retagged
from kubewire.resources.elb import TransportProtocol, name_in, read_as
from kubewire.resources.elb_tags import on_create, owned, pairs, require_own, retag, tags_of
from kubewire.resources.references import named
from kubewire.resources.tagging import named_fields
from kubewire.resources.tls import NO_ALPN, TLS_POLICY, AlpnPolicy, checked_policy

if TYPE_CHECKING:
    from types_boto3_elbv2.type_defs import ActionOutputTypeDef, ListenerTypeDef


def _default_policy(fields: dict[str, Any]) -> str | None:
    return TLS_POLICY if fields.get("protocol") is TransportProtocol.TLS else None


class ListenerArgs(NamedArgs):
    """Inputs of a listener."""

    load_balancer: Annotated[Ref, REPLACE]
    """The load balancer that listens; its id is its ARN."""
    port: PortNumber
    """The port that clients connect to."""
    protocol: TransportProtocol
    """What clients speak. The target group takes the same; after TLS, it may take TCP."""
    target_group: Annotated[Ref, UNIQUE]
    """Where it all goes; its id is its ARN. AWS lets one load balancer at a time use a group."""
    certificate: Later[str | None] = None
    """ARN of the server's certificate; needed for TLS, and only there."""
    tls_policy: str | None = Field(default_factory=_default_policy)
    """The security policy of TLS. Default: TLS 1.3 and 1.2 alone."""
    alpn: AlpnPolicy | None = None
    """With TLS, which application protocol is agreed on with clients. Default: none."""

    @model_validator(mode="after")
    def _check(self, info: ValidationInfo) -> Self:
        if not is_declared(type(self), info):
            return self
        if self.tls_policy is not None:
            checked_policy(self.tls_policy, "tlsPolicy")
        for path, value in (("certificate", self.certificate), ("tlsPolicy", self.tls_policy)):
            if value is None and self.protocol is TransportProtocol.TLS:
                raise InvalidInputError("required for TLS", path=path)
        tls = {"certificate": self.certificate, "tlsPolicy": self.tls_policy, "alpn": self.alpn}
        for path, value in tls.items():
            if value is not None and self.protocol is not TransportProtocol.TLS:
                raise InvalidInputError("only for TLS", detail=f"The protocol is {self.protocol}.", path=path)
        return self

    def server(self) -> dict[str, Any]:
        """Write what TLS needs as parameters of CreateListener and ModifyListener."""
        if self.protocol is not TransportProtocol.TLS:
            return {}
        alpn = {"AlpnPolicy": [self.alpn.value]} if self.alpn else {}
        return {"Certificates": [{"CertificateArn": self.certificate}], "SslPolicy": self.tls_policy, **alpn}


class ListenerState(ListenerArgs, Found):
    """A listener as it is."""


class Listener(Resource[ListenerArgs, ListenerState]):
    """A port of a load balancer, and the target group behind it. Its id is its ARN."""

    Args, State = ListenerArgs, ListenerState

    @classmethod
    def calls(cls, old: ListenerState | None, new: ListenerArgs) -> Calls:
        changed = old is not None and (
            (old.port, old.protocol, old.target_group.id) != (new.port, new.protocol, new.target_group.id)
            or old.server() != new.server()
        )
        return made_or_retagged("elbv2:CreateListener", old, new) + counted("elbv2", ModifyListener=changed)

    def find(self, args: ListenerArgs) -> list[str]:
        # Whatever its port: one made with another port can be changed to this one.
        answer = self.cloud.elbv2.describe_listeners(LoadBalancerArn=args.load_balancer.id)
        return owned(self.cloud, self.owner, [item["ListenerArn"] for item in answer["Listeners"]])

    def create(self, args: ListenerArgs) -> str:
        made = self.cloud.elbv2.create_listener(
            LoadBalancerArn=args.load_balancer.id,
            Port=args.port,
            Protocol=args.protocol.value,
            DefaultActions=[{"Type": "forward", "TargetGroupArn": args.target_group.id}],
            Tags=on_create(args, self.owner),
            **args.server(),
        )
        arn = made["Listeners"][0]["ListenerArn"]
        what = f"a listener on port {args.port} of load balancer {args.load_balancer.name}"
        return require_own(self.cloud, self.owner, arn, what)

    def read(self, object_id: str, known: ListenerArgs | None) -> ListenerState | None:
        listeners = self.cloud.elbv2.describe_listeners(ListenerArns=[object_id])["Listeners"]
        if not listeners:
            return None
        listener = listeners[0]
        protocol = read_as(TransportProtocol, listener["Protocol"], object_id)
        certificates = listener.get("Certificates", []) if protocol is TransportProtocol.TLS else []
        balancer, group = listener["LoadBalancerArn"], _forwarded_to(listener, known.target_group.id if known else None)
        return ListenerState(
            **named_fields(pairs(tags_of(self.cloud, [object_id]).get(object_id, {}))),
            load_balancer=named(balancer, known.load_balancer if known else None, _by_arn(balancer)),
            port=listener["Port"],
            protocol=protocol,
            target_group=named(group, known.target_group if known else None, _by_arn(group)),
            certificate=certificates[0]["CertificateArn"] if certificates else None,
            tls_policy=listener.get("SslPolicy") if protocol is TransportProtocol.TLS else None,
            alpn=_alpn(listener) if protocol is TransportProtocol.TLS else None,
        )

    def converge(self, object_id: str, old: ListenerState, new: ListenerArgs) -> ListenerState:
        changed: dict[str, Any] = {}
        if new.port != old.port:
            changed["Port"] = new.port
        if new.protocol != old.protocol:
            changed["Protocol"] = new.protocol.value
        if new.target_group.id != old.target_group.id:
            changed["DefaultActions"] = [{"Type": "forward", "TargetGroupArn": new.target_group.id}]
        if new.server() != old.server():
            # What isn't given stays as it is.
            changed |= {"AlpnPolicy": [NO_ALPN]} if old.alpn and new.server() else {}
            changed |= new.server()
        if changed:
            self.cloud.elbv2.modify_listener(ListenerArn=object_id, **changed)
        retag(self.cloud, object_id, old, new, self.owner)
        return old.model_copy(update=dict(new))

    def delete(self, object_id: str, state: ListenerState) -> None:
        self.cloud.elbv2.delete_listener(ListenerArn=object_id)


def _alpn(listener: ListenerTypeDef) -> AlpnPolicy | None:
    given = [policy for policy in listener.get("AlpnPolicy", []) if policy != NO_ALPN]
    return read_as(AlpnPolicy, given[0], listener["ListenerArn"]) if given else None


def _by_arn(arn: str) -> Ref:
    return Ref(name=name_in(arn), id=arn)


def _forwarded_to(listener: ListenerTypeDef, known: str | None) -> str:
    """Give the target group that a listener sends to. Of several with weights, one that it wasn't told of."""
    found = [arn for action in listener["DefaultActions"] for arn in _groups(action)]
    return next((arn for arn in found if arn != known), found[0] if found else "")


def _groups(action: ActionOutputTypeDef) -> Iterator[str]:
    if arn := action.get("TargetGroupArn"):
        yield arn
    for group in action.get("ForwardConfig", {}).get("TargetGroups", []):
        yield group.get("TargetGroupArn", "")
