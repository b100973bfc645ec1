"""How are recipients and their notices put in words?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import time

from services.console.domain.addresses import address_of
from services.console.rendering.filters import clock, instant, plural
from services.console.rendering.frame import Words
from services.console.rendering.shapes import Check, State
from services.console.screens.settings.notices.view import Notice, Recipient
from shared.contracts import courier_notices as courier

HERE = "/settings/notices"
SHOW = f"{HERE}/show"
FORM = f"{HERE}/form"
KINDS: Mapping[str, tuple[str, str]] = {
    "hot": ("tier 1", "{accounts} that entered tier 1"),
    "sla": ("waiting too long", "{accounts} that have waited too long for a touch"),
    "tier": ("any tier", "all {accounts} that changed tier"),
    "worklist": ("worklist", "what is due, in the morning of each working day"),
}
"""What each kind is called, and what it states."""
TEST = "test"
OUTCOMES: Mapping[str, State] = {
    "waiting": State("to be sent", "info"),
    "sent": State("accepted", "ok"),
    "failed": State("given up", "danger"),
    "unsure": State("may have arrived", "warn"),
}
COURIER = "courier"


def href_of(name: str) -> str:
    return address_of(SHOW, {"name": name})


def needs_a_look(each: courier.Recipient) -> bool:
    if each.paused_at:
        return each.paused_by == COURIER
    return each.last is not None and bool(each.last.error)


def state(each: courier.Recipient, zone: str) -> State:
    if each.paused_at:
        by_courier = each.paused_by == COURIER
        by = "" if by_courier else f"by {each.paused_by}, "
        why = f"{by}{instant(each.paused_at, zone, 'full')}: {each.paused_why}"
        return State("paused", "danger" if by_courier else "plain", why)
    if each.last and each.last.error:
        return State("failing", "warn", f"The last notice was not accepted: {each.last.error}")
    return State("gets notices", "ok")


def recipient(each: courier.Recipient, names: Mapping[str, str], zone: str) -> Recipient:
    return Recipient(
        name=each.name,
        href=href_of(each.name),
        where=_where(each),
        state=state(each, zone),
        gets=", ".join(_called(kind) for kind in each.kinds),
        about=f"about {names.get(each.rep, each.rep)}" if each.rep else "about the team",
        hours="; ".join(filter(None, (_worklist(each), _quiet(each)))) or "at any hour",
        zone=each.timezone,
        last=notice(each.last) if each.last else None,
    )


def notice(each: courier.Notice) -> Notice:
    known = OUTCOMES.get(each.state, State(each.state, "plain"))
    # What waits after an error is tried again.
    found = State("tried again", "warn", each.error or "") if each.state == "waiting" and each.error else known
    return Notice(
        kind=_called(each.kind).capitalize(),
        title=each.title,
        lines=tuple(each.lines),
        more=each.more,
        at=each.ended_at or each.made_at,
        state=State(found.text, found.tone, each.error or ""),
    )


def following(each: courier.Preview) -> Notice:
    return Notice(_called(each.kind).capitalize(), each.title, tuple(each.lines), each.more, each.not_before)


def gets(each: courier.Recipient, names: Mapping[str, str], words: Words, zone: str) -> tuple[tuple[str, str], ...]:
    about = f"the {words.accounts} and tasks of {names.get(each.rep, each.rep)}" if each.rep else "the whole team"
    kinds = tuple((_called(kind).capitalize(), _states(kind, words)) for kind in each.kinds)
    added = f"by {each.added_by}, {instant(each.added_at, zone, 'full')}"
    return (("Where", _where(each)), ("About", about), *kinds, ("Added", added))


def when(each: courier.Recipient) -> tuple[tuple[str, str], ...]:
    facts = (
        ("Days", "working days"),
        ("Worklist", f"at {clock(each.morning_at)}" if "worklist" in each.kinds else ""),
        ("Quiet hours", _quiet(each).removeprefix("quiet ") or "none"),
        ("Time zone", each.timezone),
        ("At most", "one of a kind an hour"),
    )
    return tuple((name, value) for name, value in facts if value)


def sentence(found: Sequence[courier.Recipient]) -> str:
    looks = sum(map(needs_a_look, found))
    needs = f"; {looks} {'needs' if looks == 1 else 'need'} a look" if looks else ""
    return f"{plural(len(found), 'recipient')}{needs}."


def kinds(chosen: Sequence[str], words: Words) -> tuple[Check, ...]:
    return tuple(Check(kind, _called(kind).capitalize(), kind in chosen, _states(kind, words)) for kind in KINDS)


def accepted(domain: str | None) -> str:
    """Which addresses are accepted; those of a machine's own domain are none."""
    if domain is None:
        return ""
    return f"That of a rep, or one in {domain}." if "." in domain else "That of a rep."


def typed(at: time | None) -> str:
    """As an input of a time has it."""
    return at.isoformat("minutes") if at else ""


def _called(kind: str) -> str:
    return KINDS[kind][0] if kind in KINDS else kind


def _states(kind: str, words: Words) -> str:
    return KINDS[kind][1].format(accounts=words.accounts) if kind in KINDS else ""


def _where(each: courier.Recipient) -> str:
    return f"Slack: {each.slack}" if each.slack else each.email or ""


def _worklist(each: courier.Recipient) -> str:
    return f"worklist at {clock(each.morning_at)}" if "worklist" in each.kinds else ""


def _quiet(each: courier.Recipient) -> str:
    if each.quiet_from is None or each.quiet_to is None:
        return ""
    return f"quiet from {clock(each.quiet_from)} to {clock(each.quiet_to)}"
