"""How are suppressions printed?"""

from __future__ import annotations

from collections.abc import Sequence

from cli.printing import show
from shared.contracts.sequencer_replies import StoppedContact, SuppressionRow


def by_channel(channels: Sequence[str]) -> str:
    return "by any channel" if "all" in channels else f"by {' or '.join(channels)}"


def in_force(found: Sequence[SuppressionRow], title: str) -> None:
    rows = [
        (each.scope, each.label, by_channel(each.channels), each.reason, each.stated_by, each.stated_on)
        for each in found
    ]
    if rows:
        show.table(title, ["who", "", "channels", "reason", "stated by", "on"], rows)


def stopped(answer: StoppedContact) -> None:
    """What ended because of a suppression."""
    note = "" if answer.changed else " That was recorded already."
    channels = by_channel(answer.suppression.channels)
    show.say(f"Not to be contacted: {answer.suppression.label}, {channels}.{note}")
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
