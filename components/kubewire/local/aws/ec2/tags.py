"""The tags of a thing."""

from __future__ import annotations

from kubewire.local.aws.call import Call


def tags_of(call: Call, identity: str) -> list[dict[str, str]]:
    """A thing's tags, as answers have them. moto's own way to them looks at the tags of everything."""
    # Asking its dict for one would make an entry for a thing without tags.
    return [{"Key": key, "Value": value} for key, value in call.ec2.tags.get(identity, {}).items()]
