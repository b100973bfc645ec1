"""How are enrollments displayed?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cli.printing.show import say, table
from engines.packs import about

if TYPE_CHECKING:
    from shared.contracts.sequencer_enrollments import ChangedEnrollment, EnrollmentRow


def enrollments(rows: Sequence[EnrollmentRow]) -> None:
    if not rows:
        say("There are none.")
        return
    columns = ["id", about().account, "sequence", "status", "since", "owner", "waits for"]
    table(f"{len(rows)} enrollments", columns, map(_row, rows))


def _row(each: EnrollmentRow) -> tuple[object, ...]:
    since = each.ended_on or each.paused_on or each.started_on or each.blocked_on
    waits = f"{each.resume_on}: {each.reason}" if each.resume_on else ", ".join(each.missing) or each.reason
    return each.facility_id, each.facility, each.sequence, each.status, since, each.owner, waits


def changed(answer: ChangedEnrollment) -> None:
    """Print whether an enrollment waits, goes on, and from which day, or has ended."""
    what = f"The enrollment of {answer.facility or answer.facility_id} ({answer.facility_id}) in {answer.sequence}"
    already = "" if answer.changed else " already"
    if answer.status == "paused":
        say(f"{what} waits{already} until {answer.resume_on}: {(answer.reason or '').rstrip('.')}.")
    elif answer.status == "stopped":
        say(f"{what} has ended: {(answer.reason or '').rstrip('.')}.")
    else:
        say(f"{what} goes on{already}.")
    if answer.next_on:
        say(f"Its next touch is due on {answer.next_on}, or later if the days are full.")
