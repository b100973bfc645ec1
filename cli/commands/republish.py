"""`pipeline republish`: what was published goes out once more."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cli.client.actor import operator
from cli.client.clock import reader
from cli.client.connection import talk
from cli.client.since import Since, instant
from cli.printing import show
from cli.printing.progress import counted
from shared.contracts.kernel import NO_ID, OutboxWindow, PublishedSubject, Republish
from shared.contracts.refusals import AskFailed
from shared.contracts.services import SERVICES

if TYPE_CHECKING:
    from shared.messaging.broker import Broker


def republish(
    service: Annotated[str | None, typer.Argument(help="Whose events; of all services if not given.")] = None,
    since: Since = None,
    apply: Annotated[bool, typer.Option("--apply", help="Do it, instead of only showing what would be done.")] = False,
) -> None:
    """Publish again what services published before, from their own outbox.

    For streams that lost events, and for consumers that came later; a consumer that took an event ignores it. Shows
    how many events it is about; `--apply` does it.

    Example: pipeline republish sequencer --since 2d --apply
    """
    if service is not None and service not in SERVICES:
        raise typer.BadParameter(f"There is no service {service!r}; choose from {', '.join(SERVICES)}.")
    owners, start = [service] if service else list(SERVICES), instant(since)
    windows = talk(lambda broker: _windows(broker, owners, start))
    at = reader(owners[0])
    rows = [(owner, w.subject, w.events, at(w.oldest), at(w.newest)) for owner, found in windows for w in found]
    show.table("To be published again", ["service", "subject", "events", "oldest", "newest"], rows, ["events"])
    if not apply:
        show.say("Nothing was published. `--apply` does it; consumers ignore what they have taken already.")
        return
    for owner, found in windows:
        total = sum(window.events for window in found)
        done = talk(lambda broker, owner=owner, total=total: republish_all(broker, owner, start, total))  # type: ignore[misc]
        show.say(f"{owner} published {done} of {total} events again.")


async def _windows(
    broker: Broker, owners: list[str], since: datetime | None
) -> list[tuple[str, list[PublishedSubject]]]:
    return [(owner, await broker.ask(OutboxWindow(since=since), service=owner)) for owner in owners]


async def republish_all(broker: Broker, owner: str, since: datetime | None, total: int) -> int:
    """Page by page, so that an interruption costs a page at most."""
    done, after = 0, NO_ID
    with counted(f"publishing {owner}'s events again", total) as (bar, task):
        while True:
            page = Republish(since=since, after=after, actor=operator())
            answer = await broker.ask(page, service=owner)
            if answer.last is None:
                return done
            done += answer.published
            bar.advance(task, answer.published)
            if answer.published < answer.events:
                raise AskFailed(
                    f"The stream took {done} events of {owner} and no more: is it full, or NATS away?"
                    " The service's log says why; run this again later.",
                    503,
                )
            after = answer.last
