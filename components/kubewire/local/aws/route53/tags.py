"""Tags of hosted zones and health checks.

https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeTagsForResource.html
https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListTagsForResource.html
"""

from __future__ import annotations

from typing import Final

from kubewire.local.aws.call import Call
from kubewire.local.aws.refusal import Refusal
from kubewire.local.aws.route53.account import no_such_zone
from kubewire.local.aws.route53.health_checks import no_such_check
from kubewire.local.aws.rules import before

MOST: Final = 10
_RESERVED: Final = "aws:"


@before("route53", "ChangeTagsForResource", "ListTagsForResource", "ListTagsForResources")
def tagged_exists(call: Call) -> None:
    """Refuse tags of what isn't there; moto looks only when tags are changed, and only for zones."""
    given = call.parameters
    for identity in given.get("ResourceIds", [given.get("ResourceId")]):
        if given["ResourceType"] == "hostedzone" and identity not in call.route53.zones:
            raise no_such_zone(identity)
        if given["ResourceType"] == "healthcheck" and identity not in call.route53.health_checks:
            raise no_such_check(identity)


@before("route53", "ChangeTagsForResource")
def tags_fit(call: Call) -> None:
    """Refuse to change nothing, AWS's own tags, one key twice, and more than ten tags in all."""
    given = call.parameters
    keys = [tag.get("Key", "") for tag in given.get("AddTags", [])]
    removed = given.get("RemoveTagKeys", [])
    if not keys and not removed:
        raise Refusal("InvalidInput", "You must specify at least one of AddTags and RemoveTagKeys.")
    if any(key.lower().startswith(_RESERVED) for key in (*keys, *removed)):
        raise Refusal("InvalidInput", f"Tag keys that begin with '{_RESERVED}' are reserved for AWS use.")
    if len({*keys, *removed}) < len(keys) + len(removed):
        raise Refusal("InvalidInput", "The same tag key is specified more than once.")
    present = call.route53.resource_tags.get(given["ResourceId"], {})
    if len((set(present) | set(keys)) - set(removed)) > MOST:
        raise Refusal("InvalidInput", f"A resource can't have more than {MOST} tags.")
