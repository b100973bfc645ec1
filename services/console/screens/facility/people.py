"""Who is known at an account, as far as the person who looks may see people?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from services.console import settings
from services.console.domain.addresses import address_of
from services.console.rendering.filters import day, dialed
from services.console.screens.facility.queries import State
from services.console.screens.facility.view import Contact
from shared.contracts.sequencer_replies import ContactRow


def contacts(
    rows: Sequence[ContactRow] | None,
    states: Sequence[State],
    reps: Mapping[str, str],
    *,
    people: bool,
    suppressed_at: str = "",
) -> tuple[Contact, ...]:
    """The people in their roles; only the roles, if people are not shown or the sequencer does not answer.

    `suppressed_at`: the account, for those who may suppress its people.
    """
    if not people or rows is None:
        return tuple(_role_only(each) for each in sorted(states, key=lambda each: _place(each.data["role"])))
    shown = sorted([each for each in rows if each.current] or rows, key=lambda each: (_place(each.role), each.name))
    return tuple(_contact(each, reps, suppressed_at) for each in shown)


def suppressing(**asked: str) -> str:
    """The form that suppresses an account, or one of its people."""
    return address_of("/settings/suppressions", {"ask": "facility", **asked})


def _contact(row: ContactRow, reps: Mapping[str, str], account: str) -> Contact:
    by = f"{row.source}, {reps.get(row.stated_by, row.stated_by)}" if row.stated_by else row.source
    return Contact(
        name=row.name,
        role=_label(row.role),
        source=f"{by}, {day(row.source_date, 'year')}",
        line="direct" if row.direct_phone else "e-mail" if row.email else "main line",
        direct=bool(row.direct_phone),
        phone=dialed(row.direct_phone),
        email=row.email or "",
        suppress=suppressing(ask="person", account=account, role=row.role, name=row.name) if account else "",
    )


def _role_only(state: State) -> Contact:
    data = state.data
    line = "direct" if data.get("has_direct_phone") else "e-mail" if data.get("has_email") else "main line"
    return Contact("", _label(data["role"]), _since(state), line, bool(data.get("has_direct_phone")))


def _since(state: State) -> str:
    return f"new since {day(state.day, 'year')}" if state.day else ""


def _label(role: str) -> str:
    return settings.role_labels().get(role, role.replace("_", " ").capitalize())


def _place(role: str) -> int:
    """In the pack's order."""
    order = list(settings.role_labels())
    return order.index(role) if role in order else len(order)
