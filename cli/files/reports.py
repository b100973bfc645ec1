"""How is a report written as files?"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from engines.reports.cells import escaped
from engines.reports.rows import Listed


def as_csv(found: Listed) -> str:
    """RFC 4180: a header, then a row for each account. No cell is a formula."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(map(escaped, found.header))
    writer.writerows(map(escaped, row.cells) for row in found.rows)
    return file.getvalue()


def write_csv(found: Listed, path: Path) -> None:
    replace(path, as_csv(found).encode())


def write(found: Listed, picture: bytes | None, folder: Path) -> list[Path]:
    """Write a report and its picture under the names that the pack gives them; returns their paths."""
    report, written = found.report, list[Path]()
    if report.file:
        written.append(folder / report.file)
        write_csv(found, written[-1])
    if report.chart and picture:
        written.append(folder / report.chart.file)
        replace(written[-1], picture)
    return written


def replace(path: Path, content: bytes) -> None:
    """Write a file: it is replaced as a whole, so that no program reads half of it."""
    draft = path.with_name(f".{path.name}.part")
    draft.write_bytes(content)
    draft.replace(path)
