"""What AWS's error codes mean to a caller.

EC2 has some hundred codes and no list that says which are permanent, so the families are told by their form. Sources:
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html and the error shapes of botocore's models.
"""

from __future__ import annotations

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    HTTPClientError,
    IncompleteReadError,
    NoCredentialsError,
    ParamValidationError,
    PartialCredentialsError,
    ProxyConnectionError,
    SSOError,
    TokenRetrievalError,
)
from botocore.parsers import ResponseParserError

from kubewire.errors import CloudError, InUseError, NotFoundError, OutcomeUnknownError, RefusedError, ThrottledError

BotoError = BotoCoreError | ClientError | ResponseParserError
"""Everything that a call of a boto3 client raises for reasons outside this program."""

THROTTLES = frozenset(
    {
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "TooManyRequestsException",
        "PriorRequestNotComplete",
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "SlowDown",
        # Another change of the same Auto Scaling group goes on. It comes as a server error, and nothing was done:
        # https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AttachLoadBalancerTargetGroups.html
        "ResourceContention",
    }
)
TOO_MANY_REQUESTS = 429
NO_ANSWER_IN_TIME = frozenset({"RequestTimeout", "RequestTimeoutException"})
NOT_FOUND_ELSEWHERE = frozenset(
    {
        "LoadBalancerNotFound",
        "TargetGroupNotFound",
        "ListenerNotFound",
        "NoSuchHostedZone",
        "NatGatewayNotFound",
        "Gateway.NotAttached",
    }
)
IN_USE = frozenset(
    {
        "DependencyViolation",
        "ResourceInUse",
        "InvalidCidrBlock.InUse",
        "InvalidGroup.InUse",
        "InvalidIPAddress.InUse",
        "InvalidNetworkInterface.InUse",
    }
)
"""What a delete meets while something that used the object is still going away."""

NOT_IDENTIFIED = frozenset(
    {
        "AuthFailure",
        "InvalidClientTokenId",
        "UnrecognizedClientException",
        "SignatureDoesNotMatch",
        "ExpiredToken",
        "ExpiredTokenException",
        "RequestExpired",
    }
)
"""What AWS says to credentials that it doesn't know or take any more."""

NOT_CONNECTED = "NotConnected"
SERVER_ERROR = 500
CREDENTIALS_HINT = "Set a profile in `kubewire:profile`, or credentials in the environment (`aws configure`)."
RENEWAL_HINT = "Renew the credentials of the profile or the environment (`aws sso login`), and check the clock."


def translate(error: BotoError, operation: str) -> CloudError:
    """Turn boto3's error of a call into ours.

    Args:
        error: as boto3 raised it.
        operation: `ec2:CreateVpc`.
    """
    if isinstance(error, ClientError):
        return _answered(error, operation)
    if isinstance(error, NoCredentialsError):
        return no_credentials(operation)
    if isinstance(error, PartialCredentialsError | CredentialRetrievalError | TokenRetrievalError | SSOError):
        return RefusedError(str(error), code="NoCredentials", operation=operation, detail=RENEWAL_HINT)
    if isinstance(error, EndpointConnectionError | ConnectTimeoutError | ProxyConnectionError):
        # The connection was never made, so nothing was asked.
        detail = "Check the network, and the endpoint where one is set."
        return ThrottledError(f"{operation}: {error}", code=NOT_CONNECTED, operation=operation, detail=detail)
    if isinstance(error, HTTPClientError | IncompleteReadError):
        detail = "The connection broke before the answer came."
        return OutcomeUnknownError(f"{operation}: {error}", code="NoAnswer", operation=operation, detail=detail)
    if isinstance(error, ResponseParserError):
        detail = "Whoever answered isn't AWS: check the endpoint, and proxies on the way."
        return OutcomeUnknownError(f"{operation}: {error}", code="BadAnswer", operation=operation, detail=detail)
    code = "InvalidParameter" if isinstance(error, ParamValidationError) else type(error).__name__
    return RefusedError(f"{operation}: {error}", code=code, operation=operation)


def no_credentials(operation: str) -> RefusedError:
    """Say that no credentials were found."""
    return RefusedError("no AWS credentials found", code="NoCredentials", operation=operation, detail=CREDENTIALS_HINT)


def _answered(error: ClientError, operation: str) -> CloudError:
    body = error.response.get("Error", {})
    code, message = body.get("Code", "Unknown"), body.get("Message", str(error))
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    asked, detail = operation, f"AWS says {code}."
    if code in NOT_IDENTIFIED:
        detail = f"{detail} {RENEWAL_HINT}"
    if error.operation_name and not operation.endswith(f":{error.operation_name}"):
        # Taking on a role or a session happens inside of the call that first needs it.
        asked = f"{error.operation_name}, for {operation},"
    return _kind(code, status)(f"{asked} was refused: {message}", code=code, operation=operation, detail=detail)


def _kind(code: str, status: int) -> type[CloudError]:
    if code in THROTTLES or status == TOO_MANY_REQUESTS:
        return ThrottledError
    if code.endswith(".NotFound") or code in NOT_FOUND_ELSEWHERE:
        return NotFoundError
    if code in IN_USE:
        return InUseError
    if code.startswith("Insufficient"):
        # A lack of capacity is a server error to EC2, but a clear no.
        return RefusedError
    if status >= SERVER_ERROR or code in NO_ANSWER_IN_TIME:
        return OutcomeUnknownError
    return RefusedError
