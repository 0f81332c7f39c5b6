"""Which call a request is, and how an answer is written: both by the service's own model."""

from __future__ import annotations

import re
from typing import Any, Final
from uuid import uuid4

from moto.core.model import OperationModel, ServiceModel
from moto.core.request import Request
from moto.core.routing import get_service_router
from moto.core.serialize import AttributePickerContext, SerializationContext, get_serializer_class
from moto.core.utils import get_service_model
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from kubewire.local.aws.call import Answer
from kubewire.local.aws.refusal import Refusal

_CREDENTIAL: Final = re.compile(r"Credential=(?P<key>[^/]+)/\d{8}/[^/]*/(?P<service>[^/]+)/aws4_request")
# Who signs for elasticloadbalancing may mean its first generation, too; the version tells.
_SIGNED: Final = {"ec2": "ec2", "elasticloadbalancing": "elbv2", "route53": "route53", "autoscaling": "autoscaling"}
_VERSIONS: Final = {"2016-11-15": "ec2", "2015-12-01": "elbv2", "2011-01-01": "autoscaling"}
_ROUTE53_PATH: Final = "/2013-04-01/"
# JSON services name the operation in a header, after their version.
TARGETS: Final = {"ServiceQuotasV20190624": "service-quotas"}


def service_of(request: Request) -> str | None:
    """Which of the strict services a request is for, signed or not."""
    if request.path.startswith(_ROUTE53_PATH):
        return "route53"
    target = request.headers.get("X-Amz-Target", "").partition(".")[0]
    if target in TARGETS:
        return TARGETS[target]
    signed = _CREDENTIAL.search(request.headers.get("Authorization", ""))
    if signed and signed["service"] not in _SIGNED:
        return None
    return _VERSIONS.get(request.values.get("Version", ""))


def access_key_of(request: Request) -> str | None:
    """Who signed a request; nobody looks at the signature itself."""
    signed = _CREDENTIAL.search(request.headers.get("Authorization", ""))
    return signed["key"] if signed else None


def operation_of(service: str, request: Request) -> OperationModel:
    """Which operation a request is.

    Raises:
        Refusal: the service has none like it.
    """
    model = get_service_model(service)
    if service == "route53":
        try:
            return get_service_router(service).match(request)[0]
        except NotFound as error:
            raise Refusal("UnknownOperationException", "Unknown operation", status=404) from error
    if service in TARGETS.values():
        target = request.headers["X-Amz-Target"].partition(".")[2]
        if target not in model.operation_names:
            raise Refusal("UnknownOperationException", "The requested operation is not supported.")
        named: OperationModel = model.operation_model(target)
        return named
    action = request.values.get("Action")
    if action is None:
        raise Refusal("MissingAction", "The request must contain the parameter Action")
    if action not in model.operation_names:
        if service == "ec2":
            raise Refusal("InvalidAction", f"The action {action} is not valid for this web service.")
        raise Refusal("InvalidAction", f"Could not find operation {action} for version {model.api_version}")
    found: OperationModel = model.operation_model(action)
    return found


def answered(model: OperationModel, answer: Answer) -> Response:
    """Write an answer."""
    return _written(model, answer)


def refused(service: str, refusal: Refusal) -> Response:
    """Write a refusal. What was asked for doesn't matter to its form."""
    model = get_service_model(service)
    response = _written(OperationModel({"name": ""}, model), refusal)
    if refusal.status is not None:
        response.status_code = refusal.status
    return response


def _written(model: OperationModel, result: Answer | Refusal) -> Response:
    service: ServiceModel = model.service_model
    identity = str(uuid4())
    write = get_serializer_class(str(service.service_name), str(service.protocol))
    serializer = write(model, context=SerializationContext(identity), value_picker=_member)
    written = serializer.serialize(result)
    response = Response(written["body"], written["status_code"], dict(written["headers"]))
    response.headers["x-amzn-RequestId"] = identity
    return response


def _member(context: AttributePickerContext) -> Any:
    """A member of what is written. A refusal's message has been written already when its fields are asked for."""
    written = context.obj
    return (written.fields if isinstance(written, Refusal) else written).get(context.key)
