"""DryRun: whether a call would be allowed, without doing it."""

from __future__ import annotations

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.refusal import Refusal
from kubewire.local.aws.rules import Proceed


def answered(call: Call, proceed: Proceed) -> Answer:
    """Say that a dry run would have succeeded: everybody may do everything here.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html (DryRunOperation)
    """
    if call.service == "ec2" and call.parameters.get("DryRun"):
        raise Refusal("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", status=412)
    return proceed(call)
