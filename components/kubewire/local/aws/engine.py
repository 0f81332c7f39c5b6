"""moto as the engine: it keeps the state and does what a call asks. All of moto's own ways are known here alone."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Final

from moto.autoscaling.responses import AutoScalingResponse
from moto.core.exceptions import ServiceException
from moto.core.model import ListShape, MapShape, Shape
from moto.core.parse import RequestParserError
from moto.core.request import Request
from moto.core.responses import ActionResult, BaseResponse
from moto.core.serialize import ResponseSerializer, XFormedAttributePicker
from moto.core.utils import camelcase_to_underscores
from moto.ec2.responses import EC2Response
from moto.elbv2.responses import ELBV2Response
from moto.route53.responses import Route53
from moto.servicequotas.responses import ServiceQuotasResponse

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.refusal import Refusal

SERVICES: Final[Mapping[str, type[BaseResponse]]] = {
    "ec2": EC2Response,
    "elbv2": ELBV2Response,
    "route53": Route53,
    "service-quotas": ServiceQuotasResponse,
    "autoscaling": AutoScalingResponse,
}
_INTERNAL: Final = {
    "ec2": "InternalError",
    "elbv2": "InternalFailure",
    "route53": "InternalFailure",
    "service-quotas": "ServiceException",
    "autoscaling": "InternalFailure",
}

_UNREADABLE: Final = {
    "ec2": "InvalidParameterValue",
    "elbv2": "ValidationError",
    "route53": "InvalidInput",
    "service-quotas": "SerializationException",
    "autoscaling": "ValidationError",
}

_log = logging.getLogger(__name__)


def opened(service: str, request: Request) -> BaseResponse:
    """Moto's view of a request: account, region, and the parameters by the service's model.

    Raises:
        Refusal: the request can't be read: a number in it isn't one, say.
    """
    response: Any = SERVICES[service]  # unlike the class they derive from, they are made without arguments
    view: BaseResponse = response()
    # Not every service of moto's reads its parameters by the model.
    view.automated_parameter_parsing = True
    try:
        view.setup_class(request)
    except (ValueError, RequestParserError) as error:
        raise Refusal(_UNREADABLE[service], str(error)) from error
    return view


def run(call: Call) -> Answer:
    """Let moto do what a call asks.

    Raises:
        Refusal: moto refuses, can't do it, or fails in the attempt.
    """
    view = call.view
    view.params = dict(call.parameters)
    method = getattr(view, camelcase_to_underscores(call.operation), None)
    if method is None:
        raise _missing(call, call.operation)
    try:
        result: ActionResult = method()
        picker = XFormedAttributePicker(response_transformers=view.RESPONSE_KEY_PATH_TO_TRANSFORMER)
        return _Structure(call.model, value_picker=picker).of(result.result)
    except ServiceException as refusal:
        raise Refusal(refusal.code, refusal.message) from refusal
    except NotImplementedError as missing:
        raise _missing(call, str(missing)) from missing
    except Exception as failure:
        _log.exception("moto failed at %s with %s", call.operation, dict(call.parameters))
        message = f"An internal error has occurred (in moto: {failure!r})"
        raise Refusal(_INTERNAL[call.service], message, status=500) from failure


def _missing(call: Call, what: str) -> Refusal:
    """AWS has it and moto does not: said plainly, with a status that no client takes for a passing failure."""
    message = f"The embedded AWS does not have this of {call.service}'s {call.operation}: {what}"
    return Refusal("NotImplemented", message, status=501)


class _Structure(ResponseSerializer):
    """An answer of moto's as a plain structure, by the model's names: what a client would have read from its XML."""

    def of(self, result: object) -> Answer:
        """Take what the model names out of moto's objects."""
        written: dict[str, Any] = {}
        shape = self.operation_model.output_shape
        if shape is not None:
            self._serialize(written, result, _ours(shape), "")
        return written

    def get_serialized_name(self, shape: Shape, default_name: str) -> str:  # noqa: ARG002 - the wire's name is not wanted
        return default_name

    def _serialize_type_list(self, serialized: Any, value: Any, shape: ListShape, key: str) -> None:
        member = _ours(shape.member)
        items: list[Any] = []
        for item in value:
            written: dict[str, Any] = {}
            self._serialize(written, item, member, member.name)
            items.extend(written.values())
        serialized[key] = items

    def _serialize_type_map(self, serialized: Any, value: Any, shape: MapShape, key: str) -> None:
        written: dict[str, Any] = {}
        for name, item in value.items():
            self._serialize(written, item, _ours(shape.value), str(name))
        serialized[key] = written

    def _serialize_type_boolean(self, serialized: Any, value: Any, shape: Shape, key: str) -> None:  # noqa: ARG002 - the base class's signature
        serialized[key] = str(value).lower() == "true"

    def _serialize_type_string(self, serialized: Any, value: Any, shape: Shape, key: str) -> None:  # noqa: ARG002 - the base class's signature
        serialized[key] = str(value)

    def _serialize_type_timestamp(self, serialized: Any, value: Any, shape: Shape, key: str) -> None:  # noqa: ARG002 - the base class's signature
        serialized[key] = value


def _ours(shape: Any) -> Shape:
    """Botocore's types don't say that moto's resolver gives moto's shapes."""
    found: Shape = shape
    return found
