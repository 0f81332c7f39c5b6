"""Launch templates: versions that build on others, and what an instance takes from one."""

from __future__ import annotations

from typing import Any, Final

from kubewire.local.aws.call import Call
from kubewire.local.aws.rules import before

# What an instance takes from its template where the call itself doesn't say it; moto sees to tags and volumes.
_TAKEN: Final = (
    "ImageId",
    "InstanceType",
    "KeyName",
    "NetworkInterfaces",
    "SecurityGroupIds",
    "SecurityGroups",
    "Placement",
    "MetadataOptions",
    "UserData",
)


@before("ec2", "CreateLaunchTemplateVersion")
def built_on(call: Call) -> Call | None:
    """Let a version have what the one that it is based on has, other than what it says itself.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateLaunchTemplateVersion.html (SourceVersion)
    """
    source = call.parameters.get("SourceVersion")
    if source is None:
        return None
    ec2: Any = call.ec2
    identity, name = call.parameters.get("LaunchTemplateId"), call.parameters.get("LaunchTemplateName")
    template = ec2.get_launch_template(identity) if identity else ec2.get_launch_template_by_name(name)
    inherited = template.get_version(source).data
    data = {**inherited, **call.parameters.get("LaunchTemplateData", {})}
    return call.with_parameters({**call.parameters, "LaunchTemplateData": data})


def with_template(call: Call) -> dict[str, Any]:
    """The parameters of RunInstances with what its launch template says.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html (LaunchTemplate)
    """
    given = dict(call.parameters)
    reference = given.get("LaunchTemplate")
    if not reference:
        return given
    ec2: Any = call.ec2
    data = ec2._get_template_from_args(reference).data  # noqa: SLF001 - moto has no public name for it
    taken = {name: data[name] for name in _TAKEN if data.get(name)}
    if "NetworkInterfaces" in given or "SubnetId" in given:
        taken.pop("NetworkInterfaces", None)
    return {**taken, **given}
