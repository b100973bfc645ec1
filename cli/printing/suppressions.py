"""How are suppressions printed?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from cli.printing import show
from shared.contracts.notifier_suppressions import AddressPermission, LiftedAddress, SuppressedAddress
from shared.contracts.sequencer_replies import StoppedContact
from shared.contracts.suppressions import StatementRow, SuppressionRow

MOST_REFUSED = 20
"""How many refused sends are printed."""


def by_channel(channels: Sequence[str]) -> str:
    return "by any channel" if "all" in channels else f"by {' or '.join(channels)}"


def in_force(found: Iterable[SuppressionRow], title: str) -> None:
    rows = [
        (each.scope, each.label, by_channel(each.channels), each.reason, each.stated_by, each.stated_on)
        for each in found
    ]
    if rows:
        show.table(title, ["who", "", "channels", "reason", "stated by", "on"], rows)


def added(answer: StoppedContact | SuppressedAddress) -> None:
    """What ended because of a suppression."""
    note = "" if answer.changed else " That was recorded already."
    channels = by_channel(answer.suppression.channels)
    show.say(f"Not to be contacted: {answer.suppression.label}, {channels}.{note}")
    if isinstance(answer, SuppressedAddress):
        if answer.withdrawn:
            show.say(f"  {answer.withdrawn} drafts are withdrawn; their tasks end within seconds.")
        return
    for task in answer.tasks:
        short = str(task.task_id)[:8]
        show.say(f"  Skipped: {task.channel} for {task.facility_id}, due {task.due_on} [{short}].")
    for each in answer.enrollments:
        show.say(
            f"  Ended: the enrollment of {each.facility_id} in {each.sequence}, because no one is left to contact."
        )
    if not answer.tasks and not answer.enrollments:
        show.say("  They had no open tasks.")
    if answer.note:
        show.say(answer.note)


def lifted(answers: Sequence[Any]) -> None:
    """What may be contacted again, and what still stops it; `answers` are those of the owners that were asked."""
    changed = [each for answer in answers for each in _changed(answer)]
    for each in changed:
        left = f"still not {by_channel(each.channels)}" if each.channels else "by every channel"
        show.say(f"May be contacted again: {each.label}, {left if each.scope != 'address' else 'by e-mail'}.")
    if not changed:
        show.say("There was no such suppression; nothing was changed.")
    in_force(_once(each for answer in answers for each in answer.still), "Still in force")


def why(answers: Sequence[Any]) -> None:
    """Whether a target may be contacted, who stated what, and what was not sent; `answers` are those of the owners."""
    found = _once(each for answer in answers for each in answer.in_force)
    in_force(found, "Not to be contacted")
    if not found:
        show.say("May be contacted by every channel.")
    for answer in answers:
        for each in answer.statements:
            show.say(f"  {_statement(each)}")
        if isinstance(answer, AddressPermission):
            _refused(answer)


def _statement(each: StatementRow) -> str:
    word = "no" if each.instruction == "stop" else "yes, again"
    cause = f" of e-mail {str(each.message_id)[:8]}" if each.message_id else ""
    stated = f"{each.stated_on} {each.stated_by}: {word} ({by_channel(each.channels)}), {each.reason}"
    return f"{stated}; {each.source}{cause}; on {each.label}."


def _refused(answer: AddressPermission) -> None:
    for each in answer.refused[:MOST_REFUSED]:
        show.say(f"  Not sent: {each.refused_on} to {each.email}, for {each.facility_id}. {each.why}")
    if len(answer.refused) > MOST_REFUSED:
        show.say(f"  ... and {len(answer.refused) - MOST_REFUSED} more; `--json` lists them.")


def _changed(answer: Any) -> list[SuppressionRow]:
    if isinstance(answer, LiftedAddress):
        return [answer.changed] if answer.changed else []
    return list(answer.changed)


def _once(found: Iterable[SuppressionRow]) -> list[SuppressionRow]:
    """Each suppression once, as its owner has it: both services know those of the other one."""
    return list({each.suppression_id: each for each in found}.values())
