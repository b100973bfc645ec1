"""Is the window of every step one in which a rep of the deployment works?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from cli.linting.sections import Pack
from cli.linting.signals import time_zones
from engines.datasets.states import STATES
from engines.packs import Calendar
from engines.packs.files import Fault, suggestion
from services.sequencer.domain.windows import Hours, Span, hours_of
from shared.clock import instant_at
from shared.contracts.sequencer_reps import RepRow

SEASONS = (date(2026, 1, 15), date(2026, 7, 15))
"""Clocks differ by other hours in winter and in summer."""


def windows(pack: Pack, team: Sequence[RepRow]) -> Iterator[Fault]:
    """The faults of time zones and, if the team is known, of windows outside all working hours."""
    calendar = pack.get("calendar")
    yield from (faults := list(_zones(calendar)) if calendar else [])
    working = [rep for rep in team if rep.left_on is None]
    if faults or not calendar or not working or calendar.timezone not in time_zones():
        return
    for name, sequence in pack.folders["sequences"].items():
        for at, step in enumerate(sequence.steps if sequence else ()):
            if step.window and not _is_met(step.window, calendar, working):
                hours = ", ".join(f"{rep.rep} {_hours(rep)}" for rep in working)
                problem = f"{step.window} is outside the working hours of all reps: {hours}"
                yield Fault(f"sequences/{name}.yaml", f"steps.{at}.window", problem, "change it, or the hours of a rep")


def _zones(calendar: Calendar) -> Iterator[Fault]:
    known = time_zones()
    for zone in calendar.zones:
        if zone not in known:
            yield Fault("calendar.yaml", f"zones.{zone}", f"{zone!r} is not a time zone", suggestion(zone, known))
    seen: set[str] = set()
    for zone, states in calendar.zones.items():
        for state in states:
            if state not in STATES:
                yield Fault("calendar.yaml", f"zones.{zone}", f"there is no state {state}", suggestion(state, STATES))
            if state in seen:
                yield Fault("calendar.yaml", f"zones.{zone}", f"{state} has another zone as well", "remove it from one")
            seen.add(state)


def _is_met(window: str, calendar: Calendar, team: Sequence[RepRow]) -> bool:
    """Whether a rep works at a time of the window, by the clock of one of the zones of the pack."""
    asked = [_span(on, hours_of(window), zone) for zone in (calendar.timezone, *calendar.zones) for on in SEASONS]
    offered = [_span(on, Hours(rep.from_hour, rep.to_hour), rep.timezone) for rep in team for on in SEASONS]
    return any(one.within(other) for one in asked for other in offered)


def _span(on: date, hours: Hours, zone: str) -> Span:
    return Span(instant_at(on, hours.begins, zone), instant_at(on, hours.ends, zone))


def _hours(rep: RepRow) -> str:
    return f"{rep.from_hour.isoformat('minutes')}-{rep.to_hour.isoformat('minutes')} {rep.timezone}"
