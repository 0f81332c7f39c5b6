"""Lists come in pages, and a page is never longer than AWS makes it, whether the caller asks for pages or not.

Which lists have pages, and by which parameters, is in the pagination model that comes with each service's model.
Route53's lists of zones and records begin at a name instead of a token; they are in its area.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final
from uuid import uuid4

from moto.core.model import OperationModel
from moto.core.utils import get_pagination_model

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.refusal import Refusal, invalid_parameter
from kubewire.local.aws.rules import Proceed

# https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-pagination.html
LONGEST: Final = {"ec2": 1000, "elbv2": 400, "route53": 100, "service-quotas": 100, "autoscaling": 100}
_REMEMBERED: Final = 1000

# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html and its like say so for their own.
_EXCLUDES_IDS: Final = re.compile(r"(?:cannot|can't) specify this parameter and the [\w ]+ parameter")


@dataclass(frozen=True)
class Paging:
    """How one operation is paged."""

    token: str
    next_token: str
    size: str
    items: str
    least: int
    most: int
    excluded: str | None


@dataclass
class _Rest:
    """What a token stands for: the operation, and what is still to be listed.

    What was found at the first page is what later pages show, so that deleting while listing skips nothing.
    """

    pages: OrderedDict[str, tuple[str, list[Any]]] = field(default_factory=OrderedDict)

    def keep(self, operation: str, items: list[Any]) -> str:
        token = uuid4().hex
        self.pages[token] = operation, items
        if len(self.pages) > _REMEMBERED:
            self.pages.popitem(last=False)
        return token


def paged(call: Call, proceed: Proceed) -> Answer:
    """Answer with one page."""
    paging = paging_of(call.service, call.model)
    if paging is None:
        return proceed(call)
    size = call.parameters.get(paging.size)
    if size is not None:
        _check_size(call, paging, int(size))
    token = call.parameters.get(paging.token)
    rest = call.notes(_Rest)
    if token:
        operation, items = rest.pages.get(token, (None, []))
        if operation != call.operation:
            raise _invalid_token(call.service, paging, token)
        answer: Answer = {}
    else:
        answer = proceed(call.without(paging.size, paging.token))
        items = answer.get(paging.items, [])
    length = int(size) if size is not None else paging.most
    answer.pop(paging.next_token, None)
    answer[paging.items] = items[:length]
    if items[length:]:
        answer[paging.next_token] = rest.keep(call.operation, items[length:])
    return answer


@cache
def paging_of(service: str, model: OperationModel) -> Paging | None:
    """How an operation is paged; None if it isn't, or not by a token."""
    known = get_pagination_model(service).get(str(model.name))
    shape = model.input_shape
    if known is None or shape is None or "more_results" in known or not isinstance(known["result_key"], str):
        return None
    size = shape.members.get(known.get("limit_key", ""))
    if size is None:
        return None
    bounds = size.metadata
    excluded = _EXCLUDES_IDS.search(size.documentation)
    most = min(bounds.get("max", LONGEST[service]), LONGEST[service])
    return Paging(
        token=known["input_token"],
        next_token=known["output_token"],
        size=known["limit_key"],
        items=known["result_key"],
        least=bounds.get("min", 5 if service == "ec2" else 1),
        most=most,
        excluded=_ids(shape.members) if excluded else None,
    )


def _ids(members: Any) -> str | None:
    return next((name for name, shape in members.items() if shape.type_name == "list" and name.endswith("Ids")), None)


def _check_size(call: Call, paging: Paging, size: int) -> None:
    """Refuse sizes that the operation doesn't have. The other services' models have been checked before."""
    if call.service != "ec2":
        return
    name = paging.size[0].lower() + paging.size[1:]
    if size < paging.least:
        raise invalid_parameter(
            f"Value ( {size} ) for parameter {name} is invalid. Expecting a value greater than {paging.least}."
        )
    if size > paging.most:
        raise invalid_parameter(
            f"Value ( {size} ) for parameter {name} is invalid. Expecting a value less than {paging.most}."
        )
    if paging.excluded and call.parameters.get(paging.excluded):
        ids = call.model.input_shape.members[paging.excluded] if call.model.input_shape else None
        what = ids.serialization.get("name", paging.excluded) if ids else paging.excluded
        raise Refusal(
            "InvalidParameterCombination",
            f"The parameter {what[0].lower()}{what[1:]} cannot be used with the parameter {name}",
        )


def _invalid_token(service: str, paging: Paging, token: str) -> Refusal:
    if service == "ec2":
        return Refusal("InvalidNextToken", f"The token '{token}' is invalid")
    if service == "elbv2":
        return Refusal("ValidationError", f"Invalid {paging.token.lower()}: '{token}'")
    if service == "autoscaling":
        return Refusal("InvalidNextToken", f"The token '{token}' is invalid.")
    if service == "service-quotas":
        return Refusal("InvalidPaginationTokenException", "Invalid token was used.")
    return Refusal("InvalidPaginationToken", f"The pagination token '{token}' is invalid")
