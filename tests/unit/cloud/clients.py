"""Real boto3 clients whose HTTP answers are written beforehand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
from botocore.awsrequest import AWSResponse
from botocore.config import Config

Answer = AWSResponse | Exception
PLAIN = Config(retries={"total_max_attempts": 1})


class Raw:
    """The part of a response body that botocore reads."""

    def __init__(self, body: str) -> None:
        self._body = body.encode()

    def stream(self) -> list[bytes]:
        """Give the whole body."""
        return [self._body]


def answer(body: str, status: int = 200) -> AWSResponse:
    """Give an HTTP answer."""
    return AWSResponse("https://aws.test/", status, {}, Raw(body))  # type: ignore[arg-type]  # no more than botocore reads


def refusal(code: str, status: int = 400) -> AWSResponse:
    """Give EC2's answer of no."""
    error = f"<Error><Code>{code}</Code><Message>said so</Message></Error>"
    return answer(f"<Response><Errors>{error}</Errors><RequestID>1</RequestID></Response>", status)


def vpcs(*ids: str, more: str = "") -> AWSResponse:
    """Give a page of VPCs."""
    items = "".join(f"<item><vpcId>{vpc}</vpcId></item>" for vpc in ids)
    token = f"<nextToken>{more}</nextToken>" if more else ""
    return answer(f"<DescribeVpcsResponse><vpcSet>{items}</vpcSet>{token}</DescribeVpcsResponse>")


def client_of(service: str, answers: list[Answer], heard: list[str]) -> Any:
    """Make a client that gets these answers in turn.

    Args:
        service: `ec2`.
        answers: what comes back; errors are raised instead.
        heard: gets the body of each request.
    """
    session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name="eu-west-1")  # noqa: S106 - no secret
    make: Callable[..., Any] = session.client
    client = make(service, config=PLAIN)

    def send(request: Any, **_: Any) -> AWSResponse:
        heard.append(str(request.body))
        given = answers.pop(0)
        if isinstance(given, Exception):
            raise given
        return given

    client.meta.events.register("before-send", send)
    return client
