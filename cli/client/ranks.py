"""Which task does a rank on the worklist refer to?

A printed rank belongs to the same task all day, even if other tasks are done or fall due. The printed ranks are stored
beside the stack, with their day and servers.
"""

from __future__ import annotations

import fcntl
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from cli.client.connection import ask, made, nats_url
from cli.stack import stackfile
from cli.stack.target import write_private
from engines.datasets.text import shortened
from shared.contracts.limits import BEGINNING_OF_ID
from shared.contracts.sequencer import Day
from shared.contracts.sequencer_replies import DayOfWork, WorklistTask
from shared.contracts.sequencer_touches import Printed

RANK = re.compile(r"[0-9]{1,3}")
ID = re.compile(BEGINNING_OF_ID)
RANKS = re.compile(r"([0-9]{1,3})-([0-9]{1,3})")


@dataclass(frozen=True, slots=True)
class TaskReference:
    """The id of a task, and its printed row if the task was named by its rank."""

    word: str
    task_id: str
    printed: Printed | None = None


def worklist_of_today(rep: str | None = None) -> DayOfWork:
    """The sequencer's worklist, with the rank that each task has for the day."""
    day = ask(made(Day, rep=rep))
    return day.model_copy(update={"tasks": numbered(day.on, day.tasks)})


def worklist_on(on: date, rep: str | None = None) -> DayOfWork:
    """The worklist of any day, whose ranks are not stored."""
    return ask(made(Day, rep=rep, on=on))


def printed_touches(words: Iterable[str]) -> list[WorklistTask]:
    """Tasks of today's worklist, by rank or id. Raises `ValueError` for one that is not on it."""
    references = task_references(words)
    today = worklist_of_today().tasks
    found = []
    for reference in references:
        match = [task for task in today if str(task.task_id).startswith(reference.task_id)]
        if len(match) != 1:
            raise ValueError(_not_to_do(reference))
        found += match
    return found


def _not_to_do(reference: TaskReference) -> str:
    if not reference.printed:
        return f"{reference.word} is not on today's worklist; `pipeline worklist` prints it."
    return (
        f"{reference.word} was printed today, and is no longer to do: it was done, skipped, moved or canceled."
        f" `pipeline undo {reference.word}` takes back what a person did; `pipeline worklist` prints what is to do."
    )


def numbered(on: date, tasks: Sequence[WorklistTask]) -> list[WorklistTask]:
    """The tasks of a day's worklist with their ranks for the day, which are stored."""
    with suppress(OSError), _printed_ranks() as stored:  # a worklist can be printed even if ranks cannot be stored
        if (stored.get("on"), stored.get("of")) != (str(on), _servers()):
            stored.clear()
        stored.update({"on": str(on), "of": _servers(), "ranks": {**stored.get("ranks", {})}})
        return [task.model_copy(update={"rank": _rank_of(task, stored["ranks"])}) for task in tasks]
    return list(tasks)


def _rank_of(task: WorklistTask, ranks: dict[str, int]) -> int:
    """The printed rank of a task, or else its own rank; if another task has that, the next unused rank."""
    # Research may continue at another facility of its chain: it is the same task, but another row.
    key = f"{task.task_id}/{task.facility_id}"
    if key not in ranks:
        ranks[key] = task.rank if task.rank not in ranks.values() else max(ranks.values()) + 1
    return ranks[key]


def task_references(words: Iterable[str]) -> list[TaskReference]:
    """Tasks by ranks (`3`), ranges of ranks (`3-5`) or ids; raises `ValueError` if any of them is unknown.

    A word of up to three digits is a rank, never an id.
    """
    return list({one.task_id: one for one in map(_reference, single_words(words))}.values())


def single_words(words: Iterable[str]) -> list[str]:
    """The words for single tasks: `3-5` is `3`, `4` and `5`; raises `ValueError` for a range that is none."""
    return [one for given in words for word in given.split(",") if word.strip() for one in _singles(word.strip())]


def _singles(word: str) -> Iterator[str]:
    ends = RANKS.fullmatch(word)
    if not ends:
        yield word
        return
    first, last = map(int, ends.groups())
    if first > last:
        raise ValueError(f"{word!r} is not a range of ranks; write the lower rank first.")
    yield from map(str, range(first, last + 1))


def _reference(word: str) -> TaskReference:
    if RANK.fullmatch(word):
        return _ranked(int(word))
    if ID.fullmatch(word):
        return TaskReference(word, word)
    raise ValueError(
        f"{shortened(word)!r} is not a task; give its rank on the worklist (3, or 3-5), or its id or at least the"
        " first four characters of it. Nothing was recorded."
    )


def _ranked(rank: int) -> TaskReference:
    with _printed_ranks() as stored:
        if stored.get("of") != _servers():
            raise ValueError(f"No worklist was printed here, so rank {rank} is unknown; `pipeline worklist` prints it.")
        for key, printed in stored["ranks"].items():
            if printed == rank:
                task_id, _, facility_id = key.partition("/")
                return TaskReference(
                    str(rank), task_id, Printed(on=date.fromisoformat(stored["on"]), facility_id=facility_id)
                )
    raise ValueError(
        f"There is no rank {rank} on the worklist of {stored['on']} as it was printed; nothing was recorded."
        " `pipeline worklist` prints it again."
    )


def _servers() -> str:
    """The address of the servers, without user and password."""
    return urlsplit(nats_url()).netloc.rpartition("@")[2]


@contextmanager
def _printed_ranks() -> Iterator[dict[str, Any]]:
    """The printed ranks, locked for one command at a time; changes are written at the end."""
    home = stackfile.home()
    home.mkdir(parents=True, exist_ok=True)
    with (home / "worklist.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        file = home / "worklist.json"
        try:
            before = file.read_text("utf-8")
            stored: dict[str, Any] = json.loads(before)
        except (FileNotFoundError, ValueError):
            before, stored = "", {}
        yield stored
        if (after := json.dumps(stored)) != before:
            write_private(file, after)
