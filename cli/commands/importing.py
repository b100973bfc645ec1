"""`pipeline import`: files into the pipeline."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from cli import show
from cli.client import talk
from cli.importing import Report, import_postings, import_rows, import_table, write_rejects
from cli.reading import records
from shared.broker import Broker

app = typer.Typer(
    no_args_is_help=True, help="Import files. The same file twice changes nothing; bad rows are set aside."
)

File = Annotated[Path, typer.Argument(help="CSV, also as .gz or .zip.", show_default=False)]


@app.command()
def facilities(
    file: File,
    state: Annotated[str | None, typer.Option(help="Take this state's facilities only.")] = None,
    complete: Annotated[
        str | None, typer.Option(help="The file is complete for this state, or US: whoever is missing is delisted.")
    ] = None,
    as_of: Annotated[str | None, typer.Option(help="Date of the data (YYYY-MM-DD), if the file does not say.")] = None,
) -> None:
    """CMS Provider Information of any vintage, or a registry: who there is, and how CMS rates them."""
    options = {"state": state, "complete": complete, "as_of": str(date.fromisoformat(as_of)) if as_of else None}
    _import(file, lambda broker, told: import_table(broker, "facilities", file, options, told))


@app.command()
def quality(
    files: Annotated[list[Path], typer.Argument(help="CSV, also as .gz or .zip.", show_default=False)],
    as_of: Annotated[
        str | None, typer.Option(help="Date of the data (YYYY-MM-DD), for files that do not say it.")
    ] = None,
) -> None:
    """What CMS and others say of quality: ratings, penalties, deficiencies, turnover, MDS volume, Medicaid share.

    Each file is recognised by its headings; one that is not known is refused, and nothing of it is taken.
    """
    options = {"as_of": str(date.fromisoformat(as_of)) if as_of else None}
    for file in files:
        _import(file, partial(_quality, file=file, options=options))


async def _quality(broker: Broker, told: Callable[[int], None], file: Path, options: dict[str, Any]) -> Report:
    return await import_table(broker, "quality", file, options, told)


@app.command()
def facts(file: File) -> None:
    """Facts about facilities: CSV with ccn, field, value, as_of. An empty value means known to be unknown."""
    _import(file, lambda broker, told: import_table(broker, "facts", file, {}, told))


@app.command()
def postings(
    file: File, source: Annotated[str | None, typer.Option(help="The source of all rows; else the column.")] = None
) -> None:
    """Job postings as CSV or JSON lines: source, source_posting_id, title, employer_name, city, state, seen_at, ..."""
    _import(file, lambda broker, told: import_postings(broker, records(file), source, told))


@app.command()
def contacts(file: File) -> None:
    """Public, professional contacts: CSV with ccn or chain, name, role, direct_phone, email, source, source_date."""
    _import(file, lambda broker, told: import_rows(broker, "sequencer.ask.import_contacts", file, told))


@app.command()
def clients(file: File) -> None:
    """Active clients: CSV with ccn, owner. They get upsell leads, never a prospect's sequence."""
    _import(file, lambda broker, told: import_rows(broker, "sequencer.ask.import_clients", file, told))


def _import(file: Path, work: Callable[[Broker, Callable[[int], None]], Awaitable[Report]]) -> None:
    with _rows_shown(file.name) as told:
        result = talk(lambda broker: work(broker, told))
    show.report(file.name, result, write_rejects(result, Path(file.name)))
    if result.rejects and not sum(result.counts.values()):
        raise typer.Exit(1)


@contextmanager
def _rows_shown(name: str) -> Iterator[Callable[[int], None]]:
    columns = (SpinnerColumn(), TextColumn("{task.description}: {task.completed} rows"), TimeElapsedColumn())
    with Progress(*columns, console=show.errors, transient=True) as bar:
        task: Any = bar.add_task(f"importing {name}", total=None)
        yield lambda rows: bar.advance(task, rows)
