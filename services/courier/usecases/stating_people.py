"""What do our events state that a CRM should show of people, tasks and what was done?

A person is known by a name at a place, as suppressions know people: by the mark of the task that addresses them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from engines.crm.records import text_of
from engines.suppression.marks import address_marks, mark_of
from services.courier import settings
from services.courier.domain.wanted import Statement
from shared.clock import instant_at
from shared.contracts import events as e

TITLES: Final = {"call": "Call", "email": "E-mail", "linkedin": "LinkedIn", "research": "Research"}
TYPES: Final = {"call": "call", "email": "email"}
"""The type of a task by its channel; all others are of the type `other`."""
MORNING: Final = time(9)
"""When a task of a day is due, where a time is needed."""
_GENERATIONS: Final = frozenset({"jr", "sr", "ii", "iii", "iv"})


def of_task(event: e.TaskDue | e.TaskMoved | e.TaskDone) -> Iterator[Statement]:
    """The task and, if it addresses someone whose name is known, the person."""
    task = str(event.task_id)
    match event:
        case e.TaskDue():
            contact = _contact(event)
            yield Statement(
                "tasks",
                task,
                event.version,
                {
                    "subject": _subject(event),
                    "body": _body(event),
                    "type": TYPES.get(event.channel, "other"),
                    "status": "open",
                    "owner": event.rep,
                    **_due(event.due_on),
                },
                marks=event.marks,
                facility_id=event.facility_id,
                contact_id=contact.id if contact else None,
            )
            if contact:
                yield contact
        case e.TaskMoved():
            yield Statement("tasks", task, event.version, {"status": "open", "owner": event.rep, **_due(event.due_on)})
        case e.TaskDone():
            yield Statement("tasks", task, event.version, {"status": "done" if event.status == "done" else "dropped"})


def of_touch(event: e.TouchLogged) -> Iterator[Statement]:
    """A note about what was done, or that it is taken back."""
    if event.reverses:
        yield Statement("notes", str(event.reverses), 1, {"removed": "true"}, facility_id=event.facility_id)
    if event.kind in ("done", "answered"):
        yield Statement(
            "notes",
            str(event.activity_id),
            0,
            {
                "body": _done(event),
                "at": text_of(touched_at(event)),
                "owner": event.rep,
                "outcome": event.outcome if is_contact(event) else None,
            },
            marks=(mark_of("facility", event.facility_id),),
            facility_id=event.facility_id,
            task_id=str(event.task_id) if event.task_id else None,
        )


def is_contact(event: e.TouchLogged) -> bool:
    """Whether we contacted the account: research is no contact, and neither is what came back."""
    return event.kind == "done" and event.outcome is not None and event.channel != "research"


def touched_at(event: e.TouchLogged) -> datetime:
    return event.touched_at or (event.origin.time if event.origin else datetime.combine(event.touched_on, MORNING, UTC))


def _contact(event: e.TaskDue) -> Statement | None:
    person = event.person
    mark = next((each for each in event.marks if each.startswith("name:")), None)
    if person is None or not person.name or mark is None:
        return None
    first, last = names(person)
    return Statement(
        "contacts",
        str(uuid5(NAMESPACE_URL, mark)),
        milliseconds(event),
        {
            "facility_id": event.facility_id,
            "first_name": first,
            "last_name": last,
            "email": person.email,
            "phone": person.direct_phone,
            "title": settings.role_label(person.role),
            "role": person.role,
        },
        marks=tuple(dict.fromkeys((*event.marks, *address_marks(person.email)))),
        facility_id=event.facility_id,
    )


def names(person: e.Person) -> tuple[str | None, str]:
    """The given and the family name: `Jane A.` and `van der Berg`."""
    whole = (person.display_name or person.name or "").split()
    end = len(whole) - 1
    while end > 0 and whole[end].strip(".,").lower() in _GENERATIONS:
        end -= 1
    given = (person.greeting or "").split()
    first = len(given) if given and given == whole[: len(given)] and len(given) <= end else end
    while first < end and len(whole[first].strip(".")) == 1:
        first += 1
    return " ".join(whole[:first]) or None, " ".join(whole[first:])


def milliseconds(event: e.Event) -> int:
    """The version of what has none in its event."""
    return int(event.origin.time.timestamp() * 1000) if event.origin else 0


def _due(day: date) -> dict[str, str | None]:
    return {"due_on": day.isoformat(), "due_at": text_of(instant_at(day, MORNING, settings.timezone()))}


def _subject(event: e.TaskDue) -> str:
    person = event.person
    whom = (person and (person.display_name or person.name)) or settings.role_label(event.persona)
    place = event.facility_display_name or event.facility_name
    title = TITLES.get(event.channel, "Task")
    return f"{title}: {place} ({whom})" if whom else f"{title}: {place}"


def _body(event: e.TaskDue) -> str:
    lines = [event.reason, f"Tier {event.tier}, score {event.score}"]
    if event.main_phone:
        lines.append(f"Main telephone: {event.main_phone}")
    if event.chain_display_name:
        lines.append(f"Chain: {event.chain_display_name}")
    return "\n".join(lines)


def _done(event: e.TouchLogged) -> str:
    title = TITLES.get(event.channel, event.channel)
    whom = settings.role_label(event.persona)
    first = f"{title} ({whom})" if whom else title
    return "\n".join(filter(None, (f"{first}: {event.outcome}" if event.outcome else first, event.note)))
