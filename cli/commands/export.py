"""`pipeline export`: lists of the services as files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.client.connection import talk
from cli.files import exporting
from cli.files.exporting import Format
from cli.files.lists import EXPORTS
from cli.printing import show
from engines.datasets.paths import file_to_write, folder_to_make

ALL = "all"


def export(
    what: Annotated[str, typer.Argument(help=f"One of: {', '.join(EXPORTS)}; or `{ALL}`.")],
    out: Annotated[Path, typer.Option("--out", help=f"The file to write; for `{ALL}`, the folder, which is made.")],
    form: Annotated[Format, typer.Option("--format", help="CSV for spreadsheets, or Parquet with types.")] = "csv",
) -> None:
    """Write lists of the services to files: CSV, or Parquet.

    In a CSV file, no cell begins a formula. A Parquet file has types: days, instants, numbers, lists.

    Example: pipeline export tasks --out tasks.csv

    Example: pipeline export scores --format parquet --out scores.parquet

    Example: pipeline export all --format parquet --out exports
    """
    if what not in (*EXPORTS, ALL):
        raise typer.BadParameter(f"{what!r} cannot be exported; choose from {', '.join((*EXPORTS, ALL))}.")
    if what != ALL:
        _write(what, file_to_write(out), form)
        return
    folder = folder_to_make(out)
    for name in EXPORTS:
        _write(name, folder / f"{name}.{form}", form)


def _write(what: str, path: Path, form: Format) -> None:
    count = talk(lambda broker: exporting.export(broker, what, path, form))
    show.say(f"{count} {what} written to {path}.")
