"""Does any form of a URL, a name, an address or a redirect reach a server that must not be reached?"""

from __future__ import annotations

import re
import socket
from collections.abc import AsyncIterator, Callable, Sequence

import pytest

from shared.outbound import Outbound, Refused, Request
from shared.outbound.addresses import why_refused
from shared.outbound.connecting import CheckedNetwork, resolve
from tests.support.outside import PUBLIC, Rerouted, Site, answer, names, redirect, site

ANOTHER_PAIR = "127.0.0.1:9"
Client = Callable[..., Outbound]


@pytest.fixture
async def canary() -> AsyncIterator[Site]:
    async with site(answer(b"reached")) as found:
        yield found


FORMS = r"""
http://127.0.0.1:PORT/
http://127.0.0.1./
http://localhost:PORT/
http://LOCALHOST:PORT/
http://localhost.:PORT/
http://app.localhost:PORT/
http://localhost.localdomain:PORT/
http://127.1:PORT/
http://127.0.1:PORT/
http://2130706433:PORT/
http://0x7f000001:PORT/
http://0x7F.0.0.0x1:PORT/
http://0x7f.1:PORT/
http://017700000001:PORT/
http://0177.0.0.1:PORT/
http://0177.0.0.01:PORT/
http://127.000.000.001:PORT/
http://0:PORT/
http://0.0.0.0:PORT/
http://00.0x0.0.0:PORT/
http://127.127.127.127:PORT/
http://127.0.0.1:PORT@example.com/
http://example.com@127.0.0.1:PORT/
http://user:password@127.0.0.1:PORT/
http://example.com:80@127.0.0.1:PORT/
http://127.0.0.1:PORT#@example.com/
http://127.0.0.1:PORT\@example.com/
http://example.com\@127.0.0.1:PORT/
http:\\127.0.0.1:PORT/
http:/127.0.0.1:PORT/
http:127.0.0.1:PORT/
//127.0.0.1:PORT/
http:///127.0.0.1:PORT/
http://[::1]:PORT/
http://[::]:PORT/
http://[0:0:0:0:0:0:0:1]:PORT/
http://[::ffff:127.0.0.1]:PORT/
http://[::ffff:7f00:1]:PORT/
http://[::127.0.0.1]:PORT/
http://[64:ff9b::127.0.0.1]:PORT/
http://[2002:7f00:1::]:PORT/
http://[2001:0:7f00:1::]:PORT/
http://[fe80::1%25lo]:PORT/
http://[fe80::1%lo]:PORT/
http://[::1%25lo]:PORT/
http://[fd00:ec2::254]/latest/meta-data
http://[::1]PORT/
http://::1:PORT/
http://①②⑦.⓪.⓪.①:PORT/
http://\uff11\uff12\uff17.0.0.1:PORT/
http://127。0。0。1:PORT/
http://ⓛocalhost:PORT/
http://loc\u00adalhost:PORT/
http://localhost\u200b:PORT/
http://127.0.0.1%2f@example.com:PORT/
http://127.0.0.1%00.example.com:PORT/
http://%31%32%37.0.0.1:PORT/
http://127.0.0.1\t:PORT/
http://127.0.0.1\r\nHost: example.com:PORT/
http://example.com:80\r\n.127.0.0.1:PORT/
http://127.0.0.1:+PORT/
http://127.0.0.1:0PORT/
http://127.0.0.1:PORT:80/
http://127.0.0.1 :PORT/
http://127.0.0.1,example.com:PORT/
http://example.com,127.0.0.1:PORT/
http://127.0.0.1&example.com:PORT/
ftp://127.0.0.1:PORT/
gopher://127.0.0.1:PORT/_GET%20/
file:///etc/hosts
file://127.0.0.1:PORT/
dict://127.0.0.1:PORT/info
unix:/var/run/docker.sock
data:text/plain,reached
javascript:alert(1)
ws://127.0.0.1:PORT/
https+http://127.0.0.1:PORT/
http://HOSTNAME:PORT/
http://169.254.169.254/latest/meta-data/
http://metadata.google.internal/computeMetadata/v1/
http://metadata/
http://100.100.100.200/
http://168.63.129.16/
http://10.0.0.1/
http://192.168.1.1/
http://172.16.0.1:PORT/
http://93.184.216.34/
http://example.com:PORT/
http://rebound.example:PORT/
http://..:PORT/
http://.localhost:PORT/
http://:PORT/
""".strip().splitlines()


