"""ClientToken: a call that is sent again is answered again, and done once.

https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.refusal import Refusal
from kubewire.local.aws.rules import Proceed


@dataclass(frozen=True)
class _Done:
    parameters: Mapping[str, Any]
    answer: Answer


@dataclass
class _Tokens:
    done: dict[tuple[str, str], _Done] = field(default_factory=dict)


def repeated(call: Call, proceed: Proceed) -> Answer:
    """Answer a repeated call as the first time. A call that was refused has not used its token up.

    Route53's CallerReference is no such token: there AWS refuses the repetition.
    """
    token = call.parameters.get("ClientToken")
    if call.service != "ec2" or not token:
        return proceed(call)
    done = call.notes(_Tokens).done
    parameters = deepcopy(call.without("ClientToken", "DryRun").parameters)
    before = done.get((call.operation, token))
    if before is None:
        answer = proceed(call)
        done[call.operation, token] = _Done(parameters, deepcopy(answer))
        return answer
    if before.parameters != parameters:
        raise Refusal(
            "IdempotentParameterMismatch",
            "Arguments on this idempotent request are inconsistent with arguments used in previous request(s).",
        )
    return deepcopy(before.answer)
