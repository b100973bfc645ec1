"""How are notices and their recipients printed?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, time

from cli.printing import show
from shared.contracts.courier_notices import Notice, Preview, Recipient

At = Callable[[datetime], str]


def recipients(found: Sequence[Recipient], at: At) -> None:
    if not found:
        show.say("There are none yet; `pipeline notice add NAME --email ADDRESS` adds one.")
        return
    rows = [
        (
            each.name,
            f"Slack: {each.slack}" if each.slack else each.email or "",
            ", ".join(each.kinds),
            each.rep or "the team",
            _hours(each),
            "paused" if each.paused_at else f"{each.last.state} {at(each.last.made_at)}" if each.last else "none yet",
        )
        for each in found
    ]
    show.table("Recipients of notices", ["name", "address", "kinds", "about", "hours", "last"], rows)
    for each in found:
        if each.paused_at:
            show.problem(f"{each.name}: {each.paused_why}")
        elif each.last and each.last.error:
            show.problem(f"{each.name}: {each.last.error}")


def _hours(found: Recipient) -> str:
    quiet = f", quiet {_time(found.quiet_from)}-{_time(found.quiet_to)}" if found.quiet_from and found.quiet_to else ""
    morning = f"worklist {_time(found.morning_at)}" if "worklist" in found.kinds else "any time"
    return f"{morning}{quiet}, {found.timezone}"


def _time(at: time) -> str:
    return at.isoformat("minutes")


def previews(found: Sequence[Preview], at: At) -> None:
    if not found:
        show.say("Nothing waits.")
    for each in found:
        show.say(f"{each.title} ({each.kind})" + (f", not before {at(each.not_before)}" if each.not_before else ""))
        for line in each.lines:
            show.line(f"  {line}")
        if each.more:
            show.line(f"  ... and {each.more:,} more")


def notice(found: Notice) -> None:
    if found.state == "sent":
        show.say("It was accepted.")
    elif found.error:
        show.problem(found.error)
    else:
        show.problem("It has not left yet; `pipeline notice list` shows what comes of it.")
