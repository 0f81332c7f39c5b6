"""The certificates of one cluster: an authority that lives as long as the cluster, and what it signs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from kubewire.local.home import write_private
from kubewire.local.ports import LOOPBACK

_LIFETIME = timedelta(days=365)
_CLOCK_SKEW = timedelta(hours=1)
_RSA_BITS = 2048


@dataclass(frozen=True)
class Certificates:
    """Where the cluster's certificates and keys lie.

    Attributes:
        directory: their directory.
    """

    directory: Path

    @property
    def authority(self) -> Path:
        """The certificate that clients trust."""
        return self.directory / "authority.crt"

    @property
    def server(self) -> Path:
        """The servers' certificate."""
        return self.directory / "server.crt"

    @property
    def server_key(self) -> Path:
        """The servers' key."""
        return self.directory / "server.key"

    @property
    def service_account_key(self) -> Path:
        """The key that signs and verifies service accounts' tokens; RSA, as clusters have it."""
        return self.directory / "service-accounts.key"

    def issue(self, first_service_address: IPv4Address) -> None:
        """Make them all. The authority's key is not kept: nothing else is ever to be signed.

        Args:
            first_service_address: the address of the Service `kubernetes`, by which pods reach the API server.
        """
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        now = datetime.now(UTC)
        authority_key = ec.generate_private_key(ec.SECP256R1())
        server_key = ec.generate_private_key(ec.SECP256R1())
        authority_name = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, "kubewire embedded cluster")])
        server_name = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, "kube-apiserver")])

        def certificate(name: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
            return (
                x509.CertificateBuilder()
                .subject_name(name)
                .issuer_name(authority_name)
                .public_key(key.public_key())
                .serial_number(x509.random_serial_number())
                .not_valid_before(now - _CLOCK_SKEW)
                .not_valid_after(now + _LIFETIME)
                # Python 3.13 and later refuse a chain without both of these (VERIFY_X509_STRICT).
                .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
                .add_extension(
                    x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False
                )
            )

        authority = (
            certificate(authority_name, authority_key)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(
                x509.KeyUsage(
                    key_cert_sign=True,
                    crl_sign=False,
                    digital_signature=False,
                    content_commitment=False,
                    key_encipherment=False,
                    data_encipherment=False,
                    key_agreement=False,
                    encipher_only=False,
                    decipher_only=False,
                ),
                critical=True,
            )
            .sign(authority_key, hashes.SHA256())
        )
        names: list[x509.GeneralName] = [
            x509.DNSName("localhost"),
            x509.IPAddress(IPv4Address(LOOPBACK)),
            x509.IPAddress(first_service_address),
        ]
        server = (
            certificate(server_name, server_key)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.ExtendedKeyUsage([x509.oid.ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .sign(authority_key, hashes.SHA256())
        )

        def pem(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> bytes:
            return key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )

        write_private(self.authority, authority.public_bytes(serialization.Encoding.PEM))
        write_private(self.server, server.public_bytes(serialization.Encoding.PEM))
        write_private(self.server_key, pem(server_key))
        write_private(self.service_account_key, pem(rsa.generate_private_key(65537, _RSA_BITS)))
