"""How are drafts displayed, and what happened to them?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from cli.client.clock import shown
from cli.printing.show import say, table
from shared.contracts.notifier import Draft
from shared.contracts.notifier_sending import FoundDeliveries


def listed(found: Sequence[Draft]) -> None:
    """A line for each draft."""
    if not found:
        say("There are no such drafts.")
        return
    rows = [
        (str(each.task_id)[:8], each.status, each.rep, each.to_email or "by hand", each.subject, _remark(each))
        for each in found
    ]
    table("Drafts", ["task", "status", "rep", "to", "subject", "remark"], rows)


def deliveries(found: FoundDeliveries, at: Callable[[Any], str]) -> None:
    """A line for each letter that was sent off."""
    if found.stopped:
        say(found.stopped)
    if not found.deliveries:
        say("There are no such letters.")
        return
    rows = [
        (
            str(each.draft_id)[:8], each.facility_id, each.persona, each.state, each.tries or "",
            at(each.next_try_at) if each.next_try_at else "", each.approved_by, at(each.approved_at), each.answer or "",
        )
        for each in found.deliveries
    ]  # fmt: skip
    heads = ["draft", "account", "to", "state", "tries", "next try", "sent off by", "at", "answer"]
    total = sum(found.by_state.values())
    table(f"Letters ({len(rows)} of {total})", heads, rows, ["tries"])


def letter(draft: Draft, zone: str) -> None:
    """One draft with its text, its sources and what happened to it."""
    say(f"[{str(draft.task_id)[:8]}] {draft.channel} for {draft.rep}, {draft.status}, revision {draft.revision}")
    for name, text in (("To", draft.to_email or "by hand"), ("Subject", draft.subject), ("Note", draft.note)):
        if text:
            say(f"{name}: {text}")
    if remark := _remark(draft):
        say(remark)
    say(f"\n{draft.body or '(no text)'}\n")
    if draft.states:
        say("What it states, and where that is from:")
    for name in draft.states:
        say(f"  {name}: {draft.facts.get(name)} ({draft.sources.get(name, 'unknown')})")
    if draft.fresh_until:
        say(f"All of it is true until {draft.fresh_until}.")
    if draft.sent_at:
        word = "May have been sent" if draft.status == "unsure" else "Sent"
        say(f"{word} {shown(draft.sent_at, zone)} by {draft.approved_by}.")


def _remark(draft: Draft) -> str:
    """What a person must know before they send it, or why it did not leave."""
    edited = f"edited by {draft.edited_by}, not checked" if draft.edited_by else None
    sent_off = (
        f"sent off by {draft.approved_by}" if draft.approved_by and draft.status in ("approved", "sending") else None
    )
    return "; ".join(filter(None, (draft.reason, draft.missing, edited, sent_off)))
