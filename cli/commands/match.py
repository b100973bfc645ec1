"""`pipeline match`: the facility that each row of a file means, found without any server."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from cli.options import to_read, to_write


def match(
    registry: Annotated[
        Path, typer.Option(callback=to_read, help="The July 2026 layout, or CMS Provider Information of any vintage.")
    ],
    queries: Annotated[
        Path, typer.Option(callback=to_read, help="CSV: employer_name, city, state; zip, address, phone, ccn, title.")
    ],
    out: Annotated[
        Path, typer.Option(callback=to_write, help="The CSV to write: every column of the queries, and the answers.")
    ],
    aliases: Annotated[
        Path | None, typer.Option(callback=to_read, help="SNF Enrollments as published: further names.")
    ] = None,
    method: Annotated[
        Literal["model", "source-rule"], typer.Option(help="The fitted model, or the source's rule (R14) as written.")
    ] = "model",
) -> None:
    """Find the facility that each row of a CSV means, or say why none; needs no servers.

    Adds matched_ccn, confidence, decision (auto, queue or none), method, reason and candidates to the rows as given.

    Example: pipeline match --registry NH_ProviderInfo.csv.zip --queries employers.csv --out answers.csv
    """
    from cli.match import answer_all  # here, because every command would wait for the matching engine to load

    answer_all(registry, queries, out, aliases, method)
