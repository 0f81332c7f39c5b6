from __future__ import annotations

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    IncompleteReadError,
    NoCredentialsError,
    ParamValidationError,
    ProxyConnectionError,
    ReadTimeoutError,
    SSLError,
    UnauthorizedSSOTokenError,
)
from botocore.parsers import ResponseParserError

from kubewire.cloud.refusals import NOT_CONNECTED, translate
from kubewire.errors import CloudError, InUseError, NotFoundError, OutcomeUnknownError, RefusedError, ThrottledError


def answer(code: str, status: int = 400, operation: str = "DeleteVpc") -> ClientError:
    error = {"Code": code, "Message": "said so"}
    return ClientError({"Error": error, "ResponseMetadata": {"HTTPStatusCode": status}}, operation)  # type: ignore[typeddict-item]  # the rest of an answer doesn't matter


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("InvalidVpcID.NotFound", 400, NotFoundError),
        ("InvalidGroup.NotFound", 400, NotFoundError),
        ("LoadBalancerNotFound", 400, NotFoundError),
        ("NoSuchHostedZone", 404, NotFoundError),
        ("NatGatewayNotFound", 400, NotFoundError),
        ("RequestLimitExceeded", 503, ThrottledError),
        ("Throttling", 400, ThrottledError),
        ("PriorRequestNotComplete", 400, ThrottledError),
        ("AnythingElse", 429, ThrottledError),
        ("DependencyViolation", 400, InUseError),
        ("ResourceInUse", 400, InUseError),
        ("InvalidCidrBlock.InUse", 400, InUseError),
        ("InternalError", 500, OutcomeUnknownError),
        ("Unavailable", 503, OutcomeUnknownError),
        ("RequestTimeout", 400, OutcomeUnknownError),
        ("InsufficientInstanceCapacity", 500, RefusedError),
        ("InsufficientAddressCapacity", 503, RefusedError),
        ("VpcLimitExceeded", 400, RefusedError),
        ("InvalidParameterValue", 400, RefusedError),
        ("UnauthorizedOperation", 403, RefusedError),
        ("InvalidVpcID.Malformed", 400, RefusedError),
    ],
)
def test_what_aws_answers(code: str, status: int, kind: type[CloudError]) -> None:
    error = translate(answer(code, status), "ec2:DeleteVpc")
    assert type(error) is kind
    assert (error.code, error.operation) == (code, "ec2:DeleteVpc")
    assert str(error) == f"ec2:DeleteVpc was refused: said so\n  AWS says {code}."


@pytest.mark.parametrize("code", ["ExpiredToken", "AuthFailure", "InvalidClientTokenId", "RequestExpired"])
def test_credentials_that_aws_does_not_take_come_with_the_way_out(code: str) -> None:
    error = translate(answer(code, 403), "ec2:DeleteVpc")
    assert type(error) is RefusedError
    assert "Renew the credentials" in error.detail


def test_a_role_that_can_not_be_taken_on_is_named() -> None:
    error = translate(answer("AccessDenied", 403, "AssumeRole"), "ec2:DescribeVpcs")
    assert error.summary == "AssumeRole, for ec2:DescribeVpcs, was refused: said so"
    assert error.operation == "ec2:DescribeVpcs"


def test_an_answer_without_a_body_is_told_apart() -> None:
    error = translate(ClientError({}, "DeleteVpc"), "ec2:DeleteVpc")
    assert (type(error), error.code) == (RefusedError, "Unknown")


URL = "https://ec2.eu-west-1.amazonaws.com/"


@pytest.mark.parametrize(
    ("failure", "kind", "code"),
    [
        (EndpointConnectionError(endpoint_url=URL), ThrottledError, NOT_CONNECTED),
        (ConnectTimeoutError(endpoint_url=URL), ThrottledError, NOT_CONNECTED),
        (ProxyConnectionError(proxy_url=URL), ThrottledError, NOT_CONNECTED),
        (ReadTimeoutError(endpoint_url=URL), OutcomeUnknownError, "NoAnswer"),
        (ConnectionClosedError(endpoint_url=URL), OutcomeUnknownError, "NoAnswer"),
        (IncompleteReadError(actual_bytes=1, expected_bytes=2), OutcomeUnknownError, "NoAnswer"),
        (ResponseParserError("no XML"), OutcomeUnknownError, "BadAnswer"),
        (SSLError(endpoint_url=URL, error=OSError("self-signed")), RefusedError, "SSLError"),
        (NoCredentialsError(), RefusedError, "NoCredentials"),
        (CredentialRetrievalError(provider="sso", error_msg="expired"), RefusedError, "NoCredentials"),
        (UnauthorizedSSOTokenError(), RefusedError, "NoCredentials"),
        (ParamValidationError(report="no such parameter"), RefusedError, "InvalidParameter"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_what_is_no_answer_of_aws(
    failure: BotoCoreError | ResponseParserError, kind: type[CloudError], code: str
) -> None:
    error = translate(failure, "ec2:CreateVpc")
    assert (type(error), error.code, error.operation) == (kind, code, "ec2:CreateVpc")
    assert error.summary
