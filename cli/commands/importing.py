"""`pipeline import`: files into the pipeline."""

from __future__ import annotations

import shlex
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.commands import importing_lists
from cli.commands.importing_lists import run
from cli.commands.options import TABLE, File, day, group
from cli.files.importing import import_postings, import_rows, import_table, imported, postings_of
from cli.files.report import Report
from cli.printing import show
from cli.printing.imports import gone
from engines.datasets.reading import Unreadable, opened
from engines.datasets.states import state_of
from shared.contracts.ingest import ImportFacilities, ImportFacts, ImportQuality
from shared.contracts.matcher import ImportAliases
from shared.contracts.refusals import AskFailed

if TYPE_CHECKING:
    from shared.messaging.broker import Broker

app = group(
    "Import files. Importing a file again changes nothing; rejected rows are written, with line and reason, to "
    "FILE.rejects.csv in the current folder. A file is recognized by its content: CSV in any usual encoding, separated "
    "by commas, semicolons, tabs or bars; JSON lines or a JSON array; a workbook (.xlsx); each also as .gz or .zip.",
)


def _state(text: str | None, option: str, *more: str) -> str | None:
    """A state in the form that services expect; raises `ValueError`."""
    code = state_of(text) if text is not None else None
    if text is not None and not code:
        raise ValueError(f"{option} {text!r} is not a state; write NY or New York{''.join(more)}.")
    return code


def _day(text: str | None, option: str) -> str | None:
    """A date in the form that services expect; raises `ValueError`."""
    return str(day(text, option)) if text is not None else None


@app.command()
def facilities(
    file: File,
    state: Annotated[str | None, typer.Option(help="Import this state's facilities only.")] = None,
    complete: Annotated[
        str | None, typer.Option(help="The file is complete for this state, or US: missing facilities are delisted.")
    ] = None,
    as_of: Annotated[str | None, typer.Option(help="Date of the data (YYYY-MM-DD), if the file has none.")] = None,
    delist: Annotated[
        int | None,
        typer.Option(min=0, help="Delist this many facilities: the number that a refusal states."),
    ] = None,
) -> None:
    """CMS Provider Information of any vintage, or a registry: facilities with their ratings.

    Required columns: {key.name}, name, city and state under any of CMS's headings, and at least one that only a
    registry has: certified beds, overall, QM or staffing rating, legal business name, or snapshot.

    A file that may have lost rows delists nothing, and neither does one that would delist more than the pack's share
    (`most_delisted_share`): its valid rows are imported, and the missing facilities are listed with the reason and what
    to do (exit code 1).

    Example: pipeline import facilities NH_ProviderInfo.csv.zip --state NY --complete NY
    """
    if delist is not None and complete is None:
        raise ValueError("--delist states how many facilities a complete file may delist; give --complete, too.")
    options = {
        "state": _state(state, "--state"),
        "complete": _state(complete, "--complete", ", or US for the whole country"),
        "as_of": _day(as_of, "--as-of"),
        "delist": delist,
    }
    report = run(file, lambda broker, progress: import_table(broker, ImportFacilities, file, options, progress))
    gone(report, lambda count: _with_delisting(file, options, count))
    if report.gone and not report.counts.get("delisted"):
        raise typer.Exit(1)  # so that a program detects that the requested delisting was refused


def _with_delisting(file: Path, options: dict[str, Any], count: int) -> str:
    """The command that delists this many."""
    given = [f"--{name.replace('_', '-')} {value}" for name, value in options.items() if value and name != "delist"]
    return " ".join(("pipeline import facilities", shlex.quote(str(file)), *given, f"--delist {count}"))


@app.command()
def quality(
    files: Annotated[list[Path], typer.Argument(help=TABLE, show_default=False, metavar="FILE...")],
    as_of: Annotated[str | None, typer.Option(help="Date of the data (YYYY-MM-DD), for files without one.")] = None,
) -> None:
    """Published quality data: ratings, penalties, deficiencies, turnover, and the other facts of the pack.

    Each file is recognized by its headings; an unknown file is refused, and none of it is imported. Files with a row
    for each measure or for each answer are read by the rules of the pack, which state what is summed up.

    Required columns: {key.column}, and those of one of these files, under its publisher's headings.

    Example: pipeline import quality NH_Penalties.csv.zip NH_HealthCitations.csv.zip
    """
    options = {"as_of": _day(as_of, "--as-of")}
    refused = [file for file in files if not _is_imported(file, partial(_quality, file=file, options=options))]
    if refused and len(files) > 1:
        names = ", ".join(file.name for file in refused)
        show.say(f"{len(files) - len(refused)} of {len(files)} files were imported; not: {names}.")
    if refused:
        raise typer.Exit(1)


def _is_imported(file: Path, work: Callable[[Broker, Callable[[int], None]], Awaitable[Report]]) -> bool:
    """Import a file; if it is refused, print the reason and return False, so that the next file follows."""
    try:
        run(file, work)
    except (AskFailed, Unreadable) as error:
        show.problem(str(error))
        return False
    except typer.Exit:
        return False
    return True


async def _quality(broker: Broker, progress: Callable[[int], None], file: Path, options: dict[str, Any]) -> Report:
    return await import_table(broker, ImportQuality, file, options, progress)


@app.command()
def facts(file: File) -> None:
    """Facts about facilities, one per row. An empty value means explicitly unknown.

    Required columns: {key.column}, field, value, as_of.

    Example: pipeline import facts shares.csv
    """
    run(file, lambda broker, progress: import_table(broker, ImportFacts, file, {}, progress))


@app.command()
def postings(
    file: File,
    source: Annotated[
        str | None, typer.Option(help="The source of all rows, for a file without such a column.")
    ] = None,
) -> None:
    """Job postings, one per row; a posting is identified by its source and its id there.

    Required columns: source (or --source), source_posting_id, title, employer_name. Optional: city, state, zip,
    address, phone, {key.column}, url, description, posted_on, seen_at (if missing: now), closed_on. An invalid optional
    field is repaired if that is certain, and otherwise left out with a warning; the posting is imported.

    Example: pipeline import postings feed.csv --source csv-drop
    """
    run(file, lambda broker, progress: _postings(broker, file, source, progress))


async def _postings(broker: Broker, path: Path, source: str | None, progress: Callable[[int], None]) -> Report:
    with opened(path) as file:
        report = await import_postings(broker, postings_of(file), source, progress, imported(file))
        report.findings(file)
    return report


@app.command()
def aliases(
    file: File, state: Annotated[str | None, typer.Option(help="Import names of this state's facilities only.")] = None
) -> None:
    """Further names of listed facilities, such as the publisher's enrollments.

    A registry of several days (with a column snapshot or processing date) has the names that facilities had before,
    each with its latest day.

    Required columns: {key.name}, and one of ORGANIZATION NAME (or legal business name), DOING BUSINESS AS NAME (or DBA
    name), former name, or name with kind (legal, dba, former). `pipeline alias` lists and withdraws them.

    Example: pipeline import aliases Enrollments.csv --state NY
    """
    more = {"file_name": file.name, "state": _state(state, "--state")}
    run(file, lambda broker, progress: import_rows(broker, ImportAliases, file, progress, more))


importing_lists.add_to(app)
