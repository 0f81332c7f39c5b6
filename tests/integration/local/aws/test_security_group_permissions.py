from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.local.aws.case import Case, Step
from tests.integration.local.aws.group_steps import VPC, admit, made, tcp

API = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference"
PERMISSION = f"{API}/API_IpPermission.html"
RANGE = f"{API}/API_IpRange.html"
BASE = (VPC, made())
DESCRIPTION = (
    "Invalid rule description. Valid descriptions are strings less than 256 characters from the following set:  "
    "a-zA-Z0-9. _-:/()#,@[]+=&;{}!$$*"
)


def duplicate(peer: str, traffic: str) -> tuple[str, str]:
    return "InvalidPermission.Duplicate", f'the specified rule "peer: {peer}, {traffic}, ALLOW" already exists'


def ports(first: int | None, last: int | None, protocol: str = "tcp") -> Step:
    given = {"FromPort": first, "ToPort": last}
    return admit(
        {
            "IpProtocol": protocol,
            **{name: port for name, port in given.items() if port is not None},
            "IpRanges": [{"CidrIp": "192.0.2.0/24"}],
        }
    )


def cidr(text: str) -> Step:
    return admit(tcp(22, IpRanges=[{"CidrIp": text}]))


CASES = [
    Case(
        "ranges that are none",
        RANGE,
        *BASE,
        *[
            cidr(text).refused("InvalidParameterValue", f"CIDR block {text} is malformed")
            for text in ("10.0.0.0/33", "10.0.0.1", "::/0", "anywhere")
        ],
        admit(tcp(22, Ipv6Ranges=[{"CidrIpv6": "2001:db8::/129"}])).refused(
            "InvalidParameterValue", "CIDR block 2001:db8::/129 is malformed"
        ),
        cidr("10.0.0.1/32"),
    ),
    Case(
        "ports that are none",
        PERMISSION,
        *BASE,
        ports(80, 70).refused("InvalidParameterValue", "Invalid TCP/UDP port range (80:70)"),
        ports(80, 70000).refused("InvalidParameterValue", "TCP/UDP (to) port (70000) out of range"),
        ports(-1, -1, "udp").refused("InvalidParameterValue", "TCP/UDP (from) port (-1) out of range"),
        ports(80, None).refused(
            "InvalidParameterValue", "Invalid value for portRange. Must specify both from and to ports with TCP/UDP."
        ),
        ports(0, 65535),
    ),
    Case(
        "types of ICMP that are none",
        PERMISSION,
        *BASE,
        ports(256, 0, "icmp").refused("InvalidParameterValue", "ICMP type (256) out of range"),
        ports(8, 300, "icmp").refused("InvalidParameterValue", "ICMP code (300) out of range"),
        ports(-1, 0, "icmp").refused(
            "InvalidParameterValue", "ICMP code (0) must be -1 (all) where the type is -1 (all)"
        ),
        ports(None, None, "icmp").refused(
            "InvalidParameterValue", "Invalid value for portRange. Must specify both type and code with ICMP."
        ),
        ports(8, 0, "icmp"),
        ports(None, None, "icmpv6").answers({"SecurityGroupRules[].[FromPort, ToPort]": [[-1, -1]]}),
    ),
    Case(
        "types of ICMPv6",
        PERMISSION,
        *BASE,
        ports(-1, -1, "icmpv6").answers({"SecurityGroupRules[].[IpProtocol, FromPort, ToPort]": [["icmpv6", -1, -1]]}),
        ports(None, None, "58").refused(*duplicate("192.0.2.0/24", "ICMPv6, type: ALL, code: ALL")),
        ports(128, -1, "58").answers({"SecurityGroupRules[].[IpProtocol, FromPort, ToPort]": [["icmpv6", 128, -1]]}),
        ports(128, 0, "icmpv6"),
        ports(256, -1, "icmpv6").refused("InvalidParameterValue", "ICMP type (256) out of range"),
        ports(-1, 4, "icmpv6").refused(
            "InvalidParameterValue", "ICMP code (4) must be -1 (all) where the type is -1 (all)"
        ),
        ports(128, None, "icmpv6").refused(
            "InvalidParameterValue", "Invalid value for portRange. Must specify both type and code with ICMP."
        ),
    ),
    Case(
        "protocols that are none",
        PERMISSION,
        *BASE,
        ports(80, 80, "http").refused(
            "InvalidParameterValue", "Invalid value 'http' for IP protocol. Unknown protocol."
        ),
        ports(80, 80, "256").refused("InvalidParameterValue", "Invalid value '256' for IP protocol. Unknown protocol."),
        admit({"FromPort": 80, "ToPort": 80, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}).refused(
            "InvalidParameterValue",
            "Invalid value 'null' for protocol. VPC security group rules must specify protocols explicitly.",
        ),
    ),
    Case(
        "protocols by their numbers",
        PERMISSION,
        *BASE,
        ports(80, 80, "6").answers({"SecurityGroupRules[].IpProtocol": ["tcp"]}),
        ports(80, 80, "UDP").answers({"SecurityGroupRules[].IpProtocol": ["udp"]}),
        ports(None, None, "50").answers({"SecurityGroupRules[].[IpProtocol, FromPort]": [["50", -1]]}),
        ports(80, 80, "50").refused(*duplicate("192.0.2.0/24", "50")),
    ),
    Case(
        "a description with other characters",
        RANGE,
        *BASE,
        admit(tcp(22, IpRanges=[{"CidrIp": "192.0.2.0/24", "Description": "the office's"}])).refused(
            "InvalidParameterValue", DESCRIPTION
        ),
        admit(tcp(22, IpRanges=[{"CidrIp": "192.0.2.0/24", "Description": "o" * 256}])).refused(
            "InvalidParameterValue", DESCRIPTION
        ),
        admit(tcp(22, IpRanges=[{"CidrIp": "192.0.2.0/24", "Description": "o" * 255}])),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_rules_say_what_they_may_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
