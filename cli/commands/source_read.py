"""`pipeline source read`: what saved pages and answers state, shown without any server."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.commands.options import Json, day
from cli.files.postings import read_files, rows
from cli.printing import show
from engines import packs

Files = Annotated[
    list[Path],
    typer.Argument(help="Saved pages (HTML), answers (JSON) and tables (CSV), also as .gz.", show_default=False),
]
COLUMNS = ("id", "title", "employer", "city", "state", "zip", "posted", "closes", "url")


def read_saved(
    files: Files,
    saved_on: Annotated[
        str | None,
        typer.Option(
            help="The day of the answers (YYYY-MM-DD), for those that state `Posted 3 Days Ago`; by default the day"
            " on which each file was changed."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Show which postings saved pages, answers and tables state, as a fetch would take them. Nothing is stored.

    The format is recognized by the content: schema.org (JSON-LD, Microdata, RDFa), Greenhouse, Lever, SmartRecruiters,
    Workday, UKG Pro, CareerOneStop, Techmap, Coresignal, Adzuna, and tables in CSV. What has no adapter is refused by
    its name, unless it has schema.org. Postings of LinkedIn and Indeed are left out.

    Files that cannot be read are named with the reason, the others are shown, and the exit code is then 1.

    With --json, each posting is a line of JSON.

    Example: pipeline source read careers.html greenhouse.json --json
    """
    on = day(saved_on, "--saved-on") if saved_on else None
    refused = False
    for file, found in read_files(files, on, packs.section("calendar", packs.Calendar).timezone):
        if isinstance(found, str):
            refused = True
            show.problem(f"{file}: {found}")
            continue
        for problem in found.problems:
            show.problem(f"{file}: {problem}")
        if as_json:
            for row in rows(file, found):
                show.as_json(row)
        else:
            listed = [list(row.values())[2:] for row in rows(file, found)]
            show.table(f"{file} ({found.format}): {len(listed)}", COLUMNS, listed)
    if refused:
        raise typer.Exit(1)
