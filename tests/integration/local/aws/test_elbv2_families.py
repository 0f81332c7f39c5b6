from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.local.aws.case import Case, Service, Step, ec2, elbv2
from tests.integration.local.aws.elbv2_steps import (
    ADDRESSES,
    API,
    BALANCER,
    DELETE_BALANCER,
    GROUP,
    LISTENER,
    NLB,
    PLACE,
    VPC,
    A,
    balancer,
    group,
    healths,
    listener,
)
from tests.integration.local.aws.test_elbv2_health import EDGE, NODES, allow, in_zone

FAMILIES = f"{NLB}/load-balancer-ip-address-type.html"
LISTENERS = f"{NLB}/load-balancer-listeners.html"
MAPPING = f"{API}/API_SubnetMapping.html"
TARGET = f"{API}/API_TargetDescription.html"
CREATE = f"{API}/API_CreateListener.html"
GUARDS = f"{NLB}/target-group-register-targets.html#target-security-groups"
ROUTES = "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html"

SIX = (
    ec2.create_vpc(CidrBlock="10.0.0.0/16", AmazonProvidedIpv6CidrBlock=True).keep(vpc="Vpc.VpcId"),
    ec2.describe_vpcs(VpcIds=["$vpc"]).keep(range="Vpcs[0].Ipv6CidrBlockAssociationSet[0].Ipv6CidrBlock"),
    A,
    ec2.associate_subnet_cidr_block(SubnetId="$a", Ipv6CidrBlock="$range"),
)
CERTIFICATE = (
    Service("iam")
    .upload_server_certificate(ServerCertificateName="shop", CertificateBody="public", PrivateKey="private")
    .keep(certificate="ServerCertificateMetadata.Arn")
)
AT = "LoadBalancers[0].AvailabilityZones[0].LoadBalancerAddresses"
OWN = [{"Name": "subnet-id", "Values": ["$a"]}]


def in_a(kind: str = "dualstack", **also: Any) -> Step:
    return balancer(IpAddressType=kind, SubnetMappings=[{"SubnetId": "$a", **also}])


def become(kind: str) -> Step:
    return elbv2.set_ip_address_type(LoadBalancerArn="$balancer", IpAddressType=kind)


def tls(*policies: str) -> Step:
    return listener(443, "TLS", Certificates=[{"CertificateArn": "$certificate"}], AlpnPolicy=list(policies))


def unsupported(protocol: str) -> tuple[str, str]:
    said = (
        f"{protocol} listeners are not supported for load balancers with the 'dualstack' IP address type "
        "unless prefix for IPv6 source NAT is enabled"
    )
    return "InvalidConfigurationRequest", said


NO_IPV6 = (
    "InvalidConfigurationRequest",
    "IPv6 addresses cannot be specified for load balancers with the 'ipv4' IP address type",
)
IPV6_GROUP = (
    "InvalidConfigurationRequest",
    "You cannot associate an IPv6 target group with a load balancer that has an 'ipv4' IP address type",
)
IN_ZONE = (
    "ValidationError",
    "You cannot specify an Availability Zone for targets of target groups with target type 'instance'",
)

# A pod's range that the VPC routes to a node's interface, as `RoutedPods` does.
NODE = ec2.create_network_interface(SubnetId="$a", Groups=["$nodes"]).keep(node="NetworkInterface.NetworkInterfaceId")
MACHINE = (
    ec2.run_instances(
        ImageId="ami-0d71ea30463e0ff8d",
        MinCount=1,
        MaxCount=1,
        NetworkInterfaces=[{"DeviceIndex": 0, "NetworkInterfaceId": "$node"}],
    ),
)
PASSES = ec2.modify_network_interface_attribute(NetworkInterfaceId="$node", SourceDestCheck={"Value": False})
TABLE = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": ["$vpc"]}]).keep(
    table="RouteTables[0].RouteTableId"
)
TO_PODS = ec2.create_route(RouteTableId="$table", DestinationCidrBlock="100.64.0.0/24", NetworkInterfaceId="$node")
GUARDED = balancer(SecurityGroups=["$edge"], Subnets=["$a"])
ROUTED = (VPC, A, NODES, EDGE, NODE, *MACHINE, TABLE, GUARDED, ADDRESSES, LISTENER, in_zone("100.64.0.9", "all"))
LET_IN = allow("$nodes", 80, UserIdGroupPairs=[{"GroupId": "$edge"}])

