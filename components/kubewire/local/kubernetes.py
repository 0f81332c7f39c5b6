"""The Kubernetes API: etcd, kube-apiserver, and the few controllers without which objects would not end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kubewire.local.certificates import Certificates
from kubewire.local.home import Home
from kubewire.local.kubeconfig import issue_token, read_token, write_kubeconfig
from kubewire.local.parts import Launch
from kubewire.local.ports import LOOPBACK
from kubewire.local.readiness import answers
from kubewire.local.record import CloudRecord, Part

# What Namespaces need to end, owners' objects to follow them, and Services to have endpoints. No nodes and no pods
# are simulated, so nothing else of the controller manager would have work.
_CONTROLLERS = (
    "endpointslice-controller",
    "endpoints-controller",
    "namespace-controller",
    "garbage-collector-controller",
    "serviceaccount-controller",
)


class Cluster:
    """One cluster's files and command lines."""

    def __init__(self, home: Home, record: CloudRecord, program: Path) -> None:
        """Describe it; nothing is written or started yet.

        Args:
            home: where its files go.
            record: its settings and ports.
            program: the binary that holds all three parts.
        """
        self._home = home
        self._record = record
        self._program = str(program)
        self._certificates = Certificates(home.runtime / "certificates")
        self._tokens = home.runtime / "tokens.csv"

    def issue_credentials(self) -> None:
        """Make certificates, token and kubeconfig of a new cluster."""
        self._certificates.issue(self._record.settings.service_range[1])
        write_kubeconfig(
            self._home.kubeconfig,
            endpoint=self._record.kubernetes_endpoint,
            certificates=self._certificates,
            token=issue_token(self._tokens),
        )

    def launches(self) -> Iterator[Launch]:
        """How the three parts are started."""
        yield self._etcd()
        yield self._api_server()
        yield self._controllers()

    def _etcd(self) -> Launch:
        clients = f"http://{LOOPBACK}:{self._record.ports.etcd_clients}"
        peers = f"http://{LOOPBACK}:{self._record.ports.etcd_peers}"
        return Launch(
            part=Part.ETCD,
            command=(
                self._program,
                "etcd",
                "--name=kubewire",
                f"--data-dir={self._home.runtime / 'etcd'}",
                f"--listen-client-urls={clients}",
                f"--advertise-client-urls={clients}",
                f"--listen-peer-urls={peers}",
                f"--initial-advertise-peer-urls={peers}",
                f"--initial-cluster=kubewire={peers}",
                # The data end with the cluster; waiting for the disk would buy nothing.
                "--unsafe-no-fsync",
                "--log-level=warn",
            ),
            ready=answers(f"{clients}/health"),
        )

    def _api_server(self) -> Launch:
        settings = self._record.settings
        ranges = ",".join(str(cidr) for cidr in (settings.service_range, settings.service_range6) if cidr)
        keys = self._certificates
        return Launch(
            part=Part.KUBERNETES,
            command=(
                self._program,
                "kube-apiserver",
                f"--etcd-servers=http://{LOOPBACK}:{self._record.ports.etcd_clients}",
                f"--bind-address={LOOPBACK}",
                f"--secure-port={self._record.ports.kubernetes}",
                f"--advertise-address={LOOPBACK}",
                # It would publish the advertised address as an endpoint, and refuses loopback for that.
                "--endpoint-reconciler-type=none",
                f"--service-cluster-ip-range={ranges}",
                f"--service-node-port-range={settings.first_node_port}-{settings.last_node_port}",
                f"--tls-cert-file={keys.server}",
                f"--tls-private-key-file={keys.server_key}",
                f"--token-auth-file={self._tokens}",
                # There is one user, who may do everything; readiness is asked in his name.
                "--anonymous-auth=false",
                "--authorization-mode=AlwaysAllow",
                "--service-account-issuer=https://kubernetes.default.svc",
                f"--service-account-key-file={keys.service_account_key}",
                f"--service-account-signing-key-file={keys.service_account_key}",
                # It would hold every pod back until its token exists; there are no pods.
                "--disable-admission-plugins=ServiceAccount",
            ),
            ready=answers(
                f"{self._record.kubernetes_endpoint}/readyz",
                authority=keys.authority,
                token=read_token(self._tokens),
            ),
        )

    def _controllers(self) -> Launch:
        keys = self._certificates
        port = self._record.ports.controllers
        return Launch(
            part=Part.CONTROLLERS,
            command=(
                self._program,
                "kube-controller-manager",
                f"--controllers={','.join(_CONTROLLERS)}",
                f"--kubeconfig={self._home.kubeconfig}",
                "--leader-elect=false",
                f"--bind-address={LOOPBACK}",
                f"--secure-port={port}",
                f"--tls-cert-file={keys.server}",
                f"--tls-private-key-file={keys.server_key}",
            ),
            ready=answers(f"https://{LOOPBACK}:{port}/healthz", authority=keys.authority),
            # It gives up on an API server that isn't ready within ten seconds, which a busy machine may well exceed.
            after=frozenset({Part.KUBERNETES}),
        )
