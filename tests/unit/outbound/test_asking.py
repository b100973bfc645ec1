"""Are requests sent, followed and limited as a client promises, whatever a host answers?"""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import Callable

import pytest

from shared.outbound import Limits, Outbound, Refused, Request, TooLarge, Unreachable
from tests.support.outside import PUBLIC, Asked, Rerouted, answer, names, redirect, site

Client = Callable[..., Outbound]
URL = "http://jobs.example.com/board"


@pytest.mark.parametrize(
    "coding, body",
    [
        ("gzip", gzip.compress(b"a posting", mtime=0)),
        ("x-gzip", gzip.compress(b"a ", mtime=0) + gzip.compress(b"posting", mtime=0)),
        ("GZIP", gzip.compress(b"a posting", mtime=0) + b"\0\0"),
        ("deflate", zlib.compress(b"a posting")),
        ("deflate", zlib.compress(b"a posting", wbits=-15)),
        ("gzip, deflate", zlib.compress(gzip.compress(b"a posting", mtime=0))),
        ("identity", b"a posting"),
    ],
)
async def test_a_body_is_returned_decompressed(client: Client, coding: str, body: bytes) -> None:
    async with site(answer(body, headers={"Content-Encoding": coding, "ETag": '"1"'})) as host:
        found = await client(resolve=names(), network=Rerouted(host)).send(Request(URL))

    assert (found.status, found.url, found.body, found.headers["etag"]) == (200, URL, b"a posting", '"1"')


async def test_a_host_learns_who_asks_and_whom_to_write_to(client: Client) -> None:
    async with site(answer(b"")) as host:
        request = Request(URL, headers=(("Accept", "text/html"), ("Host", "other.example")))
        await client(resolve=names(), network=Rerouted(host)).send(request)

    assert host.asked[0].headers == {
        "host": "jobs.example.com",
        "user-agent": "FacilityPipeline (+mailto:ops@example.com)",
        "accept": "text/html",
        "accept-encoding": "gzip, deflate",
    }


async def test_a_body_is_sent(client: Client) -> None:
    async with site(answer(b"{}")) as host:
        request = Request(URL, "POST", (("Content-Type", "application/json"),), b'{"offset": 0}')
        await client(resolve=names(), network=Rerouted(host)).send(request)

    assert (host.asked[0].method, host.asked[0].body) == ("POST", b'{"offset": 0}')


async def test_a_large_body_goes_to_a_sink_and_not_into_memory(client: Client) -> None:
    chunks: list[bytes] = []
    async with site(answer(gzip.compress(b"0" * 5_000_000), headers={"content-encoding": "gzip"})) as host:
        found = await client(resolve=names(), network=Rerouted(host)).send(Request(URL), sink=chunks.append)

    assert (found.body, sum(map(len, chunks))) == (b"", 5_000_000)
    assert max(map(len, chunks)) <= 65_536


def bomb(compress: Callable[[bytes], bytes]) -> bytes:
    return compress(b"\0" * 30_000_000)


@pytest.mark.parametrize(
    "coding, body",
    [
        ("gzip", bomb(gzip.compress)),
        ("deflate", bomb(zlib.compress)),
        ("gzip, gzip", gzip.compress(bomb(gzip.compress))),
        ("identity", b"\0" * 10_000_001),
    ],
)
async def test_a_body_that_is_too_large_once_decompressed_is_cut_off(client: Client, coding: str, body: bytes) -> None:
    async with site(answer(body, headers={"content-encoding": coding})) as host:
        with pytest.raises(TooLarge, match="larger than 10,000,000 bytes"):
            await client(resolve=names(), network=Rerouted(host)).send(Request(URL))


async def test_a_body_without_an_end_is_cut_off(client: Client) -> None:
    async def endless(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        while not writer.is_closing():
            writer.write(b"10000\r\n" + b"x" * 65_536 + b"\r\n")
            await writer.drain()

    async with site(endless) as host:
        with pytest.raises(TooLarge):
            await client(resolve=names(), network=Rerouted(host)).send(Request(URL))


@pytest.mark.parametrize("coding", ["br", "zstd", "compress", "gzip, gzip, gzip", "\x80"])
async def test_a_compression_that_was_not_asked_for_is_refused(client: Client, coding: str) -> None:
    async with site(answer(b"x" * 100, headers={"content-encoding": coding})) as host:
        with pytest.raises(Refused, match="compressed"):
            await client(resolve=names(), network=Rerouted(host)).send(Request(URL))


CUT = {
    "shorter than its length": b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{}",
    "a chunk too few": b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n",
    "in a chunk": b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n50\r\nhello",
    "in its gzip": b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n" + gzip.compress(b"hello" * 9)[:-9],
    "damaged gzip": answer(b"\x1f\x8b" + b"\xff" * 30, headers={"content-encoding": "gzip"}),
    "in its headers": b"HTTP/1.1 200 OK\r\ncontent-le",
    "before its status": b"",
    "not HTTP": b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
    "two lengths": b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}.",
    "a length that is none": b"HTTP/1.1 200 OK\r\ncontent-length: two\r\n\r\n{}",
}


