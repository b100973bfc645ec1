"""`pipeline listen`: events as they happen, also for a receiver that someone develops."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import Coroutine
from contextlib import AsyncExitStack, suppress
from datetime import timedelta
from typing import Annotated, Any

import typer
from nats.js.api import RawStreamMsg

from cli.client.clock import reader
from cli.client.connection import connected
from cli.client.following import follow, gist, is_about
from cli.client.forwarding import Delivery, Receiver
from cli.commands.options import Json, Types, duration
from cli.printing import show
from shared.contracts import topology
from shared.contracts.cloudevents import structured_message
from shared.contracts.envelope import Malformed
from shared.outbound.webhooks import new_secret


def listen(
    types: Types = None,
    forward: Annotated[
        str | None, typer.Option(metavar="URL", help="Post each event to this address, signed as webhooks are.")
    ] = None,
    secret: Annotated[str | None, typer.Option(help="Sign with this secret (whsec_...) instead of a new one.")] = None,
    personal: Annotated[
        bool, typer.Option("--personal", help="Forward events with contact data of people, too.")
    ] = False,
    facility: Annotated[str | None, typer.Option(metavar="ID", help="Only those of this facility.")] = None,
    since: Annotated[
        str | None, typer.Option(metavar="DURATION", help="Begin with those of the last 90s, 30m, 2h or, at most, 7d.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show events as they happen, and forward them to a receiver that you develop.

    Each is a line, until Ctrl-C. `--json` prints structured CloudEvents; with `--forward`, each as `event` beside
    `status` (null: there was no answer), `millis` and `text`. Nothing is sent twice, whatever the answer.

    Example: pipeline listen score.changed 'lead.*' --forward http://localhost:9000/events
    """
    subjects = subjects_of(types or ["*"], forwarded=forward is not None, personal=personal)
    if secret and not forward:
        raise ValueError("--secret signs what is forwarded; give --forward URL as well.")
    earlier = duration(since, "--since") if since else None
    if earlier and earlier > timedelta(topology.STREAM_DAYS):
        raise ValueError(
            f"--since {since}: streams keep {topology.STREAM_DAYS} days; `pipeline events --since YYYY-MM-DD` lists"
            " older events."
        )
    receiver = None
    if forward:
        secret = secret or new_secret()
        receiver = Receiver(forward, secret)
        show.problem(f"Forwarding to {forward}, signed with the secret {secret}")
        if not personal:
            show.problem("Events with contact data of people are left out; --personal forwards them, too.")
    at, counts = reader(), Counter[str]()

    def line(event: dict[str, Any], delivery: Delivery | None) -> None:
        counts["events"] += 1
        counts["accepted"] += delivery is not None and delivery.accepted
        if as_json:
            show.as_json(event if delivery is None else _both(event, delivery))
        else:
            show.line(f"{at(event.get('time', ''))}  {_row(event, delivery)}")
        sys.stdout.flush()

    try:
        asyncio.run(_until_interrupted(_listen(subjects, facility, earlier, receiver, line)))
    except BrokenPipeError:  # as of `pipeline listen | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return
    except KeyboardInterrupt:  # before it listened, or twice
        pass
    accepted = f"; {counts['accepted']:,} accepted" if forward else ""
    show.problem(f"Events: {counts['events']:,}{accepted}.")


def subjects_of(types: list[str], *, forwarded: bool, personal: bool) -> list[str]:
    """What is listened to; raises `ValueError` if a type is named that is not forwarded."""
    subjects = topology.subjects_like(types)
    if not forwarded:
        return subjects
    private = {event.SUBJECT for event in topology.PERSONAL} if not personal else set()
    kept = [each for each in subjects if each not in private and not each.startswith("dead.")]
    if withheld := [each for each in types if each in set(subjects) - set(kept)]:
        if withheld[0].startswith("dead."):
            raise ValueError(f"{withheld[0]} is not forwarded: it is for the operators of the pipeline.")
        raise ValueError(f"{withheld[0]} has contact data of people; forward it with --personal.")
    if not kept:
        raise ValueError("All of these events have contact data of people; forward them with --personal.")
    return kept


async def _until_interrupted(listening: Coroutine[Any, Any, None]) -> None:
    """Listen until Ctrl-C. It is canceled until it ends, because `asyncio.wait_for` of Python 3.11 can lose one."""
    interrupted = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, interrupted.set)
    task, stop = asyncio.ensure_future(listening), asyncio.ensure_future(interrupted.wait())
    await asyncio.wait([task, stop], return_when=asyncio.FIRST_COMPLETED)
    stop.cancel()
    while interrupted.is_set() and not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=0.5)
    with suppress(asyncio.CancelledError):
        task.result()


async def _listen(
    subjects: list[str], facility: str | None, since: timedelta | None, receiver: Receiver | None, line: Any
) -> None:
    async with AsyncExitStack() as stack:
        broker = await stack.enter_async_context(connected())
        if receiver:
            await stack.enter_async_context(receiver)
        async for message in follow(broker, subjects, since):
            event = _event(message)
            if event is not None and (facility is None or is_about(event["data"], facility)):
                line(event, await receiver.send(event) if receiver else None)


def _event(message: RawStreamMsg) -> dict[str, Any] | None:
    """The event in a message; None, with a note, if it is none."""
    try:
        return structured_message(message.headers or {}, message.data or b"")
    except (Malformed, ValueError) as error:
        show.problem(f"Message {message.seq} on {message.subject} is no CloudEvent: {error}.")
        return None


def _row(event: dict[str, Any], delivery: Delivery | None) -> str:
    row = f"{event['type']:<20} {event.get('subject', ''):<38} "
    if delivery is None:
        return row + gist(event["data"])
    text = gist(event["data"]) if delivery.accepted else delivery.text
    return f"{delivery.status or 'none':>4} {delivery.millis:>6,} ms  {row}{text}"


def _both(event: dict[str, Any], delivery: Delivery) -> dict[str, Any]:
    return {"event": event, "status": delivery.status, "millis": delivery.millis, "text": delivery.text}