CASES = [
    Case(
        "an IPv6 address that is asked for",
        MAPPING,
        *SIX,
        in_a().answers({AT: []}),
        ec2.describe_network_interfaces(Filters=OWN).keep(six="NetworkInterfaces[0].Ipv6Addresses[0].Ipv6Address"),
        DELETE_BALANCER,
        in_a(IPv6Address="$six").answers({AT: [{"IPv6Address": "$six"}]}),
        balancer(
            "other", IpAddressType="dualstack", SubnetMappings=[{"SubnetId": "$a", "IPv6Address": "$six"}]
        ).refused("ResourceInUse", "The IPv6 address '$six' is not available for use"),
        become("ipv4"),
        elbv2.describe_load_balancers(LoadBalancerArns=["$balancer"]).answers({AT: []}),
    ),
    Case(
        "an IPv6 address of another subnet",
        MAPPING,
        *SIX,
        in_a(IPv6Address="2001:db8::5").refused(
            "InvalidConfigurationRequest", "The IPv6 address '2001:db8::5' is not valid for subnet '$a'"
        ),
    ),
    Case(
        "an IPv6 address of a load balancer of IPv4 alone",
        MAPPING,
        *SIX,
        in_a("ipv4", IPv6Address="2001:db8::5").refused(*NO_IPV6),
    ),
    Case(
        "a dual-stack load balancer listens to no UDP",
        LISTENERS,
        *SIX,
        in_a(),
        group(Protocol="TCP_UDP"),
        listener(53, "UDP").refused(*unsupported("UDP")),
        listener(53, "TCP_UDP").refused(*unsupported("TCP_UDP")),
        LISTENER,
        elbv2.modify_listener(ListenerArn="$listener", Protocol="UDP").refused(*unsupported("UDP")),
    ),
    Case(
        "a load balancer with a listener of UDP becomes dual-stack",
        FAMILIES,
        *SIX,
        in_a("ipv4"),
        group(Protocol="UDP"),
        listener(53, "UDP"),
        become("dualstack").refused(*unsupported("UDP")),
    ),
    Case(
        "a target group of IPv6 behind a load balancer of IPv4",
        FAMILIES,
        *SIX,
        in_a("ipv4"),
        group(TargetType="ip", IpAddressType="ipv6"),
        listener().refused(*IPV6_GROUP),
        become("dualstack"),
        LISTENER,
        become("ipv4").refused(*IPV6_GROUP),
    ),
    Case(
        "an ALPN policy of a listener",
        CREATE,
        *PLACE,
        BALANCER,
        GROUP,
        CERTIFICATE,
        tls("HTTP2Preferred").answers({"Listeners[0].AlpnPolicy": ["HTTP2Preferred"]}),
        elbv2.modify_listener(ListenerArn="$listener", AlpnPolicy=["HTTP1Only"]).answers(
            {"Listeners[0].AlpnPolicy": ["HTTP1Only"]}
        ),
    ),
    Case(
        "an ALPN policy that isn't one",
        CREATE,
        *PLACE,
        BALANCER,
        GROUP,
        CERTIFICATE,
        tls("HTTP3Only").refused("ALPNPolicyNotSupported", "ALPN policy 'HTTP3Only' is not supported"),
        tls("HTTP1Only", "HTTP2Only").refused("ValidationError", "You can specify only one ALPN policy"),
    ),
    Case(
        "an ALPN policy without TLS",
        CREATE,
        *PLACE,
        BALANCER,
        GROUP,
        listener(AlpnPolicy=["HTTP1Only"]).refused(
            "ValidationError", "An ALPN policy cannot be specified for TCP listeners"
        ),
    ),
    Case(
        "a zone of an instance",
        TARGET,
        *PLACE,
        GROUP,
        in_zone("i-0123456789abcdef0", "all").refused(*IN_ZONE),
    ),
    Case("an address that no route leads to", ROUTES, *ROUTED, LET_IN, healths("unhealthy")),
    Case(
        "an address behind an interface that checks destinations",
        ROUTES,
        *ROUTED,
        TO_PODS,
        LET_IN,
        healths("unhealthy"),
    ),
    Case("an address behind an interface that lets nobody in", GUARDS, *ROUTED, PASSES, TO_PODS, healths("unhealthy")),
    Case(
        "an address behind an interface that lets it in", GUARDS, *ROUTED, PASSES, TO_PODS, LET_IN, healths("healthy")
    ),
]


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_families_and_addresses_of_others_are_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
