"""What an id of EC2's looks like, and AWS's words about one that doesn't."""

from __future__ import annotations

import re

from kubewire.local.aws.refusal import Refusal


def well_formed(code: str, prefix: str, identity: str) -> None:
    """Make sure that an id could be one of its kind.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html

    Args:
        code: AWS's error code for this kind, without what follows its dot.
        prefix: what ids of this kind begin with.
        identity: the one at hand.

    Raises:
        Refusal: it can't.
    """
    if not re.fullmatch(rf"{prefix}-[0-9a-f]+", identity):
        raise Refusal(f"{code}.Malformed", f'Invalid id: "{identity}" (expecting "{prefix}-...")')
