"""How to reach AWS and the cluster: the provider's configuration."""

from __future__ import annotations

import os
from typing import Annotated

from pydantic import Field

from kubewire.model import REPLACE, Model, Tags

AccountId = Annotated[str, Field(pattern=r"^\d{12}$")]


class AssumeRole(Model):
    """A role to take on for every call."""

    role_arn: str = Field(pattern=r"^arn:aws[a-z-]*:iam::\d{12}:role/.+$")
    """`arn:aws:iam::123456789012:role/name`."""
    session_name: str = Field(default="kubewire", pattern=r"^[\w+=,.@-]{2,64}$")
    """The session's name in CloudTrail."""
    external_id: str | None = None
    """What the role's trust policy may ask for."""


class CloudConfig(Model):
    """The configuration of the provider. Credentials are no part of it: boto3 finds them where it always does."""

    region: Annotated[str | None, Field(pattern=r"^[a-z]{2}(-[a-z]+)+-\d{1,2}$"), REPLACE] = None
    """The AWS region, `eu-west-1`. Default: `AWS_REGION`, or the profile's."""
    profile: str | None = None
    """A profile in the AWS configuration files."""
    endpoint: str | None = Field(default=None, pattern=r"^https?://[^\s/?#]+")
    """Another endpoint for every AWS service. Default: `AWS_ENDPOINT_URL`, or AWS itself."""
    assume_role: AssumeRole | None = None
    """A role to take on for every call."""
    allowed_account_ids: tuple[AccountId, ...] = ()
    """The accounts that this stack may be in. Credentials of another one make no call but the one that tells. Default:
    any account."""
    state_id: str | None = Field(default=None, pattern=r"^[0-9a-f]{16}$")
    """Set by kubewire itself and kept in the state: by it, the objects of this state are told from those of another
    stack of the same name, in another backend say."""
    default_tags: Tags = {}
    """Tags for every object."""
    kubeconfig: str | None = None
    """Path of a kubeconfig. Default: `KUBECONFIG`, then `~/.kube/config`."""
    context: str | None = None
    """A context in the kubeconfig. Default: its current one."""


def region_of_environment() -> str | None:
    """Give the region that the environment names. boto3 reads but the second variable."""
    return os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or None
