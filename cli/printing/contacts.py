"""How are people at accounts printed?"""

from __future__ import annotations

from collections.abc import Sequence

from cli.printing import show
from shared.contracts.sequencer_contacts import DuplicateRow, MergedContacts, RecordedDeparture
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
    columns = ["id", "role", "name", "now", "named on", "source", "URL", "direct phone", "e-mail"]
    rows = [
        (
            _id(each),
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
        whom = f", {task.persona}" if is_open else f": {task.outcome or task.reason}"
        show.say(f"  {task.status.capitalize()}: {what}{whom} [{str(task.task_id)[:8]}].")


def duplicates(found: Sequence[DuplicateRow]) -> None:
    if not found:
        show.say("No two people seem to be the same.")
        return
    columns = ["keep", "name", "at", "drop", "name", "at", "same"]
    rows = [
        (
            _id(each.keep),
            each.keep.name,
            _place(each.keep),
            _id(each.drop),
            each.drop.name,
            _place(each.drop),
            each.common,
        )
        for each in found
    ]
    show.table(f"{len(found)} possible duplicates", columns, rows)
    show.say(f"To merge the first two: `pipeline contact merge {_id(found[0].keep)} {_id(found[0].drop)}`.")


def merged(answer: MergedContacts, undone: bool) -> None:
    if undone:
        show.say(f"{answer.kept.name} and {answer.dropped.name} are two people again.")
    else:
        note = "" if answer.changed else " That was recorded already."
        show.say(f"{answer.dropped.name} is {answer.kept.name}.{note}")
    for task in answer.tasks:
        show.say(f"  {task.status.capitalize()}: {task.channel} at {task.facility_id}: {task.outcome or task.reason}")


def _id(each: ContactRow) -> str:
    return str(each.contact_id)[:8] if each.contact_id else ""


def _place(each: ContactRow) -> str | None:
    return each.chain or each.facility_id


def _latest(found: Sequence[ContactRow], of: ContactRow, detail: str) -> str | None:
    """The latest value of a detail that a source states about a person."""
    values = (getattr(each, detail) for each in found if (each.role, each.name) == (of.role, of.name))
    return next(filter(None, values), None)
