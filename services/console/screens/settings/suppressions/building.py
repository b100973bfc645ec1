"""How are suppressions put in words?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from services.console import settings
from services.console.domain.sessions import Session
from services.console.screens.settings.suppressions.queries import Row
from services.console.screens.settings.suppressions.view import Statement, Suppression, Unsent
from shared.contracts.notifier_suppressions import RefusedSend
from shared.contracts.suppressions import StatementRow, SuppressionRow

KINDS = {
    "address": ("mail", "Address"),
    "domain": ("mail", "Domain"),
    "person": ("user", "Person"),
    "facility": ("building-2", "Facility"),
    "chain": ("users", "Chain"),
}
"""The icon and the title of each kind, in the order of the tabs."""
OF_NOTIFIER = ("address", "domain")
"""The kinds whose owner is the notifier; the sequencer owns the others."""
CHANNELS = {"call": "call", "email": "e-mail", "linkedin": "LinkedIn"}
SOURCES = {
    "email.bounced": "an e-mail that came back",
    "email.complained": "a complaint",
    "email.unsubscribed": "an unsubscription",
    "email.replied": "a reply",
    "lead.lost": "a lost lead",
}
"""The events that suppress by themselves."""


def row(each: Row, session: Session, names: Mapping[str, str]) -> Suppression:
    icon, kind = KINDS[each.scope]
    lift = "lift_suppression" if each.scope in OF_NOTIFIER else "allow_contact"
    return Suppression(
        id=each.id,
        version=each.version,
        href=f"/settings/suppressions/{each.id}",
        icon=icon,
        target=target(each),
        kind=kind,
        channels=in_words(each.channels),
        reason=each.reason or "",
        source=SOURCES.get(each.source, each.source),
        since=each.since,
        by=names.get(each.by, each.by),
        lift=lift if each.channels and session.can("lifting") else "",
    )


def target(each: Row) -> str:
    """Whom it is about; empty for those who may not see people."""
    if each.target is None:
        return ""
    if each.scope == "facility":
        return f"{each.account} ({each.target})" if each.account else each.target
    if each.scope == "chain":
        return settings.usual_name(each.target)
    return each.label or each.target


def in_words(channels: Sequence[str]) -> str:
    if not channels:
        return "no channel"
    return "all channels" if "all" in channels else ", ".join(CHANNELS.get(each, each) for each in channels)


def statement(each: StatementRow, names: Mapping[str, str], *, people: bool) -> Statement:
    """What was stated; a reason often quotes people, so it is only for those who may see them."""
    lifts = each.instruction != "stop"
    what = {"stop": "Not to be contacted", "allow": "May be contacted again", "undo": "Its list was taken back"}
    return Statement(
        on=each.stated_on,
        by=names.get(each.stated_by, each.stated_by),
        text=f"{what[each.instruction]}: {in_words(each.channels or ['all'])}",
        lifts=lifts,
        reason=each.reason if people else "",
        source=SOURCES.get(each.source, each.source),
        about=each.label if people else KINDS[each.scope][1].lower(),
    )


def other(each: SuppressionRow, *, people: bool) -> str:
    """Something else that is suppressed and concerns the same target."""
    kind = KINDS[each.scope][1]
    return f"{kind} {each.label}: {in_words(each.channels)}" if people else f"{kind}: {in_words(each.channels)}"


def unsent(each: RefusedSend, accounts: Mapping[str, str], *, people: bool) -> Unsent:
    return Unsent(
        at=each.refused_at,
        email=each.email if people else "",
        account=accounts.get(each.facility_id, each.facility_id),
        href=f"/facilities/{each.facility_id}",
    )
