"""`pipeline engagement`: what prospects did, and what reported it."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Annotated

import typer

from cli.client.actor import By, who
from cli.client.connection import ask, made, pages, talk
from cli.commands.options import Json, day, group
from cli.printing import show
from engines.packs import about
from shared.contracts.sequencer_engagement import EngagementRow, Engagements, RecordEngagement

if TYPE_CHECKING:
    from shared.messaging.broker import Broker

app = group(
    """Engagement: what a prospect did: a meeting, a demo, a visit of the website, a download.

    Programs report it over HTTP (`pipeline key add website --engagement`). It is recorded once for each id of its
    source, shown with the lead, and published as `engagement.recorded`.""",
)

MOST_LISTED = 100
"""How many engagements `list` prints as text, the latest ones."""


@app.command()
def add(
    kind: Annotated[str, typer.Argument(help="meeting, demo, visit or download.", show_default=False)],
    of: Annotated[str, typer.Argument(metavar="{key.name}|EMAIL", help="The facility, or the address of a contact.")],
    what: Annotated[str | None, typer.Option(help="The page, the document, the subject.")] = None,
    email: Annotated[str | None, typer.Option(help="With a {key.name}: the address of the person.")] = None,
    on: Annotated[str | None, typer.Option(metavar="DAY", help="The day (YYYY-MM-DD); by default today.")] = None,
    url: Annotated[str | None, typer.Option(help="The address of the page or document.")] = None,
    source: Annotated[str, typer.Option(help="What reports it.")] = "a representative",
    source_id: Annotated[
        str | None, typer.Option("--id", help="Its id in the source; by default the same on one day is the same.")
    ] = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Record what a prospect did; recorded again, it changes nothing.

    Example: pipeline engagement add download 335001 --what "Staffing guide"
    """
    named = {"email": of} if "@" in of else {"facility_id": of, "email": email}
    given = {"what": what, "url": url, "source": source, "source_id": source_id, "on": on and day(on, "--on")}
    answer = ask(made(RecordEngagement, kind=kind, **named, **given, actor=who(by)))
    if as_json:
        show.as_json(answer)
        return
    state = "is recorded" if answer.changed else "was recorded before"
    show.say(f"{answer.kind.capitalize()} of {answer.facility_id} on {answer.engaged_on} {state}.")


@app.command(name="list")
def list_engagements(
    facility_id: Annotated[
        str | None, typer.Argument(metavar="[{key.name}]", help="Only those of this facility.")
    ] = None,
    as_json: Json = False,
) -> None:
    """List what prospects did, the latest first, with what reported it.

    Example: pipeline engagement list 335001
    """
    found = talk(lambda broker: _all(broker, made(Engagements, facility_id=facility_id)))
    if as_json:
        show.as_json(found)
        return
    rows = [
        (each.engaged_on, each.facility_id, each.kind, each.email, each.what, each.source, each.recorded_by)
        for each in islice(found, MOST_LISTED)
    ]
    columns = ["on", about().account, "kind", "person", "what", "source", "recorded by"]
    show.table(f"Engagement ({len(found)})", columns, rows)
    if len(found) > MOST_LISTED:
        show.say(f"... and {len(found) - MOST_LISTED} earlier ones; `--json` lists all.")


async def _all(broker: Broker, question: Engagements) -> list[EngagementRow]:
    found = [row async for page in pages(broker, question, ("engagement_id",)) for row in page]
    return sorted(found, key=lambda each: (each.engaged_on, each.recorded_at), reverse=True)
