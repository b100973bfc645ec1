"""Who is known at an account, as far as the person who looks may see people?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from services.console import settings
from services.console.rendering.filters import day
from services.console.screens.facility.queries import State
from services.console.screens.facility.view import Contact
from shared.contracts.sequencer_replies import ContactRow


def contacts(
    rows: Sequence[ContactRow] | None, states: Sequence[State], reps: Mapping[str, str], *, people: bool
) -> tuple[Contact, ...]:
    """The people in their roles; only the roles, if people are not shown or the sequencer does not answer."""
    if not people or rows is None:
        return tuple(_role_only(each) for each in sorted(states, key=lambda each: _place(each.data["role"])))
    current = [each for each in rows if each.current]
    return tuple(
        _contact(each, reps) for each in sorted(current or rows, key=lambda each: (_place(each.role), each.name))
    )


def _contact(row: ContactRow, reps: Mapping[str, str]) -> Contact:
    by = f"{row.source}, {reps.get(row.stated_by, row.stated_by)}" if row.stated_by else row.source
    return Contact(
        name=row.name,
        role=_label(row.role),
        source=f"{by}, {day(row.source_date, 'year')}",
        line="direct" if row.direct_phone else "e-mail" if row.email else "main line",
        direct=bool(row.direct_phone),
        phone=row.direct_phone or "",
        email=row.email or "",
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
