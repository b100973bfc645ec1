"""How are people at accounts printed?"""

from __future__ import annotations

from collections.abc import Sequence

from cli.printing import show
from shared.contracts.sequencer_contacts import RecordedDeparture
from shared.contracts.sequencer_replies import ContactRow


def people(title: str, found: Sequence[ContactRow]) -> None:
    """The people who have a role now, each once, as the latest source names them."""
    latest = {(each.role, each.name): each for each in reversed(found)}
    rows = [
        (each.role, each.name, _latest(found, each, "direct_phone"), _latest(found, each, "email"), each.source_date)
        for each in reversed(latest.values())
    ]
    show.table(title, ["role", "name", "direct phone", "e-mail", "named on"], rows)


def sightings(title: str, found: Sequence[ContactRow]) -> None:
    """Where people were named, newest first."""
    columns = ["role", "name", "now", "named on", "source", "URL", "direct phone", "e-mail"]
    rows = [
        (
            each.role,
            each.name,
            "yes" if each.current else "",
            each.source_date,
            f"{each.source}, found by {each.stated_by}" if each.stated_by else each.source,
            each.source_url,
            each.direct_phone,
            each.email,
        )
        for each in found
    ]
    show.table(title, columns, rows)


def departure(answer: RecordedDeparture, undone: bool) -> None:
    if undone:
        show.say(f"{answer.name} has not left {answer.facility_id}.")
    else:
        note = "" if answer.changed else " That was recorded already."
        show.say(f"{answer.name} left {answer.facility_id} on {answer.left_on}.{note}")
    for task in answer.tasks:
        what = f"{task.channel} at {task.facility_id}, due {task.due_on}"
        is_open = task.status in ("due", "moved")
        whom = f", {task.persona}" if is_open else f": {task.reason}"
        show.say(f"  {task.status.capitalize()}: {what}{whom} [{str(task.task_id)[:8]}].")


def _latest(found: Sequence[ContactRow], of: ContactRow, detail: str) -> str | None:
    """The latest value of a detail that a source states about a person."""
    values = (getattr(each, detail) for each in found if (each.role, each.name) == (of.role, of.name))
    return next(filter(None, values), None)
