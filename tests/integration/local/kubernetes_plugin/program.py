"""A program as users write them, with the official SDK. Copied beside a Pulumi.yaml by the test."""

import pulumi
from pulumi_kubernetes.core.v1 import Namespace, Service

config = pulumi.Config()
SKIP = {} if config.get_bool("wait") else {"pulumi.com/skipAwait": "true"}
shop = Namespace("shop", metadata={"name": "shop"})


def service(name: str, spec: dict[str, object]) -> Service:
    """Declare a Service of the shop."""
    return Service(name, metadata={"name": name, "namespace": shop.metadata.name, "annotations": SKIP}, spec=spec)


port = {"name": "http", "port": 80, "target_port": 8080}
selector = {"app": "shop"}
web = service("web", {"type": "ClusterIP", "selector": selector, "ports": [port]})
node = service("node", {"type": "NodePort", "ports": [{**port, "node_port": config.get_int("nodePort") or 30080}]})
lb = service("lb", {"type": "LoadBalancer", "load_balancer_class": "example.com/nlb", "ports": [port]})
service("db", {"type": "ExternalName", "external_name": "db.example.com"})
auto = Service("auto", metadata={"namespace": shop.metadata.name}, spec={"cluster_ip": "None", "ports": [port]})
pulumi.export("address", web.spec.cluster_ip)
pulumi.export("port", lb.spec.apply(lambda spec: spec.ports[0].node_port))
pulumi.export("name", auto.metadata.name)
