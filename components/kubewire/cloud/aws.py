"""The APIs as the resources' verbs see them, each client made when it's first used."""

from __future__ import annotations

import os
import threading
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import boto3
import botocore.session
from botocore.config import Config
from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials
from botocore.exceptions import BotoCoreError

from kubewire.cloud.client import Client
from kubewire.cloud.clock import SystemClock
from kubewire.cloud.config import AssumeRole, CloudConfig
from kubewire.cloud.kubernetes import ServiceStatuses
from kubewire.errors import InvalidInputError

if TYPE_CHECKING:
    from types_boto3_ec2 import EC2Client
    from types_boto3_elbv2 import ElasticLoadBalancingv2Client
    from types_boto3_route53 import Route53Client

# Retries are ours (see client.py); a lost answer is noticed after a minute.
CLIENT_CONFIG = Config(
    retries={"total_max_attempts": 1, "mode": "standard"},
    connect_timeout=5,
    read_timeout=60,
    max_pool_connections=64,
    user_agent_extra="kubewire",
)


class AwsCloud:
    """A `kubewire.resources.base.Cloud` for one account and region, and one cluster."""

    def __init__(self, config: CloudConfig, clock: SystemClock | None = None) -> None:
        self.config = config
        self.clock = clock or SystemClock()
        self._making = threading.Lock()

    @cached_property
    def ec2(self) -> EC2Client:
        """Networks and machines."""
        return cast("EC2Client", self._client("ec2"))

    @cached_property
    def elbv2(self) -> ElasticLoadBalancingv2Client:
        """Load balancers."""
        return cast("ElasticLoadBalancingv2Client", self._client("elbv2"))

    @cached_property
    def route53(self) -> Route53Client:
        """DNS."""
        return cast("Route53Client", self._client("route53"))

    @cached_property
    def services(self) -> ServiceStatuses:
        """Status of Kubernetes Services."""
        return ServiceStatuses(self.config.kubeconfig, self.config.context)

    @cached_property
    def _session(self) -> boto3.Session:
        try:
            session = boto3.Session(profile_name=self.config.profile, region_name=self.config.region)
        except BotoCoreError as error:
            raise InvalidInputError(str(error), path="profile") from error
        if session.region_name is None:
            # boto3 reads AWS_DEFAULT_REGION alone; AWS's other tools read AWS_REGION.
            session = boto3.Session(profile_name=self.config.profile, region_name=os.environ.get("AWS_REGION"))
        if session.region_name is None:
            detail = "Set `kubewire:region` in the stack's configuration, or AWS_REGION."
            raise InvalidInputError("no AWS region", detail=detail, path="region")
        return _assuming(session, self.config.assume_role) if self.config.assume_role else session

    def _client(self, service: str) -> Client:
        # `client` has an overload a service; the name here is one of three. Making clients isn't thread-safe.
        with self._making:
            make: Any = self._session.client
            return Client(make(service, endpoint_url=self.config.endpoint, config=CLIENT_CONFIG), self.clock)


def _assuming(session: boto3.Session, role: AssumeRole) -> boto3.Session:
    """Give a session whose credentials are a role's, renewed before they expire."""
    source = session._session  # noqa: SLF001 - boto3 has no public way to refreshable role credentials
    extra = {"RoleSessionName": role.session_name}
    if role.external_id:
        extra["ExternalId"] = role.external_id
    fetcher = AssumeRoleCredentialFetcher(
        client_creator=source.create_client,
        source_credentials=source.get_credentials(),
        role_arn=role.role_arn,
        extra_args=extra,
    )
    renewed = DeferredRefreshableCredentials(refresh_using=fetcher.fetch_credentials, method="assume-role")
    assumed: Any = botocore.session.get_session()
    assumed._credentials = renewed  # noqa: SLF001 - as above
    return boto3.Session(botocore_session=assumed, region_name=session.region_name)