@pytest.mark.parametrize("form", FORMS)
async def test_no_form_of_a_url_reaches_a_private_server(canary: Site, form: str, client: Client) -> None:
    url = re.sub(r"\\u[0-9a-f]{4}|\\[rnt]", lambda escape: escape[0].encode().decode("unicode_escape"), form)
    url = url.replace("PORT", str(canary.port)).replace("HOSTNAME", socket.gethostname())
    # The resolver of the system, which also reads most of these forms as addresses.
    asking = client(ANOTHER_PAIR, resolve=resolve)

    with pytest.raises(Refused):
        await asking.send(Request(url))

    assert canary.connections == 0


@pytest.mark.parametrize("form", ["http://example.com#@127.0.0.1:PORT/", "http://example.com?@127.0.0.1:PORT/"])
async def test_what_follows_the_host_is_not_where_a_url_leads(canary: Site, form: str, client: Client) -> None:
    network = Rerouted(canary)

    await client(resolve=names(), network=network).send(Request(form))

    assert network.dialed == [(PUBLIC, 80)]


def test_at_least_60_forms_are_tried() -> None:
    assert len(set(FORMS)) >= 60


@pytest.mark.parametrize("form", ["127.1", "2130706433", "0x7f.1", "0177.0.0.1", "0"])
async def test_some_of_these_forms_do_reach_it_where_nothing_is_checked(canary: Site, form: str) -> None:
    with socket.create_connection((form, canary.port), timeout=5):
        pass


ADDRESSES = """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 127.0.0.1 127.255.255.254 168.63.129.16 169.254.0.1
169.254.169.254 169.254.170.2 172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.192 192.0.2.1 192.88.99.1 192.168.0.1
192.168.255.255 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
:: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:8.8.8.8 ::ffff:0:127.0.0.1 64:ff9b::7f00:1 64:ff9b::808:808
64:ff9b:1::1 100::1 2001::1 2001:0:7f00:1:: 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1:: 2002:808:808:: 3fff::1
5f00::1 fc00::1 fd00:ec2::254 fe80::1 fe80::1%eth0 ::1%lo fec0::1 ff02::1 ff05::2 4000::1 not-an-address 127.1 0x7f.1
""".split()


@pytest.mark.parametrize("address", ADDRESSES)
async def test_a_public_name_with_such_an_address_is_not_asked(canary: Site, address: str, client: Client) -> None:
    network = Rerouted(canary)
    asking = client(ANOTHER_PAIR, resolve=names({"jobs.example.com": [PUBLIC, address]}), network=network)

    with pytest.raises(Refused, match=r"jobs\.example\.com leads to an address that is not public"):
        await asking.send(Request("https://jobs.example.com/"))

    assert network.dialed == []


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "93.184.216.34", "100.128.0.1", "172.32.0.1", "169.253.255.255", "2606:2800:220:1::1", "2a00::1"],
)
def test_public_addresses_are_asked(address: str) -> None:
    assert why_refused(address) is None


async def test_a_private_address_is_refused_at_the_connection_itself_whatever_the_port(canary: Site) -> None:
    guarded = CheckedNetwork(frozenset(), names({"jobs.example.com": ["127.0.0.1"]}), (), 5)

    with pytest.raises(Refused, match=r"127\.0\.0\.1 is loopback"):
        await guarded.connect_tcp("jobs.example.com", canary.port)

    assert canary.connections == 0


