"""Services out of manifests, declared."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pulumi

from kubewire.errors import InvalidInputError
from kubewire.manifests.overrides import Overrides
from kubewire.manifests.reading import place_of, read_manifests
from kubewire.network.cluster_network import ClusterNetwork
from kubewire.services.load_balancer.shared_args import LoadBalancerArgs
from kubewire.services.together import Service, check_together, declare_services


def services_from_manifests(  # noqa: PLR0913 - its options are its users'
    *paths: str | Path,
    network: ClusterNetwork,
    overrides: Overrides | None = None,
    kubeconfig: str | None = None,
    context: str | None = None,
    namespaces: Sequence[str] | None = None,
    load_balancers: Sequence[LoadBalancerArgs] = (),
    adopt: bool = False,
) -> dict[str, Service]:
    """Declare the Services of manifests. What nothing here does of what they say is warned of.

    Args:
        *paths: files, or folders of them, of YAML or JSON, rendered: what `kubectl apply -f` takes.
        network: the network of their cluster. Where nodes have many rules, fit it to the Services first: `fitted`
            with those of `read_manifests`.
        overrides: what the manifests don't say, or what is otherwise.
        kubeconfig: path of the cluster's kubeconfig; by default what `KUBECONFIG` says.
        context: the context in it; by default its current one.
        namespaces: the namespaces that are made and deleted with the stack, as `declare_services` takes them.
        load_balancers: those that several of them share, by their overrides.
        adopt: whether the files come from the cluster (`kubectl get -o yaml`), whose Services are taken over as they
            are.

    Returns:
        `namespace/name` to the component.

    Raises:
        InvalidInputError: all that is wrong with them, under the files' lines; what two of them can't share; a
            namespace that no stack can own, or that isn't there.
    """
    found = read_manifests(*paths, overrides=overrides, network=network.args, adopt=adopt)
    try:
        check_together(found.services, network.args, load_balancers)
    except InvalidInputError as error:
        raise place_of(found, error) from None
    pulumi.log.info(found.said(), network)
    for warning in found.warnings:
        pulumi.log.warn(warning, network)
    return declare_services(
        found.services,
        network,
        kubeconfig=kubeconfig,
        context=context,
        namespaces=namespaces,
        load_balancers=load_balancers,
        adopt=adopt,
    )
