"""Which views may analysts read? The tables of docs/analysts.md."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cli.generate.services import filled
from cli.provision.views import View, views_of
from cli.stack.target import REPOSITORY
from shared.contracts import topology

DOCUMENT = "docs/analysts.md"


def documented() -> dict[Path, str]:
    return {REPOSITORY / DOCUMENT: filled(DOCUMENT, {"views": "\n".join(_lines()) + "\n"})}


def _lines() -> Iterator[str]:
    for service in topology.SERVICES:
        for view in views_of(service):
            yield from _table(service, view)


def _table(service: str, view: View) -> Iterator[str]:
    yield from (
        "",
        f"### `{view.name}` of {service}",
        "",
        view.about,
        "",
        "| Column | Type | Meaning |",
        "|---|---|---|",
    )
    for column in view.columns:
        yield f"| `{column.name}` | {column.type} | {column.about} |"