@pytest.mark.parametrize("sent", CUT.values(), ids=CUT)
async def test_an_answer_that_is_cut_off_or_damaged_is_an_error_and_not_a_page(client: Client, sent: bytes) -> None:
    async def cut(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(sent)
        writer.close()

    async with site(cut) as host:
        with pytest.raises(Unreachable):
            await client(resolve=names(), network=Rerouted(host)).send(Request(URL))


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n", b""])
async def test_an_answer_that_arrives_too_slowly_is_cut_off(client: Client, head: bytes) -> None:
    async def drip(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while not writer.is_closing():
            writer.write(b"x")
            await asyncio.sleep(0.05)

    async with site(drip) as host, asyncio.timeout(5):
        asking = client(resolve=names(), network=Rerouted(host))
        with pytest.raises(Unreachable, match=r"no complete answer within 0\.2 seconds|did not answer"):
            await asking.send(Request(URL), limits=Limits(seconds=0.2))


async def test_headers_have_a_limit(client: Client) -> None:
    async with site(answer(b"", headers={f"x-{n}": "y" * 5_000 for n in range(15)})) as host:
        with pytest.raises(TooLarge, match="headers"):
            await client(resolve=names(), network=Rerouted(host)).send(Request(URL))


async def test_a_name_without_an_address_and_a_port_that_is_closed_may_be_asked_again(client: Client) -> None:
    async def none(_: str) -> list[str]:
        raise OSError("Name or service not known")

    with pytest.raises(Unreachable, match=r"the name jobs\.example\.com has no address"):
        await client(resolve=none).send(Request(URL))
    with pytest.raises(Unreachable, match="does not accept a connection"):
        await client("127.0.0.1:1").send(Request("http://127.0.0.1:1/"))


async def test_redirects_are_followed_to_where_the_answer_comes_from(client: Client) -> None:
    pages = {
        "/board": redirect("/jobs?page=1"),
        "/jobs?page=1": redirect("//careers.example.com/caf\u00e9 1", 301),
        "careers.example.com/caf%C3%A9%201": answer(b"page"),
    }
    async with site(pages) as host:
        found = await client(resolve=names(), network=Rerouted(host)).send(Request(URL))

    assert (found.url, found.body) == ("http://careers.example.com/caf%C3%A9%201", b"page")


@pytest.mark.parametrize("to", ["/board", "http://JOBS.example.com:80/board#x", "/1"])
async def test_redirects_in_a_circle_or_without_an_end_are_refused(client: Client, to: str) -> None:
    pages = {"/board": redirect(to)} | {f"/{n}": redirect(f"/{n + 1}") for n in range(20)}
    async with site(pages) as host:
        with pytest.raises(Refused, match="in a circle or more than 5 times"):
            await client(resolve=names(), network=Rerouted(host)).send(Request(URL))

    assert len(host.asked) <= 6


async def test_secrets_do_not_follow_a_redirect_to_another_host(client: Client) -> None:
    pages = {"/board": redirect("/same"), "/same": redirect("http://other.example.com/"), "/": answer(b"")}
    secret = (("Authorization", "Bearer s"), ("X-Api-Key", "s"), ("Cookie", "s"), ("If-None-Match", '"1"'))
    async with site(pages) as host:
        await client(resolve=names(), network=Rerouted(host)).send(Request(URL, headers=secret))

    assert [("authorization" in each.headers, "x-api-key" in each.headers) for each in host.asked] == [
        (True, True),
        (True, True),
        (False, False),
    ]
    assert "cookie" not in host.asked[2].headers
    assert host.asked[2].headers["if-none-match"] == '"1"'


async def test_a_body_follows_a_redirect_only_to_the_same_host_and_only_where_that_keeps_it(client: Client) -> None:
    pages = {
        "/board": redirect("/kept", 308),
        "/kept": answer(b"{}"),
        "/lost": redirect("/kept", 302),
        "/away": redirect("http://other.example.com/kept", 307),
    }
    async with site(pages) as host:
        asking = client(resolve=names(), network=Rerouted(host))
        await asking.send(Request(URL, "POST", (), b"{}"))
        for path in ("lost", "away"):
            with pytest.raises(Refused, match="redirects a POST"):
                await asking.send(Request(f"http://jobs.example.com/{path}", "POST", (), b"{}"))

    assert [each.path for each in host.asked] == ["/board", "/kept", "/lost", "/away"]


async def test_without_redirects_a_redirect_is_the_answer(client: Client) -> None:
    async with site(redirect("http://127.0.0.1/")) as host:
        asking = client(resolve=names(), network=Rerouted(host))
        found = await asking.send(Request(URL, "POST", (), b"{}"), limits=Limits(redirects=0))

    assert (found.status, found.headers["location"]) == (302, "http://127.0.0.1/")


@pytest.mark.parametrize(
    "hosts", [["jobs.example.com"], ["jobs.example.com:80"], [".example.com"], ["other.example", "jobs.example.com"]]
)
async def test_a_source_stays_on_its_own_hosts_also_by_redirects(client: Client, hosts: list[str]) -> None:
    pages = {"/board": answer(b""), "/leave": redirect("http://other.example.org/")}
    async with site(pages) as host:
        network = Rerouted(host)
        asking = client(resolve=names(), network=network)

        await asking.send(Request(URL), hosts=hosts)
        with pytest.raises(Refused, match=r"redirected by jobs\.example\.com: other\.example\.org:80 is not a host"):
            await asking.send(Request("http://jobs.example.com/leave"), hosts=hosts)
        for url in ("http://jobs.example.com.evil.example/", "http://evilexample.com/", "https://example.com/"):
            with pytest.raises(Refused, match="not a host"):
                await asking.send(Request(url), hosts=hosts)

    assert network.dialed == [(PUBLIC, 80)]


async def test_every_hop_is_asked_for_permission_and_checked_against_what_is_denied(client: Client) -> None:
    pages = {"/board": redirect("/private"), "/denied": redirect("http://denied.example/jobs")}
    asked: list[str] = []

    async def permitted(url: str) -> str | None:
        asked.append(url)
        return "robots.txt disallows it" if url.endswith("/private") else None

    async with site(pages) as host:
        asking = client(
            resolve=names(),
            network=Rerouted(host),
            denied=lambda url: "postings from denied are not accepted" if "denied.example" in url else None,
        )
        with pytest.raises(Refused, match=r"robots\.txt disallows it"):
            await asking.send(Request(URL), permitted=permitted)
        with pytest.raises(Refused, match=r"redirected by jobs\.example\.com: postings from denied"):
            await asking.send(Request("http://jobs.example.com/denied"))

    assert asked == [URL, "http://jobs.example.com/private"]
    assert [each.path for each in host.asked] == ["/board", "/denied"]


@pytest.mark.parametrize(
    "request_",
    [
        Request(URL, headers=(("X-A", "1\r\nX-B: 2"),)),
        Request(URL, headers=(("X-A\r\nX-B", "2"),)),
        Request(URL, headers=(("X-\u00e9", "2"),)),
        Request(URL, "GET / HTTP/1.1\r\nX: "),
        Request("http://jobs.example.com/a\r\nX-B: 2"),
    ],
)
async def test_nothing_is_injected_into_a_request(client: Client, request_: Request) -> None:
    async with site(answer(b"")) as host:
        with pytest.raises(Refused):
            await client(resolve=names(), network=Rerouted(host)).send(request_)

    assert host.asked == []


async def test_connections_are_used_again_after_an_answer_and_closed_after_an_error(client: Client) -> None:
    pages = {"/board": answer(b"1"), "/large": answer(b"x" * 200_000), "/moved": redirect("/board")}
    async with site(pages) as host:
        asking = client(resolve=names(), network=Rerouted(host))
        for path in ("board", "moved", "absent", "board"):
            await asking.send(Request(f"http://jobs.example.com/{path}"))
        assert host.connections == 1

        with pytest.raises(TooLarge):
            await asking.send(Request("http://jobs.example.com/large"), limits=Limits(body=1_000))
        await asking.send(Request(URL))
        assert host.connections == 2


async def test_a_host_has_a_limited_number_of_connections_and_all_hosts_together_too(client: Client) -> None:
    async def slow(_: Asked, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.01)
        writer.write(answer(b""))

    async with site(slow) as host:
        asking = client(resolve=names(), network=Rerouted(host), per_host=2, most_hosts=3)
        await asyncio.gather(*(asking.send(Request(URL)) for _ in range(10)))
        assert host.connections == 2

        for number in range(12):
            await asking.send(Request(f"http://site{number}.example.com/"))
        await asyncio.gather(*(asking.send(Request(f"http://site{n}.example.com/")) for n in range(12, 24)))
        assert asking.open_hosts <= 3


async def test_one_slow_host_does_not_delay_the_others(client: Client) -> None:
    async def hang_for_one(asked: Asked, writer: asyncio.StreamWriter) -> None:
        if asked.url.startswith("slow"):
            await asyncio.sleep(30)
        writer.write(answer(b""))

    async with site(hang_for_one) as host:
        asking = client(resolve=names(), network=Rerouted(host), per_host=2)
        hanging = [asyncio.create_task(asking.send(Request("http://slow.example.com/"))) for _ in range(20)]
        async with asyncio.timeout(5):
            await asyncio.gather(*(asking.send(Request(f"http://site{n}.example.com/")) for n in range(50)))
        for each in hanging:
            each.cancel()
        await asyncio.gather(*hanging, return_exceptions=True)
