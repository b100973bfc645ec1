"""`pipeline match`: the facility that each row of a file refers to, found without any server."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from cli.commands.options import to_read, to_write
from cli.printing import show
from cli.printing.progress import counted
from engines.matching.pack import fitted, trade
from engines.matching.rows import by_model, by_source_rule, match_file, read_registry
from engines.matching.source_rule import ACCEPT_AT
from engines.packs import PackInvalid, headings, section


def match(
    registry: Annotated[
        Path, typer.Option(callback=to_read, help="The July 2026 layout, or CMS Provider Information of any vintage.")
    ],
    queries: Annotated[
        Path,
        typer.Option(
            callback=to_read, help="CSV: employer_name, city, state; zip, address, phone, {key.column}, title."
        ),
    ],
    out: Annotated[
        Path, typer.Option(callback=to_write, help="The CSV to write: every column of the queries, and the answers.")
    ],
    aliases: Annotated[
        Path | None, typer.Option(callback=to_read, help="A file of further names, as described in `fields.yaml`.")
    ] = None,
    method: Annotated[
        Literal["model", "source-rule"] | None,
        typer.Option(help="The fitted model, or the source's rule (R14); by default what the pack has."),
    ] = None,
) -> None:
    """Find the facility that each row of a CSV refers to, without any server.

    Adds matched_{key.column}, confidence, decision (auto, queue or none), method, reason and candidates to the
    rows.

    Example: pipeline match --registry NH_ProviderInfo.csv.zip --queries employers.csv --out answers.csv
    """
    known = read_registry(registry, aliases, headings(), trade())
    if known.skipped:
        show.say(f"{known.skipped} rows of {registry.name} are not facilities and were skipped.")
    stated = section("matching", dict)
    if method == "source-rule" or (method is None and "fitted" not in stated):
        accept_at = float((stated.get("source_rule") or {}).get("accept_at", ACCEPT_AT))
        if method is None:
            show.say(f"The pack has no fitted weights: the source's rule accepts a similarity of {accept_at:.2f}.")
        answerer = by_source_rule(known.facilities, trade(), accept_at)
    else:
        model = fitted()
        if "fitted" not in stated:
            raise PackInvalid("matching.yaml states source_rule, and no probability from which its weights are used.")
        answerer = by_model(known.facilities, trade(), model, float(stated["fitted"]["accept_at"]))
    with counted("matching") as (bar, task):
        decisions = match_file(
            answerer,
            queries,
            out,
            headings().key,
            lambda total: bar.update(task, total=total),
            lambda done: bar.update(task, completed=done),
        )
    show.say(", ".join(f"{count} {name}" for name, count in sorted(decisions.items())) + f", written to {out}.")