async def test_a_name_that_changes_its_address_after_the_check_is_asked_at_the_one_that_was_checked(
    canary: Site, client: Client
) -> None:
    answers = [[PUBLIC], ["127.0.0.1"], ["169.254.169.254"]]
    resolved = []

    async def rebinding(host: str) -> Sequence[str]:
        resolved.append(host)
        return answers[len(resolved) - 1]

    network = Rerouted(canary)
    asking = client(ANOTHER_PAIR, resolve=rebinding, network=network)

    await asking.send(Request("http://rebound.example.com/"))

    assert network.dialed == [(PUBLIC, 80)]
    assert resolved == ["rebound.example.com"]
    await asking.aclose()
    with pytest.raises(Refused, match="loopback"):
        await asking.send(Request("http://rebound.example.com/"))
    assert network.dialed == [(PUBLIC, 80)]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "to",
    [
        "http://127.0.0.1:PORT/",
        "//127.0.0.1:PORT/",
        "http://private.example.com/",
        "http://[::1]:PORT/",
        "http://jobs.example.com:PORT/",
        "file:///etc/passwd",
        "http://jobs.example.com\\@127.0.0.1:PORT/",
        "http://169.254.169.254/latest/meta-data/",
    ],
)
async def test_no_redirect_leads_to_a_private_server(status: int, to: str, client: Client) -> None:
    async with site(answer(b"reached")) as canary:
        target = to.replace("PORT", str(canary.port))
        async with site(redirect(target, status)) as public:
            network = Rerouted(public)
            resolver = names({"private.example.com": ["10.0.0.1"]})
            asking = client(ANOTHER_PAIR, resolve=resolver, network=network)

            with pytest.raises(Refused):
                await asking.send(Request("http://jobs.example.com/"))

        assert canary.connections == 0
        assert network.dialed == [(PUBLIC, 80)]


async def test_an_allowed_pair_is_reached_and_only_as_it_is_written(canary: Site, client: Client) -> None:
    asking = client(f"127.0.0.1:{canary.port}", agent=None)

    found = await asking.send(Request(f"http://127.0.0.1:{canary.port}/robots.txt"))

    assert (found.status, found.body) == (200, b"reached")
    for other in ("localhost", "127.1", "[::ffff:127.0.0.1]", "jobs.example.com"):
        with pytest.raises(Refused):
            await asking.send(Request(f"http://{other}:{canary.port}/"))
    assert canary.connections == 1


async def test_an_allowed_name_may_have_a_private_address(canary: Site, client: Client) -> None:
    asking = client(f"fakes.test:{canary.port}", resolve=names({"fakes.test": ["127.0.0.1"]}))

    assert (await asking.send(Request(f"http://fakes.test:{canary.port}/"))).status == 200


@pytest.mark.parametrize(
    "text", ["", "127.0.0.1", "127.0.0.1:", ":80", "127.1:80", "a b:80", "127.0.0.1:99999", "[::1:80"]
)
def test_a_pair_that_is_none_is_refused_by_its_text(text: str) -> None:
    with pytest.raises(ValueError, match="is not a pair of a host and a port"):
        Outbound([text])


async def test_a_name_with_the_address_of_a_denied_one_is_refused(canary: Site, client: Client) -> None:
    resolver = names({"www.denied.example": ["151.101.1.1"], "innocent.example.com": ["151.101.1.1"]})
    asking = client(resolve=resolver, denied_names=["www.denied.example"], network=Rerouted(canary))

    with pytest.raises(Refused, match="an address of a denied host"):
        await asking.send(Request("https://innocent.example.com/"))
    assert (await asking.send(Request("http://jobs.example.com/"))).status == 200


async def test_without_a_contact_only_allowed_pairs_are_asked(canary: Site, client: Client) -> None:
    asking = client(f"127.0.0.1:{canary.port}", agent=None)

    with pytest.raises(Refused, match="PIPELINE_OUTBOUND_CONTACT"):
        await asking.send(Request("https://jobs.example.com/"))
    assert (await asking.send(Request(f"http://127.0.0.1:{canary.port}/"))).status == 200
