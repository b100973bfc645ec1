"""How is progress displayed? As bars on the error stream."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from cli.printing import show


@contextmanager
def counted(what: str, total: int | None = None) -> Iterator[tuple[Progress, TaskID]]:
    """A bar of progress towards a total, which can be set later."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=show.errors, transient=True) as bar:
        yield bar, bar.add_task(what, total=total)


@contextmanager
def rows_of(name: str) -> Iterator[Callable[[int], None]]:
    """A counter of the rows sent; yields a function that adds to it."""
    columns = (SpinnerColumn(), TextColumn("{task.description}: {task.completed} rows"), TimeElapsedColumn())
    with Progress(*columns, console=show.errors, transient=True) as bar:
        task = bar.add_task(f"importing {name}", total=None)
        yield lambda rows: bar.advance(task, rows)
