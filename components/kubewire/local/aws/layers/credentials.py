"""Who may call at all.

The embedded AWS has no users: any key is as good as another, unless the configuration names it as rejected. That is
enough to see what a program says to a key that AWS doesn't know.
"""

from __future__ import annotations

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.refusal import Refusal
from kubewire.local.aws.rules import Proceed


def checked(call: Call, proceed: Proceed) -> Answer:
    """Refuse calls without a signature, and those of a rejected key.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/CommonErrors.html
    https://docs.aws.amazon.com/Route53/latest/APIReference/CommonErrors.html
    """
    if call.access_key is None:
        raise Refusal("MissingAuthenticationToken", "Request is missing Authentication Token", status=403)
    if call.access_key in call.emulator.settings.rejected_keys:
        if call.service == "ec2":
            raise Refusal("AuthFailure", "AWS was not able to validate the provided access credentials", status=401)
        if call.service == "service-quotas":
            # JSON services say it in their own word: https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/CommonErrors.html
            raise Refusal("UnrecognizedClientException", "The security token included in the request is invalid.")
        raise Refusal("InvalidClientTokenId", "The security token included in the request is invalid.", status=403)
    return proceed(call)
