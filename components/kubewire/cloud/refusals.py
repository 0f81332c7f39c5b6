"""What AWS's error codes mean to a caller.

EC2 has some hundred codes and no list that says which are permanent, so the families are told by their form. Sources:
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html and the error shapes of botocore's models.
"""

from __future__ import annotations

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    NoCredentialsError,
    ParamValidationError,
)

from kubewire.errors import CloudError, NotFoundError, OutcomeUnknownError, RefusedError, ThrottledError

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
        "LimitExceededException",
        "EC2ThrottledException",
    }
)
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
IN_USE = frozenset({"DependencyViolation", "ResourceInUse", "InvalidGroup.InUse", "InvalidIPAddress.InUse"})
"""What a delete meets while something that used the object is still going away."""

NOT_CONNECTED = "NotConnected"
SERVER_ERROR = 500


def translate(error: BotoCoreError | ClientError, operation: str) -> CloudError:
    """Turn boto3's error of a call into ours.

    Args:
        error: as boto3 raised it.
        operation: `ec2:CreateVpc`.
    """
    if isinstance(error, ClientError):
        return _answered(error, operation)
    if isinstance(error, NoCredentialsError):
        detail = "Set a profile in `kubewire:profile`, or credentials in the environment (`aws configure`)."
        return RefusedError("no AWS credentials found", code="NoCredentials", operation=operation, detail=detail)
    if isinstance(error, EndpointConnectionError | ConnectTimeoutError):
        # The connection was never made, so nothing was asked.
        return ThrottledError(str(error), code=NOT_CONNECTED, operation=operation)
    if isinstance(error, HTTPClientError):
        return OutcomeUnknownError(str(error), code="NoAnswer", operation=operation)
    code = "InvalidParameter" if isinstance(error, ParamValidationError) else type(error).__name__
    return RefusedError(str(error), code=code, operation=operation)


def _answered(error: ClientError, operation: str) -> CloudError:
    body = error.response.get("Error", {})
    code, message = body.get("Code", "Unknown"), body.get("Message", str(error))
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    kind: type[CloudError] = RefusedError
    if code in THROTTLES:
        kind = ThrottledError
    elif code.endswith(".NotFound") or code in NOT_FOUND_ELSEWHERE:
        kind = NotFoundError
    elif status >= SERVER_ERROR:
        kind = OutcomeUnknownError
    return kind(f"{operation} was refused: {message}", code=code, operation=operation, detail=f"AWS says {code}.")
