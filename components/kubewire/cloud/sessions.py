"""boto3 sessions and clients from the provider's configuration."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import boto3
import botocore.session
from botocore.config import Config
from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials
from botocore.exceptions import BotoCoreError

from kubewire.cloud.client import PATIENCE_SECONDS, Client
from kubewire.cloud.config import AssumeRole, CloudConfig, region_of_environment
from kubewire.cloud.refusals import no_credentials
from kubewire.errors import InvalidInputError
from kubewire.resources.base import Clock

# Retries are ours (see client.py); a lost answer is noticed after a minute.
CLIENT_CONFIG = Config(
    retries={"total_max_attempts": 1, "mode": "standard"},
    connect_timeout=5,
    read_timeout=60,
    max_pool_connections=64,
    user_agent_extra="kubewire",
)


class Sessions:
    """Makes the clients of one account and region."""

    def __init__(self, config: CloudConfig) -> None:
        self._config = config
        self._account: str | None = None

    def client(self, service: str, clock: Clock, patience: float = PATIENCE_SECONDS) -> Client:
        """Make a client that tries each call for so many seconds.

        Raises:
            InvalidInputError: no client can be made from this configuration, or it would be of the wrong account.
        """
        if self._config.allowed_account_ids and self._account is None:
            account = str(self._made("sts", clock, patience).get_caller_identity()["Account"])
            self._check_account(account)
            self._account = account
        return self._made(service, clock, patience)

    def _made(self, service: str, clock: Clock, patience: float) -> Client:
        # `client` has an overload a service; the name here is any.
        make: Any = self._session.client
        try:
            return Client(make(service, endpoint_url=self._config.endpoint, config=CLIENT_CONFIG), clock, patience)
        except (BotoCoreError, ValueError) as error:
            detail = "Correct `kubewire:endpoint`, or AWS_ENDPOINT_URL in the environment: `https://host:port`."
            raise InvalidInputError(str(error), detail=detail, path="endpoint") from error

    def _check_account(self, account: str) -> None:
        allowed = self._config.allowed_account_ids
        if account not in allowed:
            detail = (
                f"`kubewire:allowedAccountIds` has {', '.join(allowed)}. Take other credentials, or add the account."
            )
            raise InvalidInputError(f"these credentials are of {account}", detail=detail, path="allowedAccountIds")

    @property
    def region(self) -> str | None:
        """The region that clients would have, None if nothing says one."""
        region: str | None = self._plain_session.region_name
        return region

    @cached_property
    def _plain_session(self) -> boto3.Session:
        try:
            return boto3.Session(
                profile_name=self._config.profile, region_name=self._config.region or region_of_environment()
            )
        except BotoCoreError as error:
            detail = "Correct `kubewire:profile` or AWS_PROFILE, or add the profile (`aws configure`)."
            raise InvalidInputError(str(error), detail=detail, path="profile") from error

    @cached_property
    def _session(self) -> boto3.Session:
        session = self._plain_session
        if session.region_name is None:
            detail = "Set AWS_REGION, or for a stack `kubewire:region` in its configuration."
            raise InvalidInputError("no AWS region", detail=detail, path="region")
        return _assuming(session, self._config.assume_role) if self._config.assume_role else session


def _assuming(session: boto3.Session, role: AssumeRole) -> boto3.Session:
    """Give a session whose credentials are a role's, renewed before they expire."""
    source = session._session  # noqa: SLF001 - boto3 has no public way to refreshable role credentials
    credentials = source.get_credentials()
    if credentials is None:
        raise no_credentials("sts:AssumeRole")
    extra = {"RoleSessionName": role.session_name}
    if role.external_id:
        extra["ExternalId"] = role.external_id
    fetcher = AssumeRoleCredentialFetcher(
        client_creator=source.create_client,
        source_credentials=credentials,
        role_arn=role.role_arn,
        extra_args=extra,
    )
    renewed = DeferredRefreshableCredentials(refresh_using=fetcher.fetch_credentials, method="assume-role")
    assumed: Any = botocore.session.get_session()
    assumed._credentials = renewed  # noqa: SLF001 - as above
    return boto3.Session(botocore_session=assumed, region_name=session.region_name)
