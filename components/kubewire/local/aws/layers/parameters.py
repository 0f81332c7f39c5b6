"""Whether a call's parameters fit AWS's own description of the operation. SDKs check only some of it themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.refusal import Refusal, invalid_parameter
from kubewire.local.aws.rules import Proceed

_CLASSES: Final = {
    r"\p{L}": r"\w",
    r"\p{N}": r"\d",
    r"\p{Z}": r"\s",
    r"\p{ASCII}": r"[\x00-\x7f]",
    # Java writes characters beyond 16 bits in two parts.
    r"\uD800\uDC00-\uDBFF\uDFFF": "\U00010000-\U0010ffff",
}
_CODES: Final = {
    "elbv2": "ValidationError",
    "route53": "InvalidInput",
    "service-quotas": "IllegalArgumentException",
    "autoscaling": "ValidationError",
}

# Where a rule of the operation has AWS's own words for a value that isn't in the list.
_TOLD_LATER: Final = {("DescribeInstanceTypes", "InstanceType")}


def checked(call: Call, proceed: Proceed) -> Answer:
    """Refuse what the service's model doesn't allow, in the words of the service."""
    if call.model.input_shape is not None:
        if call.service == "ec2":
            _ec2(call)
        else:
            _others(call)
    return proceed(call)


def _ec2(call: Call) -> None:
    """EC2 stops at the first mistake.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
    """
    for shape, name, value in _leaves(call.model.input_shape, call.parameters, ""):
        if value is None:
            raise Refusal("MissingParameter", f"The request must contain the parameter {_lower(name)}")
        if getattr(shape, "enum", None) and value not in shape.enum and (call.operation, shape.name) not in _TOLD_LATER:
            raise invalid_parameter(f"Invalid value '{value}' for {name.rpartition('.')[2]}.")


def _others(call: Call) -> None:
    """The newer services list all mistakes.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/CommonErrors.html
    https://docs.aws.amazon.com/Route53/latest/APIReference/CommonErrors.html
    """
    wrong = [
        f"Value {'null' if value is None else repr(str(value))} at '{_lower(name)}' failed to satisfy constraint: "
        f"Member must {constraint}"
        for shape, name, value in _leaves(call.model.input_shape, call.parameters, "")
        for constraint in _violated(shape, value)
    ]
    if wrong:
        count = f"{len(wrong)} validation error{'s' if len(wrong) > 1 else ''} detected"
        raise Refusal(_CODES[call.service], f"{count}: {'; '.join(wrong)}")


def _leaves(shape: Any, value: Any, path: str) -> Iterator[tuple[Any, str, Any]]:
    """All values with their shapes and paths, and None for each one that is required and missing."""
    if shape.type_name == "structure" and isinstance(value, Mapping):
        for name, member in shape.members.items():
            where = f"{path}.{name}" if path else name
            if value.get(name) is not None:
                yield from _leaves(member, value[name], where)
            elif name in shape.required_members:
                yield member, where, None
    elif shape.type_name == "list":
        for number, item in enumerate(value, start=1):
            yield from _leaves(shape.member, item, f"{path}.{number}.member")
        yield shape, path, value
    else:
        yield shape, path, value


def _violated(shape: Any, value: Any) -> Iterator[str]:
    if value is None:
        yield "not be null"
        return
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    measured, what = (value, "value") if isinstance(value, int | float) else (len(value), "length")
    if least is not None and measured < least:
        yield f"have {what} greater than or equal to {least}"
    if most is not None and measured > most:
        yield f"have {what} less than or equal to {most}"
    if shape.metadata.get("enum") and value not in shape.metadata["enum"]:
        yield f"satisfy enum value set: [{', '.join(shape.metadata['enum'])}]"
    pattern = shape.metadata.get("pattern")
    if pattern and not compiled(pattern).fullmatch(value):
        yield f"satisfy regular expression pattern: {pattern}"


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern of a service's model, which is Java's, as Python's: that has no letters, digits or blanks by class."""
    for java, python in _CLASSES.items():
        pattern = pattern.replace(java, python)
    return re.compile(pattern)


def _lower(path: str) -> str:
    """AWS names members with a small initial in its messages."""
    return ".".join(name[:1].lower() + name[1:] for name in path.split("."))
