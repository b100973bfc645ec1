"""How does the preview of a migration become the page?"""

from __future__ import annotations

from services.console import settings
from services.console.domain.sessions import Session
from services.console.rendering.filters import day, plural
from services.console.rendering.shapes import CHANNELS
from services.console.screens.sequences.building import channel_of
from services.console.screens.sequences.view import Migration, Move
from shared.contracts import sequencer_sequences as sq


def migration(found: sq.Migration, title: str, session: Session) -> Migration:
    rows = tuple(map(_move, sorted(found.moves, key=lambda each: (each.why_not is not None, each.facility or ""))))
    movable = sum(not each.why_not for each in rows)
    stay = len(rows) - movable
    return Migration(
        name=found.name,
        title=title,
        href=f"/sequences/{found.name}/runs",
        sentence=f"{plural(movable, 'enrollment')} can move to version {found.version[:6]}"
        + (f", {stay} cannot" if stay else ""),
        rows=rows,
        movable=movable,
        can=session.can("schedules") and movable > 0,
    )


def _move(each: sq.MoveRow) -> Move:
    role = settings.role_labels().get(each.persona or "", each.persona or "")
    channel = CHANNELS[channel_of(each.channel)][1] if each.channel else ""
    to = ": ".join(filter(None, (str(each.to_step or ""), ", ".join(filter(None, (channel, role))))))
    return Move(
        account=settings.usual_name(each.facility or each.facility_id),
        href=f"/facilities/{each.facility_id}",
        status=each.status,
        from_step=each.at_step,
        to=to,
        passed=", ".join(map(str, each.passed)),
        next=day(each.days[0], "week") if each.days else "",
        why_not=each.why_not or "",
    )
