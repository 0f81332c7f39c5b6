"""Which images there are: those that moto lists for a region, and one that every region of the embedded AWS has.

AWS's own images are without number, and their ids differ from region to region. A program that is tried out in
several regions of the embedded AWS needs one that is the same everywhere.
"""

from __future__ import annotations

from typing import Any, Final

from moto.ec2.models.amis import Ami

from kubewire.local.aws.call import Call
from kubewire.local.aws.ec2.identities import well_formed
from kubewire.local.aws.refusal import Refusal
from kubewire.local.aws.rules import before, exists

EVERYWHERE: Final = "ami-0d71ea30463e0ff8d"


@before("ec2", "RunInstances", "DescribeImages")
def image_of_every_region(call: Call) -> None:
    """Make sure that it is there.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/finding-an-ami.html
    """
    ec2: Any = call.ec2
    if EVERYWHERE not in ec2.amis:
        ec2.amis[EVERYWHERE] = Ami(
            ec2,
            EVERYWHERE,
            name="kubewire-node",
            description="An image that every region of the embedded AWS has",
            owner_alias="amazon",
            public=True,
            virtualization_type="hvm",
            architecture="x86_64",
            hypervisor="xen",
            root_device_type="ebs",
            root_device_name="/dev/xvda",
            region_name=f"{call.region}a",
        )


@exists("ec2", "ImageId")
def image_exists(call: Call, image_id: str) -> None:
    """Refuse an image that isn't there.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html (InvalidAMIID.NotFound)
    """
    well_formed("InvalidAMIID", "ami", image_id)
    if image_id != EVERYWHERE and image_id not in call.ec2.amis:
        raise Refusal("InvalidAMIID.NotFound", f"The image id '[{image_id}]' does not exist")
