"""How are suppressions read from a file, and written to one?"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.files.exporting import cell
from cli.files.importing import Progress, import_rows
from cli.files.report import Report
from shared.contracts.notifier_suppressions import ImportSuppressions
from shared.contracts.sequencer_imports import ImportSuppressedPlaces
from shared.contracts.suppressions import SuppressionRow

if TYPE_CHECKING:
    from shared.messaging.broker import Broker

OWN_COLUMN = {"address": "email", "domain": "domain"}
"""By scope: the column that `import` reads."""
COLUMNS = ("email", "domain", "scope", "target", "label", "channels", "reason", "source", "stated_by", "stated_on")


async def import_list(broker: Broker, path: Path, progress: Progress, options: dict[str, Any]) -> Report:
    """Send the rows of a file to their owners: facilities and chains to the sequencer, all others to the notifier."""
    more, places = options | {"file_name": path.name}, (ImportSuppressedPlaces, _is_place)
    return await import_rows(broker, ImportSuppressions, path, progress, more, other=places)


def _is_place(cells: Mapping[str, Any]) -> bool:
    scope = str(cells.get("scope") or "").strip().lower()
    return scope in ("facility", "chain") and not (cells.get("email") or cells.get("domain"))


def write(suppressions: Iterable[SuppressionRow], path: Path) -> None:
    """Write a CSV, atomically."""
    part = path.with_name(f".{path.name}.part")
    with part.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows([cell(_fields(each).get(name)) for name in COLUMNS] for each in suppressions)
    part.replace(path)


def _fields(suppression: SuppressionRow) -> dict[str, Any]:
    fields: dict[str, Any] = suppression.model_dump(mode="json")
    own = OWN_COLUMN.get(suppression.scope)
    return fields | ({own: suppression.target} if own else {})
