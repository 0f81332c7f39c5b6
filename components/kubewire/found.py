"""What was found in AWS, told from what is declared.

Others make, and AWS leaves, what nobody could declare: a route into a black hole, more rules than a group may have. A
state holds it as it is, so that the difference shows, and so do the inputs that the engine keeps after a refresh. What
can't be declared is refused of declared inputs alone.
"""

from __future__ import annotations

from typing import Any, Final

from pydantic import ValidationInfo

FOUND: Final = {"found": True}
"""The context in which what the engine remembers is validated."""


class Found:
    """Marks states that may hold what can't be declared."""


def is_declared(model: type[Any], info: ValidationInfo) -> bool:
    """Whether a model that is being validated is somebody's declaration, and not what was found."""
    return not issubclass(model, Found) and info.context != FOUND
