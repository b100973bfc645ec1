"""`pipeline republish`: publishes past events again."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cli.client.actor import OPERATOR, who
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
    service: Annotated[str | None, typer.Argument(help="The publisher of the events; by default all services.")] = None,
    since: Since = None,
    apply: Annotated[bool, typer.Option("--apply", help="Republish, instead of only showing how many events.")] = False,
) -> None:
    """Republish events of services from their outbox.

    For streams that lost events, and for consumers that were added later; a consumer ignores an event that it has
    processed. Shows the number of events; `--apply` republishes them.

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
        show.say("Nothing was published. `--apply` does it; consumers ignore what they have processed.")
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
    """Republish page by page, so that an interruption repeats at most one page."""
    done, after = 0, NO_ID
    with counted(f"publishing {owner}'s events again", total) as (bar, task):
        while True:
            page = Republish(since=since, after=after, actor=who(unknown=OPERATOR))
            answer = await broker.ask(page, service=owner)
            if answer.last is None:
                return done
            done += answer.published
            bar.advance(task, answer.published)
            if answer.published < answer.events:
                raise AskFailed(
                    f"The stream accepted only {done} events of {owner}: is it full, or NATS unavailable?"
                    " The service's log has the reason; run this again later.",
                    503,
                )
            after = answer.last
