"""What does a calendar program read? The open tasks of a rep, as iCalendar (RFC 5545).

Entries are events of a whole day, because calendars ignore tasks of feeds. The id of a task stays its UID, and its
version is the SEQUENCE, so that a program moves an entry instead of adding another one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from icalendar import Calendar, Event

from services.courier import settings
from services.courier.store.calendars import Owner, Task

PRODUCT: Final = "-//Facility Pipeline//Worklist//EN"
EVERY: Final = timedelta(hours=1)
"""How often programs are asked to read it again."""
TITLES: Final = {"call": "Call", "email": "E-mail", "linkedin": "LinkedIn", "research": "Research"}


def calendar(owner: Owner, tasks: Sequence[Task], timezone: str) -> bytes:
    """The feed, the same for the same tasks."""
    found = Calendar()
    name = f"Worklist of {owner.name or owner.rep}"
    found.add("prodid", PRODUCT)
    found.add("version", "2.0")
    found.add("method", "PUBLISH")
    for each in ("name", "x-wr-calname"):
        found.add(each, name)
    found.add("x-wr-timezone", timezone)
    found.add("refresh-interval", EVERY, parameters={"VALUE": "DURATION"})
    found.add("x-published-ttl", EVERY)
    for task in tasks:
        found.add_component(_entry(task, personal=owner.personal))
    content: bytes = found.to_ical()
    return content


def _entry(task: Task, *, personal: bool) -> Event:
    data = task.data or {}
    entry = Event()
    entry.add("uid", f"{task.task_id}@facility-pipeline")
    entry.add("sequence", task.version)
    entry.add("dtstamp", task.at)
    entry.add("last-modified", task.at)
    if task.due_on:
        entry.add("dtstart", task.due_on)
        entry.add("dtend", task.due_on + timedelta(days=1))
    entry.add("transp", "TRANSPARENT")
    entry.add("summary", _summary(data, personal=personal))
    entry.add("location", f"{data.get('city')}, {data.get('state')}")
    entry.add("description", "\n".join(_lines(data, personal=personal)))
    entry.add("categories", [TITLES.get(data.get("channel", ""), "Task")])
    entry.add("class", "PRIVATE")
    return entry


def _summary(data: dict[str, Any], *, personal: bool) -> str:
    title = TITLES.get(data.get("channel", ""), "Task")
    person = data.get("person") or {}
    whom = (personal and (person.get("display_name") or person.get("name"))) or settings.role_label(data["persona"])
    place = data.get("facility_display_name") or data.get("facility_name")
    return f"{title}: {place} ({whom})" if whom else f"{title}: {place}"


def _lines(data: dict[str, Any], *, personal: bool) -> list[str]:
    person = data.get("person") or {}
    lines = [data.get("reason") or ""]
    if data.get("tier"):
        lines.append(f"Tier {data['tier']}, score {data['score']}")
    if data.get("main_phone"):
        lines.append(f"Main telephone: {data['main_phone']}")
    if personal and person.get("direct_phone"):
        lines.append(f"Direct: {person['direct_phone']}")
    if data.get("chain_display_name"):
        lines.append(f"Chain: {data['chain_display_name']}")
    return [each for each in lines if each]


def changed(events: Sequence[Any]) -> list[Task]:
    """The states of tasks that events of one type state."""
    return [_state(each) for each in events]


def _state(event: Any) -> Task:
    is_open = hasattr(event, "persona")  # it states all of a task that is due
    data = event.model_dump(mode="json", include=KEPT) if is_open else None
    rep = getattr(event, "rep", None) or ""
    return Task(str(event.task_id), event.version, rep, event.due_on if is_open else None, event.origin.time, data)


KEPT: Final = {
    "channel",
    "chain_display_name",
    "city",
    "facility_display_name",
    "facility_name",
    "main_phone",
    "person",
    "persona",
    "reason",
    "score",
    "state",
    "tier",
}
"""What a calendar states of a task."""
