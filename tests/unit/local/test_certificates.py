from __future__ import annotations

import base64
import json
import socket
import ssl
import threading
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from kubewire.local.certificates import Certificates
from kubewire.local.kubeconfig import issue_token, read_token, write_kubeconfig


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    certificates = Certificates(tmp_path_factory.mktemp("cluster") / "certificates")
    certificates.issue(IPv4Address("10.96.0.1"))
    return certificates


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "10.96.0.1"])
def test_the_server_is_trusted_under_each_of_its_names(certificates: Certificates, name: str) -> None:
    assert _handshake(certificates, name) == name


def test_and_under_no_other(certificates: Certificates) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        _handshake(certificates, "10.96.0.2")


def test_keys_are_for_their_owner_alone(certificates: Certificates) -> None:
    assert {path.stat().st_mode & 0o777 for path in certificates.directory.iterdir()} == {0o600}


def test_a_kubeconfig_needs_no_other_file(certificates: Certificates, tmp_path: Path) -> None:
    token = issue_token(tmp_path / "tokens.csv")
    write_kubeconfig(tmp_path / "config", endpoint="https://127.0.0.1:6443", certificates=certificates, token=token)
    config = json.loads((tmp_path / "config").read_bytes())
    (cluster,), (user,) = config["clusters"], config["users"]
    assert base64.b64decode(cluster["cluster"]["certificate-authority-data"]) == certificates.authority.read_bytes()
    assert user["user"] == {"token": read_token(tmp_path / "tokens.csv")}
    assert {(tmp_path / name).stat().st_mode & 0o777 for name in ("config", "tokens.csv")} == {0o600}


def test_no_two_clusters_share_a_token(tmp_path: Path) -> None:
    assert issue_token(tmp_path / "one") != issue_token(tmp_path / "other")


def _handshake(certificates: Certificates, name: str) -> str:
    """Verify the server as strictly as the newest Pythons do."""
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(certificates.server, certificates.server_key)
    trusting = ssl.create_default_context(cafile=certificates.authority)
    trusting.verify_flags |= ssl.VERIFY_X509_STRICT
    client, server = socket.socketpair()

    def serve() -> None:
        try:
            serving.wrap_socket(server, server_side=True).close()
        except (ssl.SSLError, OSError):
            server.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        with trusting.wrap_socket(client, server_hostname=name) as trusted:
            return str(trusted.server_hostname)
    finally:
        client.close()
        thread.join()
