"""What does the CRM have of an account, and what was changed on both sides?"""

from __future__ import annotations

from services.console.domain.forms import label
from services.console.domain.sessions import Session
from services.console.rendering.shapes import State
from services.console.screens.facility.view import Clash, InCrm
from shared.contracts.courier_crm import CrmAccount, CrmConflict
from shared.contracts.events import CRMS

ACCOUNTS = "companies"
"""The only kind of records that names no one."""
SHOWN = 3
"""Conflicts on the page, the last ones."""


def in_crm(found: CrmAccount | None, session: Session) -> InCrm | None:
    """None if it is exchanged with no CRM."""
    if found is None:
        return None
    # Values of a contact, a task or a note may name a person.
    seen = [each for each in found.conflicts if each.kind == ACCOUNTS or session.can_see("people")]
    return InCrm(
        system=CRMS.get(found.system, found.system),
        state=_state(found),
        sent=found.sent_at,
        href=found.url or "",
        clashes=tuple(
            Clash(_field(each), _text(each), each.ours or "empty", each.theirs or "empty", each.at)
            for each in seen[:SHOWN]
        ),
        all="/settings/crm?show=conflicts" if seen and session.can_see("crm") else "",
    )


def _field(each: CrmConflict) -> str:
    one = "" if each.kind == ACCOUNTS else f" of a {each.kind.removesuffix('s')}"
    return f"{label(each.field)}{one}"


def _text(each: CrmConflict) -> str:
    if each.why:
        return f"of theirs does not count here: {each.why}"
    return f"was changed on both sides; {each.kept} counts"


def _state(found: CrmAccount) -> State:
    if found.error:
        return State("refused", "danger", found.error)
    if found.withheld:
        return State("withheld", "plain", "It is suppressed, and was never sent.")
    return State("linked", "ok")
