"""How do drafts become the page?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from services.console import settings
from services.console.domain.sessions import Session
from services.console.rendering.filters import day, plural, short_name
from services.console.rendering.frame import Status, Undo
from services.console.rendering.shapes import Choice
from services.console.screens.drafts.known import (
    COUNTED,
    MOST,
    TABS,
    Asked,
    Known,
    account_of,
    blocked_by,
    role_of,
    seconds_left,
    state_of,
)
from services.console.screens.drafts.letter import letter
from services.console.screens.drafts.queries import Task, Waiting
from services.console.screens.drafts.view import Drafts, Row, Several
from shared.contracts.notifier import Draft


def drafts(asked: Asked, session: Session, known: Known) -> Drafts:
    """The page."""
    lists = {state: in_tab(known, state) for state in TABS}
    rows = tuple(_row(asked, known, each) for each in lists[asked.state][:MOST])
    if known.waiting is not None and not asked.state:
        rows = tuple(_known_row(asked, known, each) for each in known.waiting)
    own = [each for each in lists[""] if session.can("drafts", own=each.rep == session.rep)]
    return Drafts(
        sentence=_sentence(known, lists[""]),
        tabs=tuple(
            Choice(title, asked.href(state=state), state == asked.state, _count(known, state, lists))
            for state, (title, _) in TABS.items()
        ),
        rows=rows,
        letter=letter(asked, session, known, known.letter) if known.letter else None,
        opened=bool(asked.draft),
        sent=f"Sent today {known.figures.today}, this week {known.figures.week}" if not asked.state else "",
        sent_href=asked.href(state="sent"),
        empty=_empty(asked, known),
        bulk=not asked.state and bool(own),
        several=_several(asked, known, own) if asked.several else None,
    )


def in_tab(known: Known, state: str) -> list[Draft]:
    """Letters only: what is sent by hand is on the worklist. A withdrawn one waits as long as its task is open."""
    return [
        each
        for each in known.drafts
        if each.status in TABS[state][1] and each.channel == "email" and (state or _waits(known, each))
    ]


def _waits(known: Known, draft: Draft) -> bool:
    task = known.tasks.get(str(draft.task_id))
    return draft.status != "withdrawn" or (task is not None and task.open)


def _count(known: Known, state: str, lists: Mapping[str, Sequence[Draft]]) -> int | None:
    if known.waiting is not None:
        return len(known.waiting) if not state else None
    return len(lists[state]) if state in COUNTED else None


def _sentence(known: Known, waiting: Sequence[Draft]) -> str:
    if known.waiting is not None:
        return plural(len(known.waiting), "letter waits", "letters wait")
    blocked = sum(bool(blocked_by(known, each)) for each in waiting)
    ready = len(waiting) - blocked
    return "Nothing to send" if not waiting else f"{ready} can be sent" + (f", {blocked} blocked" if blocked else "")


def _empty(asked: Asked, known: Known) -> str:
    if asked.state or known.figures.next_on is None:
        return ""
    return f"{known.figures.next} on {day(known.figures.next_on, 'week')}"


# --- the list ------------------------------------------------------------------------------------------------


def _row(asked: Asked, known: Known, draft: Draft) -> Row:
    task = known.tasks.get(str(draft.task_id))
    tone, state = state_of(known, draft)
    return Row(
        id=str(draft.draft_id),
        revision=draft.revision,
        href=asked.href(str(draft.draft_id)),
        account=account_of(draft),
        to=" · ".join(filter(None, (role_of(draft, task), short_name(draft.person or "")))),
        subject=draft.subject or "no text",
        due=_due(task, known.today) if draft.status in TABS[""][1] else "",
        step=_step(task),
        state=state,
        tone=tone,
    )


def _known_row(asked: Asked, known: Known, each: Waiting) -> Row:
    task = known.tasks[each.task]
    return Row(
        id=each.id,
        revision="",
        href=asked.href(each.id),
        account=str(task.data.get("facility_display_name") or settings.usual_name(task.data["facility_name"])),
        to=settings.role_labels().get(task.data["persona"], task.data["persona"]),
        subject="the text is not known here",
        due=_due(task, known.today),
        step=_step(task),
        state="the notifier does not answer",
        tone="bad",
    )


def _due(task: Task | None, today: date) -> str:
    if task is None or task.day is None:
        return ""
    if task.day < today:
        return f"since {day(task.day)}"
    return "today" if task.day == today else day(task.day, "week")


def _step(task: Task | None) -> str:
    if task is None or not task.data.get("step_no"):
        return ""
    sequence = settings.sequences().get(task.data.get("sequence") or "")
    return f"step {task.data['step_no']}" + (f" of {len(sequence.steps)}" if sequence else "")


def leaving(session: Session, known: Known) -> Status | None:
    """The line at the foot while letters of the person leave: the one that leaves last can be taken back there."""
    own = [each for each in known.drafts if each.status == "approved" and each.rep == session.rep]
    counting = [each for each in own if seconds_left(each, known.now)]
    if not counting:
        return None
    last = max(counting, key=lambda each: (seconds_left(each, known.now), str(each.draft_id)))
    to = short_name(last.person or "") or account_of(last)
    others = f", {len(counting) - 1} more before it" if len(counting) > 1 else ""
    text = f"To {to}{others}: leaves in"
    return Status(text, "send", Undo("unsend_draft", str(last.draft_id)), seconds=seconds_left(last, known.now))


def _several(asked: Asked, known: Known, own: Sequence[Draft]) -> Several:
    """What was selected and belongs to the person, by whether it can be sent."""
    chosen = [each for each in own if str(each.draft_id) in asked.several]
    blocked = [each for each in chosen if blocked_by(known, each)]
    ready = [each for each in chosen if each not in blocked]
    return Several(
        tuple(_row(asked, known, each) for each in ready),
        tuple(_row(asked, known, each) for each in blocked),
        asked.href(asked.draft),
    )
