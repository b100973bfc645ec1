"""What is asked above the board: about upsells, and about lost leads with a new signal?"""

from __future__ import annotations

from services.console import settings
from services.console.domain.sessions import Session
from services.console.rendering.filters import day
from services.console.screens.pipeline.known import Known
from services.console.screens.pipeline.leads import TABLE, Asked, decided, name_of
from services.console.screens.pipeline.moving import may_move
from services.console.screens.pipeline.queries import Lead
from services.console.screens.pipeline.view import Strip


def strips(session: Session, known: Known) -> tuple[Strip, ...]:
    own = [each for each in known.leads if session.rep in (None, each.owner)]
    upsells = [each for each in own if each.source == "upsell" and each.phase == "new"]
    again = [each for each in own if each.source == "signal" and each.asked_on is not None]
    owner = session.rep or ""
    return (
        *(_upsell(each, session, known, len(upsells), owner) for each in upsells[:1]),
        *(_reopen(each, session, known, len(again), owner) for each in again[:1]),
    )


def _upsell(lead: Lead, session: Session, known: Known, count: int, owner: str) -> Strip:
    here, following = settings.stages().upsell[:2]
    able = may_move(lead, known.touches.get(lead.facility_id), session)
    return Strip(
        "upsell",
        "Upsell",
        f"{name_of(lead)} seeks {_families(lead)}",
        f"an active client · first seen {day(lead.raised_on, 'week')}{_urgency(lead)}",
        "move_lead" if able else "",
        lead.facility_id,
        lead.version,
        f"Mark {following.label.lower()}",
        fields=(("stage", following.stage),),
        more=f"{count - 1} more" if count > 1 else "",
        more_href=Asked(source="upsell", view=TABLE, stage=here.stage, owner=owner).href(),
    )


def _reopen(lead: Lead, session: Session, known: Known, count: int, owner: str) -> Strip:
    able = may_move(lead, known.touches.get(lead.facility_id), session)
    asked_on = f"{_families(lead)}, seen {day(lead.asked_on, 'week')}" if lead.asked_on else ""
    return Strip(
        "reopen",
        "Re-open?",
        f"{name_of(lead)}, {decided(lead).lower()}: {lead.reason or 'no reason'}",
        f"{asked_on}{_urgency(lead)}",
        "reopen_lead" if able else "",
        lead.facility_id,
        lead.version,
        "Re-open",
        "reopen_lead" if able else "",
        more=f"{count - 1} more" if count > 1 else "",
        more_href=Asked(view=TABLE, again=True, owner=owner).href(),
    )


def _families(lead: Lead) -> str:
    labels = settings.family_labels()
    return ", ".join(labels.get(each, each.replace("_", " ")) for each in lead.families) or "more staff"


def _urgency(lead: Lead) -> str:
    return f", urgency {lead.urgency}" if lead.urgency else ""
