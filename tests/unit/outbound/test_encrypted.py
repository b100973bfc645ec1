"""Is an encrypted answer that of the name that was asked, and does nothing continue without encryption?"""

from __future__ import annotations

import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from shared.outbound import Outbound, Refused, Request, Unreachable
from tests.support.outside import PUBLIC, Rerouted, answer, names, redirect, site

Client = Callable[..., Outbound]


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A key and a certificate of jobs.example.com, which signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "jobs.example.com")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("jobs.example.com")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "certificate.pem"
    pem, traditional = serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL
    path.write_bytes(key.private_bytes(pem, traditional, serialization.NoEncryption()) + signed.public_bytes(pem))
    return path


def server(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


async def test_the_name_is_verified_although_the_connection_goes_to_an_address(
    client: Client, certificate: Path
) -> None:
    pages = {"/board": answer(b"page"), "/plain": redirect("http://jobs.example.com/board")}
    trusting = ssl.create_default_context(cafile=certificate)
    async with site(pages, server(certificate)) as host:
        network = Rerouted(host)
        asking = client(resolve=names(), network=network, tls=trusting)

        assert (await asking.send(Request("https://jobs.example.com/board"))).body == b"page"
        assert network.dialed == [(PUBLIC, 443)]
        with pytest.raises(Refused, match="without encryption"):
            await asking.send(Request("https://jobs.example.com/plain"))
        with pytest.raises(Unreachable, match="certificate"):
            await asking.send(Request("https://other.example.com/board"))
        with pytest.raises(Unreachable, match="certificate"):
            await client(resolve=names(), network=network).send(Request("https://jobs.example.com/board"))

    assert [each.path for each in host.asked] == ["/board", "/plain"]
