"""How does a draft become the letter that is open?"""

from __future__ import annotations

from services.console.domain.sessions import Session
from services.console.rendering.filters import day, plural
from services.console.rendering.shapes import Option
from services.console.screens.drafts.known import (
    TABS,
    Asked,
    Known,
    account_of,
    blocked_by,
    facts_in,
    lacking,
    role_of,
    state_of,
    text_of,
)
from services.console.screens.drafts.view import Abilities, Check, Letter
from services.console.usecases.texts import plain
from shared.contracts.notifier import Draft

CLOSING = ("Not now", "The letter is wrong", "By telephone instead")
WAY_OUT = "When it leaves, a link is added with which its reader ends all letters."


def letter(asked: Asked, session: Session, known: Known, draft: Draft) -> Letter:
    """The letter that is open."""
    task = known.tasks.get(str(draft.task_id))
    own = session.can("drafts", own=draft.rep == session.rep)
    blocked = blocked_by(known, draft) if draft.status in TABS[""][1] else ""
    text = text_of(draft, known)
    name, address = known.senders.get(draft.rep, (draft.rep, ""))
    editing = asked.editing and own and can_be_changed(draft)
    typed = known.typed if editing else None
    return Letter(
        id=str(draft.draft_id),
        revision=draft.revision,
        to_name=draft.person or "",
        to_role=role_of(draft, task),
        account=account_of(draft),
        account_href=f"/facilities/{draft.facility_id}",
        from_name=name,
        from_address=address,
        subject=typed.subject if typed else draft.subject or "",
        paragraphs=text,
        facts=facts_in(text),
        foot=WAY_OUT if draft.body and draft.channel == "email" else "",
        checks=() if draft.status in ("sent", "closed", "discarded") else _checks(known, draft),
        can=_can(draft, own=own, sendable=draft.channel == "email"),
        blocked=blocked,
        outcome=_outcome(known, draft),
        editing=editing,
        body=typed.body if typed else draft.body or "",
        error=typed.error if typed else "",
        reasons=tuple(Option(each, each) for each in CLOSING),
    )


def can_be_changed(draft: Draft) -> bool:
    return draft.status in ("draft", "failed") and bool(draft.body)


def _can(draft: Draft, *, own: bool, sendable: bool) -> Abilities:
    if not own:
        return Abilities()
    open_ = can_be_changed(draft)
    return Abilities(
        send=sendable and (open_ or draft.status in TABS[""][1]),
        resolve=draft.status == "unsure",
        edit=open_,
        close=open_,
        unsend=draft.status == "approved",
    )


def _checks(known: Known, draft: Draft) -> tuple[Check, ...]:
    """The four conditions of sending."""
    return (
        _unsuppressed(draft),
        _sourced(known, draft),
        Check(draft.missing.removeprefix("It cannot be sent: ").capitalize(), "bad")
        if draft.missing
        else Check("Postal address and way out in the foot"),
        _spaced(known),
    )


def _unsuppressed(draft: Draft) -> Check:
    if draft.status == "withdrawn":
        return Check(plain(draft.reason or "Its recipient must not be contacted"), "bad")
    return Check("Not suppressed: address, domain, facility")


def _sourced(known: Known, draft: Draft) -> Check:
    if draft.edited_by:
        return Check(f"Edited by {known.name_of(draft.edited_by)}: nothing has checked the words", "warn")
    if draft.status != "withdrawn" and not draft.body:
        return Check(plain(draft.reason or "No text could be written"), "bad")
    if unsupported := lacking(draft):
        return Check(unsupported, "bad")
    until = draft.fresh_until
    if until and until < known.today:
        return Check(f"What it states was true until {day(until)}", "bad")
    return Check("Every fact has a source" + (f", true until {day(until)}" if until else ""))


def _spaced(known: Known) -> Check:
    if known.last_letter is None:
        return Check("The first letter to this account")
    days = (known.today - known.last_letter).days
    return Check(
        f"Last letter there: {plural(days, 'day')} ago" if days else "A letter went there today",
        "ok" if days else "warn",
    )


def _outcome(known: Known, draft: Draft) -> str:
    """What became of it."""
    if draft.status in TABS[""][1]:
        return ""
    state = state_of(known, draft)[1]
    text = f"{state[:1].upper()}{state[1:]}"
    by = f" Sent off by {known.name_of(draft.approved_by)}." if draft.approved_by else ""
    return f"{text.rstrip('.')}.{by}"
