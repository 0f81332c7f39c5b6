"""A program as users write them, with the official SDK. Copied beside a Pulumi.yaml by the test."""

import pulumi
from pulumi_kubernetes.core.v1 import Namespace, Service, ServicePortArgs, ServiceSpecArgs
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

config = pulumi.Config()
SKIP = {} if config.get_bool("wait") else {"pulumi.com/skipAwait": "true"}
shop = Namespace("shop", metadata=ObjectMetaArgs(name="shop"))
shops = shop.metadata.apply(lambda metadata: metadata.name)


def service(name: str, spec: ServiceSpecArgs) -> Service:
    """Declare a Service of the shop."""
    return Service(name, metadata=ObjectMetaArgs(name=name, namespace=shops, annotations=SKIP), spec=spec)


def port(node_port: int | None = None) -> ServicePortArgs:
    """Declare a port."""
    return ServicePortArgs(name="http", port=80, target_port=8080, node_port=node_port)


web = service("web", ServiceSpecArgs(type="ClusterIP", selector={"app": "shop"}, ports=[port()]))
node = service("node", ServiceSpecArgs(type="NodePort", ports=[port(config.get_int("nodePort") or 30080)]))
lb = service("lb", ServiceSpecArgs(type="LoadBalancer", load_balancer_class="example.com/nlb", ports=[port()]))
service("db", ServiceSpecArgs(type="ExternalName", external_name="db.example.com"))
headless = ServiceSpecArgs(cluster_ip="None", ports=[port()])
auto = Service("auto", metadata=ObjectMetaArgs(namespace=shops), spec=headless)
pulumi.export("address", web.spec.apply(lambda spec: spec.cluster_ip))
pulumi.export("port", lb.spec.apply(lambda spec: next(port.node_port for port in spec.ports or [])))
pulumi.export("name", auto.metadata.apply(lambda metadata: metadata.name))
