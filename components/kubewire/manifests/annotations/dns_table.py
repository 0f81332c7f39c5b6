"""Annotations of external-dns, and what each is here.

https://kubernetes-sigs.github.io/external-dns/latest/docs/annotations/annotations/
https://kubernetes-sigs.github.io/external-dns/latest/docs/tutorials/aws/#routing-policies
"""

from __future__ import annotations

from kubewire.manifests.annotations.rows import mapped, refused, warned

PREFIXES = ("external-dns.alpha.kubernetes.io/", "external-dns.kubernetes.io/")
"""What they begin with: of old, and by now."""

POLICIES = "records share a name by weight or by failover"
ONE = "Leave it out (`without`), or write the Service's `dns`."
NOT_HERE = "it means nothing on a Service"
OTHERS = "it is for another provider of DNS"

ANNOTATIONS = (
    mapped("hostname", "dns[].name, dns[].zone, cname"),
    mapped("ttl", "dns[].ttl"),
    mapped("set-identifier", "dns[].routing.setIdentifier"),
    mapped("aws-weight", "dns[].routing.weight"),
    mapped("aws-failover", "dns[].routing.role"),
    mapped("access", "dns[].addresses"),
    mapped("controller", "dns"),
    mapped("aws-health-check-id", "dns[].routing.healthCheckId"),
    mapped("aws-evaluate-target-health", "dns[].evaluateTargetHealth"),
    mapped("alias", "dns[].kind"),
    refused("internal-hostname", "its address is of use inside the cluster alone", "Pods use the Service's own name."),
    refused(
        "target", "a record leads to its own Service", "Make an ExternalName Service of the target, with a `cname`."
    ),
    refused("aws-region", POLICIES, ONE),
    refused("aws-geolocation-*", POLICIES, ONE),
    refused("aws-geoproximity-*", POLICIES, ONE),
    refused("aws-multi-value-answer", POLICIES, ONE),
    refused("aws-target-hosted-zone", "an alias's zone is the load balancer's", ONE),
    refused("aws-hosted-zone-id", "a zone has a domain too", "Write the Service's `dns`, with its `zone`."),
    refused("endpoints-type", "records lead to load balancers and nodes", ONE),
    warned("record-type", "addresses have no records of their names", fine=("",)),
    warned("ingress", NOT_HERE),
    warned("ingress-hostname-source", NOT_HERE),
    warned("gateway-hostname-source", NOT_HERE),
    warned("azure-*", OTHERS),
    warned("cloudflare-*", OTHERS),
    warned("coredns-*", OTHERS),
    warned("scw-*", OTHERS),
    warned("webhook-*", OTHERS),
)
