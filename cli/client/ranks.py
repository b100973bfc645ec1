"""Which task does a person mean by its rank on the worklist?

A rank that was printed stays with its task all day, whatever is done or falls due meanwhile: it is never given to
another one. What was printed is kept beside the stack, for the day and the servers that it was printed of.
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
from shared.contracts.sequencer import Day, Printed
from shared.contracts.sequencer_replies import DayOfWork, WorklistTask

RANK = re.compile(r"[0-9]{1,3}")
ID = re.compile(r"[0-9a-fA-F-]{4,36}")
RANKS = re.compile(r"([0-9]{1,3})-([0-9]{1,3})")


@dataclass(frozen=True, slots=True)
class Meant:
    """A task by its id, and what the worklist showed of it if it was named by its rank."""

    word: str
    task_id: str
    printed: Printed | None = None


def worklist_of_today(rep: str | None = None) -> DayOfWork:
    """As the sequencer answers, each task with the rank that it keeps for the day."""
    day = ask(made(Day, rep=rep))
    return day.model_copy(update={"tasks": numbered(day.on, day.tasks)})


def numbered(on: date, tasks: Sequence[WorklistTask]) -> list[WorklistTask]:
    """The tasks of a day's worklist, each with the rank that it keeps for the day. Remembers them."""
    with suppress(OSError), _kept() as kept:  # where nothing can be kept, a worklist can still be printed
        if (kept.get("on"), kept.get("of")) != (str(on), _servers()):
            kept.clear()
        kept.update({"on": str(on), "of": _servers(), "ranks": {**kept.get("ranks", {})}})
        return [task.model_copy(update={"rank": _rank_of(task, kept["ranks"])}) for task in tasks]
    return list(tasks)


def _rank_of(task: WorklistTask, ranks: dict[str, int]) -> int:
    """The rank that a task was printed with, or else its own; where another one has that, the next after all."""
    # Research may go on at another facility of its chain: the same task, and not what was printed.
    key = f"{task.task_id}/{task.facility_id}"
    if key not in ranks:
        ranks[key] = task.rank if task.rank not in ranks.values() else max(ranks.values()) + 1
    return ranks[key]


def meant(words: Iterable[str]) -> list[Meant]:
    """Tasks by ranks (`3`), ranges of them (`3-5`) or ids; raises `ValueError` unless each of them is known.

    Up to three digits are a rank, which an id never is.
    """
    found = [one for given in words for word in given.split(",") if word.strip() for one in _one(word.strip())]
    return list({one.task_id: one for one in found}.values())


def _one(word: str) -> Iterator[Meant]:
    if RANK.fullmatch(word):
        yield _ranked(int(word))
    elif ends := RANKS.fullmatch(word):
        first, last = map(int, ends.groups())
        if first > last:
            raise ValueError(f"{word!r} is no range of ranks; write the lower one first.")
        yield from (_ranked(rank) for rank in range(first, last + 1))
    elif ID.fullmatch(word):
        yield Meant(word, word)
    else:
        raise ValueError(
            f"{shortened(word)!r} is no task; give its rank on the worklist (3, or 3-5), or its id or the beginning"
            " of it, four characters at least. Nothing was recorded."
        )


def _ranked(rank: int) -> Meant:
    with _kept() as kept:
        if kept.get("of") != _servers():
            raise ValueError(f"No worklist was printed here, so rank {rank} is none; `pipeline worklist` prints it.")
        for key, printed in kept["ranks"].items():
            if printed == rank:
                task_id, _, facility_id = key.partition("/")
                return Meant(str(rank), task_id, Printed(on=date.fromisoformat(kept["on"]), facility_id=facility_id))
    raise ValueError(
        f"There is no rank {rank} on the worklist of {kept['on']} as it was printed; nothing was recorded."
        " `pipeline worklist` prints it anew."
    )


def _servers() -> str:
    """Which servers are asked, without the secrets by which they let one in."""
    return urlsplit(nats_url()).netloc.rpartition("@")[2]


@contextmanager
def _kept() -> Iterator[dict[str, Any]]:
    """What was printed, for one command at a time; changes are written at the end."""
    home = stackfile.home()
    home.mkdir(parents=True, exist_ok=True)
    with (home / "worklist.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        file = home / "worklist.json"
        try:
            before = file.read_text("utf-8")
            kept: dict[str, Any] = json.loads(before)
        except (FileNotFoundError, ValueError):
            before, kept = "", {}
        yield kept
        if (after := json.dumps(kept)) != before:
            write_private(file, after)
