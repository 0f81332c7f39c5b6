"""The provider's configuration as the engine sends it.

The engine writes what isn't a string as JSON in one, and may not know every value yet in a preview.
"""

from __future__ import annotations

import json
import types
from collections.abc import Mapping
from typing import Any, Union, get_args, get_origin

from kubewire.cloud.config import CloudConfig
from kubewire.deferred import is_deferred
from kubewire.errors import InvalidInputError
from kubewire.provider.protocol import Wire

ENGINE_KEYS = {"version", "pluginDownloadURL", "pluginChecksums", "__internal"}
"""What the engine adds to a provider's configuration for itself."""


def decoded(config: Wire) -> Wire:
    """Read a configuration.

    Raises:
        InvalidInputError: a value should be JSON and isn't.
    """
    return {key: _value(key, value) for key, value in config.items() if key not in ENGINE_KEYS}


def known(value: Any) -> Any:
    """Leave out what isn't known yet. The engine asks again when it is, and makes no call before."""
    match value:
        case Mapping():
            return {key: known(item) for key, item in value.items() if not is_deferred(item)}
        case list():
            return [known(item) for item in value if not is_deferred(item)]
        case _:
            return value


def _value(key: str, value: Any) -> Any:
    if not isinstance(value, str) or key not in STRUCTURED:
        return value
    try:
        return json.loads(value)
    except json.JSONDecodeError as error:
        detail = f'Write an object, `{{"key": "value"}}`, or set one key at a time: `pulumi config set --path kubewire:{key}.KEY VALUE`.'  # noqa: E501 - one command, in one line
        raise InvalidInputError(f"not JSON: {error}", detail=detail, path=key) from error


def _is_text(annotation: Any) -> bool:
    if get_origin(annotation) in (Union, types.UnionType):
        return all(_is_text(choice) for choice in get_args(annotation) if choice is not types.NoneType)
    return annotation is str


STRUCTURED = frozenset(
    field.alias or name for name, field in CloudConfig.model_fields.items() if not _is_text(field.annotation)
)
