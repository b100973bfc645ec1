"""Are connections to NATS encrypted and authenticated if TLS is configured?"""

from __future__ import annotations

import asyncio
import shutil
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import nats
import pytest

from cli.provision.setup import prepare_streams
from cli.stack import embedded
from cli.stack.children import spawn
from cli.stack.processes import end, free_port, identify
from cli.stack.target import REPOSITORY
from shared.messaging.broker import UNAVAILABLE, Broker, connect, tls_options
from shared.messaging.tls import TlsIncomplete, context
from tests.integration.test_healing import until
from tests.integration.test_kernel import sealed
from tests.support.certificates import issue, of_a_client, of_a_server
from tests.support.proxy import Proxy

PASSWORDS = {user: f"of-a-test-{user}" for user in embedded.NATS_USERS}

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="certificates are made with openssl")


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return issue(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def server(certificates: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a server with deploy/nats/tls.conf."""
    home = tmp_path_factory.mktemp("nats")
    shutil.copy(REPOSITORY / "deploy" / "nats" / "nats.conf", home)
    text = (REPOSITORY / "deploy" / "nats" / "tls.conf").read_text()
    for variable, file in of_a_server(certificates).items():
        text = text.replace(f"${variable}", f'"{file}"')
    (home / "tls.conf").write_text(text)
    port, monitor = free_port(), free_port()
    program = embedded.nats_program(home / "store", port, monitor, PASSWORDS, home / "log", home / "tls.conf")
    with spawn(program) as process:
        embedded._await(lambda: embedded.answers(embedded.nats_health_url(monitor)), home / "log")
        yield port
        identity = identify(process.pid)
        assert identity
        end([identity], embedded.NATS_STOP)


def url(port: int, user: str) -> str:
    return f"nats://{user}:{PASSWORDS[user]}@127.0.0.1:{port}"


async def once(url: str, tls: ssl.SSLContext | None) -> None:
    """Try to connect as a service does, but give up at the first failure."""

    async def note(error: Exception) -> None:
        pass

    client = await nats.connect(url, allow_reconnect=False, connect_timeout=2, error_cb=note, **tls_options(tls))
    await client.close()


async def test_setup_and_services_work_over_tls(
    server: int, certificates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, file in of_a_client(certificates).items():
        monkeypatch.setenv(variable, file)
    await prepare_streams(url(server, "setup"), lambda _: None)
    tls = context(certificates / "ca.pem", certificates / "client.pem", certificates / "client.key")

    broker = await connect(url(server, "ingest"), "ingest", tls=tls)
    stored = await broker.publish([sealed(1)])
    await broker.close()

    assert len(stored) == 1


@pytest.mark.parametrize(
    "ca, own",
    [("ca.pem", None), ("ca.pem", "stranger"), ("other-ca.pem", "client")],
    ids=["a client without a certificate", "a client of another authority", "a server of another authority"],
)
async def test_an_unknown_client_gets_no_connection(server: int, certificates: Path, ca: str, own: str | None) -> None:
    cert, key = (certificates / f"{own}.pem", certificates / f"{own}.key") if own else (None, None)

    with pytest.raises(UNAVAILABLE):
        await once(url(server, "ingest"), context(certificates / ca, cert, key))


async def test_a_client_with_tls_does_not_connect_to_a_server_without(certificates: Path) -> None:
    with embedded.servers() as plain, pytest.raises(UNAVAILABLE):
        await once(plain.nats_url("ingest"), context(certificates / "ca.pem", None, None))


async def test_a_client_leaves_a_hung_server_for_another_one_at_once(server: int, certificates: Path) -> None:
    proxies = [await Proxy(server).start() for _ in range(2)]
    tls = context(certificates / "ca.pem", certificates / "client.pem", certificates / "client.key")
    both = f"{url(proxies[0].port, 'ingest')},127.0.0.1:{proxies[1].port}"
    broker = await connect(both, "ingest", tls=tls)
    assert broker.client.connected_url
    hung = next(proxy for proxy in proxies if proxy.port == broker.client.connected_url.port)
    hung.hang()
    began = time.monotonic()

    await broker.client.force_reconnect()
    await until(lambda: is_connected(broker), 40)

    assert time.monotonic() - began < 10  # a try of the hung one takes three seconds
    await broker.close()
    for proxy in proxies:
        await proxy.close()


async def test_a_client_connects_after_a_handshake_that_took_too_long(server: int, certificates: Path) -> None:
    proxy = await Proxy(server).start()
    tls = context(certificates / "ca.pem", certificates / "client.pem", certificates / "client.key")
    proxy.hang()
    connecting = asyncio.create_task(connect(url(proxy.port, "ingest"), "ingest", tls=tls))
    await asyncio.sleep(3.5)  # the handshake may take three

    proxy.resume()
    broker = await asyncio.wait_for(connecting, 15)

    assert broker.connected
    await broker.close()
    await proxy.close()


async def is_connected(broker: Broker) -> bool:
    return broker.connected


def test_a_certificate_without_its_key_is_refused(certificates: Path) -> None:
    with pytest.raises(TlsIncomplete, match="together"):
        context(certificates / "ca.pem", certificates / "client.pem", None)


def test_without_settings_there_is_no_tls() -> None:
    assert context(None, None, None) is None
