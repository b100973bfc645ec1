"""How fast do approved letters leave, beside a plain loop with as many connections to the same mail server?"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from email.message import EmailMessage
from statistics import median

import psutil
from aiosmtplib import SMTP

from cli.stack.mail import listens
from cli.stack.processes import free_port
from services.notifier.domain.composing import html_of
from services.notifier.workers.sending import PARALLEL
from tests.benchmarks.world import World, process, rate, service_environment, world
from tests.support.sending import BODY, approve_letters, pack_without_limits, settings

LETTERS = 2_000
MEGABYTE = 1_000_000


async def sending(repeats: int, peers: str) -> dict[str, dict[str, float]]:
    """The notifier, and a plain loop of aiosmtplib, in turn."""
    async with world() as servers, mail_sink() as url:
        runs = [(await _notifier(servers, url), await _plain_loop(url)) for _ in range(repeats)]
    ours = {name: round(median(run[name] for run, _ in runs), 2) for name in runs[0][0]}
    ours["vs_plain_loop"] = round(median(run["per_second"] / plain for run, plain in runs), 2)
    return {"sending": ours, "plain_smtp_loop": {"per_second": round(median(plain for _, plain in runs), 1)}}


async def _notifier(world: World, url: str) -> dict[str, float]:
    await world.clean("notifier")
    await approve_letters(world.service_url("notifier"), LETTERS)
    with pack_without_limits() as folder:
        variables = service_environment(world, "notifier") | settings(url, folder)
        with process("services.notifier", **variables) as notifier:
            figures = await rate(world, "NOTIFIER", LETTERS, [notifier])
            figures["rss_mb"] = psutil.Process(notifier.pid).memory_info().rss / MEGABYTE
    return figures


async def _plain_loop(url: str) -> float:
    """Letters per second of as many connections, each with a loop that sends one letter after the other."""
    started = time.monotonic()
    await asyncio.gather(*(_send_all(url, range(first, LETTERS, PARALLEL)) for first in range(PARALLEL)))
    return LETTERS / (time.monotonic() - started)


async def _send_all(url: str, numbers: Iterable[int]) -> None:
    host, _, port = url.removeprefix("smtp://").partition("?")[0].partition(":")
    async with SMTP(hostname=host, port=int(port), start_tls=False) as client:
        for number in numbers:
            await client.send_message(_letter(number))


def _letter(number: int) -> EmailMessage:
    letter = EmailMessage()
    letter["From"], letter["To"] = "Ann Lee <ann@seller.example>", f"ada@home-{number}.example"
    letter["Subject"], letter["Message-ID"] = "A question", f"<{number}@seller.example>"
    letter["List-Unsubscribe"] = f"<https://letters.seller.example/u/{'x' * 46}>, <mailto:ann@seller.example>"
    letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    letter.set_content(BODY)
    letter.add_alternative(html_of(BODY), subtype="html")
    return letter


@asynccontextmanager
async def mail_sink() -> AsyncIterator[str]:
    port = free_port()
    with process("tests.benchmarks.loops.mail_sink", PORT=str(port)):
        while not listens(port):  # noqa: ASYNC110 - it is another process
            await asyncio.sleep(0.05)
        yield f"smtp://127.0.0.1:{port}?tls=none"
