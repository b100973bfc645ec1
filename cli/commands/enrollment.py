"""`pipeline enrollment`: which accounts go through a sequence now, and how one waits, goes on or ends."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from cli.client.actor import By, who
from cli.client.connection import ask, made, pages, talk
from cli.commands.options import Json, day, group
from cli.printing import enrollments as shown
from cli.printing import show
from shared.contracts.sequencer import Enrollments
from shared.contracts.sequencer_enrollments import EnrollmentRow, PauseEnrollment, ResumeEnrollment, StopEnrollment

if TYPE_CHECKING:
    from shared.messaging.broker import Broker

app = group(
    """Enrollments: which accounts go through a sequence now, and how one waits, goes on or ends.

    An enrollment that waits keeps what is left of its waits: its steps are later by the days of the pause. It goes on
    by itself on its day, or at once with `pipeline enrollment resume`.""",
)

FacilityId = Annotated[str, typer.Argument(metavar="{key.name}", help="An account that the enrollment covers.")]


OPEN = ("active", "paused", "blocked")


@app.command("list")
def list_enrollments(
    status: Annotated[
        str | None, typer.Option(metavar="STATUS", help="Only active, paused, blocked, completed or stopped ones.")
    ] = None,
    as_json: Json = False,
) -> None:
    """List the enrollments that are open, or those of a status, with what each waits for.

    Example: pipeline enrollment list --status paused
    """
    requests = [made(Enrollments, status=each) for each in ([status] if status else OPEN)]
    found = talk(lambda broker: _rows(broker, requests))
    show.as_json(found) if as_json else shown.enrollments(found)


async def _rows(broker: Broker, requests: Iterable[Enrollments]) -> list[EnrollmentRow]:
    return [row for each in requests async for page in pages(broker, each, ("enrollment_id",)) for row in page]


@app.command()
def pause(
    facility_id: FacilityId,
    until: Annotated[str, typer.Option(metavar="DATE", help="The business day on which it goes on.")],
    reason: Annotated[str | None, typer.Option(help="Why it waits.")] = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Let the enrollment of an account wait until a day, with its touch that is on the worklist.

    `pipeline snooze` moves one touch, and pauses the enrollment only beyond the slip of its tier.

    Example: pipeline enrollment pause 335001 --until 2026-08-03 --reason "survey week"
    """
    fields = {"facility_id": facility_id.upper(), "until": day(until, "--until"), "reason": reason}
    answer = ask(made(PauseEnrollment, **fields, actor=who(by)))
    show.as_json(answer) if as_json else shown.changed(answer)


@app.command()
def resume(facility_id: FacilityId, by: By = None, as_json: Json = False) -> None:
    """Let the paused enrollment of an account go on now; what is left of its waits stays as it was.

    A touch that waited is due on the next business day. An enrollment that waits for the return of its person, or of a
    rep without a cover, goes on waiting, and states for whom.

    Example: pipeline enrollment resume 335001
    """
    answer = ask(made(ResumeEnrollment, facility_id=facility_id.upper(), actor=who(by)))
    show.as_json(answer) if as_json else shown.changed(answer)


@app.command()
def stop(
    facility_id: FacilityId,
    reason: Annotated[str | None, typer.Option(help="Why it ends.")] = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """End the enrollment of an account, with its open tasks; the account rests, as after any enrollment.

    Example: pipeline enrollment stop 335001 --reason "the owner works it"
    """
    answer = ask(made(StopEnrollment, facility_id=facility_id.upper(), reason=reason, actor=who(by)))
    show.as_json(answer) if as_json else shown.changed(answer)
