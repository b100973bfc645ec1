"""How long do all key figures of the shipped pack take over many events, compared with parsing these events?"""

from __future__ import annotations

import gc
import json
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

from pydantic_core import from_json

from engines.figures.computing import Span, figures_of, subjects_needed
from engines.figures.pack import kpis_in
from engines.figures.tables import Event, Occurrences

SNF = Path(__file__).parents[2] / "packs" / "snf"
EVENTS, LATER = 100_000, 200
FIRST, DAYS = date(2025, 1, 1), 365
PHASES = ("contacted", "qualified", "proposal", "won")

Body = tuple[str, date, dict[str, Any]]


async def key_figures(repeats: int, peers: str) -> dict[str, dict[str, float]]:
    written = [
        (f"{number:032x}", subject, day, json.dumps(body)) for number, (subject, day, body) in enumerate(history())
    ]
    runs = [_run(written) for _ in range(repeats)]
    figures = {name: round(median(run[name] for run in runs), 2) for name in runs[0]}
    return {"figures": {"events": len(written), **figures}}


def _run(written: list[tuple[str, str, date, str]]) -> dict[str, float]:
    began = perf_counter()
    events = [
        Event(key, subject, datetime.combine(day, time(9), UTC), day, from_json(body))
        for key, subject, day, body in written
    ]
    parsed = perf_counter()
    gc.disable()  # as `pipeline kpi` does
    kpis, last = kpis_in(SNF), FIRST + timedelta(DAYS)
    span = Span(last, datetime.combine(last, time(), UTC))
    figures_of(kpis, events, subjects_needed(kpis, span), span)
    done = perf_counter()
    gc.enable()
    known = Occurrences({name for kpi in kpis for name in kpi.kinds})
    known.add(events[:-LATER])
    spent = process_time()
    for each in events[-LATER:]:
        known.add([each])
    later = process_time() - spent
    return {
        "seconds": done - parsed,
        "parsing_seconds": parsed - began,
        "adding_one_ms": later / LATER * 1000,
        "vs_parsing": (done - parsed) / (parsed - began),
    }


def history() -> list[Body]:
    """A year of a small team, again and again for other accounts, until there are enough events."""
    chance, found = random.Random(1), list[Body]()
    account = 0
    while len(found) < EVENTS:
        account += 1
        found += _account(f"A{account:05}", chance)
    return sorted(found[:EVENTS], key=lambda each: each[1])


def _account(facility: str, chance: random.Random) -> Iterator[Body]:
    """Postings, a lead with its stages, an enrollment with nine touches."""
    day = FIRST + timedelta(chance.randrange(DAYS - 40))
    for number in range(chance.randint(1, 6)):
        posting = f"{facility}-{number}"
        seen = {"posting_id": posting, "source": "board", "role_family": "qm", "first_seen_on": str(day)}
        yield "posting.seen", day, seen
        queued = chance.random() < 0.2
        if queued:
            yield "posting.unmatched", day, {**seen, "reason": "ambiguous"}
        yield "facility.matched", day, {"facility_id": facility, "role_family": "qm", "posting_ids": [posting]}
    lead = {
        "lead_id": facility,
        "facility_id": facility,
        "lead_source": chance.choice(["signal", "signal", "upsell"]),
        "owner": chance.choice(["ann", "bob"]),
        "role_families": ["qm"],
        "raised_on": str(day),
    }
    yield "lead.raised", day, lead
    yield from _touches(facility, day, chance)
    for version, phase in enumerate(PHASES[: chance.randint(0, 4)], 1):
        on = day + timedelta(3 * version)
        yield "lead.moved", on, {**lead, "version": version, "phase": phase, "from_stage": "new", "moved_on": str(on)}
    outcome, on = chance.choice(["won", "lost", "met"]), day + timedelta(30)
    yield f"lead.{outcome}", on, {**lead, "decided_on": str(on), "decided_by": "ann", "reason": "price"}


def _touches(facility: str, day: date, chance: random.Random) -> Iterator[Body]:
    enrollment = {"enrollment_id": facility, "facility_id": facility, "sequence": "s", "tier": 1, "owner": "ann"}
    yield "enrollment.started", day, {**enrollment, "started_on": str(day)}
    for step in range(1, 10):
        on = day + timedelta(2 * step)
        task = {"task_id": f"{facility}/{step}", "facility_id": facility, "kind": "step", "rep": "ann", "tier": 1}
        yield "task.due", on, {**task, "due_on": str(on), "channel": "call"}
        late = on + timedelta(chance.randint(0, 1))
        yield "task.done", late, {**task, "status": "done", "done_on": str(late), "done_by": "ann"}
    ended = day + timedelta(22)
    yield "enrollment.ended", ended, {**enrollment, "ended_on": str(ended), "status": "completed"}
