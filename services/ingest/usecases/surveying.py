"""What does a downloaded file contain, before anything of it is imported?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from zlib import crc32

from engines.datasets import quality
from engines.datasets.chunks import TableParts, as_stated
from engines.datasets.derived import recognized
from engines.datasets.facts import Headings
from engines.datasets.headings import letters
from engines.datasets.key_columns import key_columns
from engines.datasets.reading import File, Unread, opened
from engines.datasets.registry import UnknownLayout, layout_of
from services.ingest.domain.datasets import Dataset, Survey

IDENTITY = ("name", "address", "city", "state", "zip")


def survey(dataset: Dataset, path: Path, headings: Headings) -> tuple[Survey, str]:
    """What the file contains, and the hash of its unpacked content; raises `Unreadable` if it is not a table."""
    with opened(path) as file:
        if dataset.imports == "aliases":
            return _of_names(file, headings), file.sha256
        return _of_table(dataset, file, path, headings), file.sha256


def _of_table(dataset: Dataset, file: File, path: Path, headings: Headings) -> Survey:
    header = file.table().header
    unknown = _unknown(dataset, header, headings)
    parts = TableParts(file, path, headings, registry=dataset.imports == "facilities")
    keys = key_columns(headings, parts.header)
    places = _identity(headings, parts.header) if dataset.imports == "facilities" else []
    rows, unreadable, facilities, cut = 0, 0, dict[str, int](), None
    for part in parts if unknown is None else ():
        rows, unreadable, cut = rows + len(part), unreadable + len(part.unread), part.cut
        for row in part.rows:
            facility_id = keys.readable(row.cells) if keys else None
            if facility_id is None:
                unreadable += 1
            else:
                facilities[facility_id] = _mark(row.cells[at] for at in places)
    return Survey(header, rows, unreadable, facilities, cut, unknown)


def _unknown(dataset: Dataset, header: Sequence[str], headings: Headings) -> str | None:
    """Why a file cannot be imported as what its dataset is."""
    try:
        if dataset.imports == "facilities":
            layout_of(headings, header)
        elif not recognized(headings, header):
            quality.must_state(quality.recognize(headings, header), headings)
    except UnknownLayout as error:
        return str(error)
    return None


def _identity(headings: Headings, header: Sequence[str]) -> list[int]:
    wanted = {letters(title) for name in IDENTITY for title in headings.identity.get(name, ())}
    return [place for place, title in enumerate(header) if letters(title) in wanted]


def _mark(cells: Iterable[str]) -> int:
    """A number that differs if the cells do; 0 for none."""
    text = "|".join(map(letters, cells))
    return crc32(text.encode()) if text else 0


def _of_names(file: File, headings: Headings) -> Survey:
    header, rows, unreadable, facilities = list[str](), 0, 0, dict[str, int]()
    for record in file.records():
        rows += 1
        if isinstance(record, Unread):
            unreadable += 1
            continue
        stated = as_stated(record, headings)
        header += [name for name in stated if name != "line" and name not in header]
        facility_id = str(stated.get("facility_id", "")).strip().upper()
        if headings.key.matches(facility_id):
            facilities[facility_id] = 0
        else:
            unreadable += 1
    named = {letters(title) for titles in headings.names.by_kind.values() for title in titles}
    lacks = not any(letters(name) in named for name in header)
    unknown = f"not {headings.names.title}: it has none of {', '.join(headings.names.columns)}" if lacks else None
    return Survey(header, rows, unreadable, facilities, file.findings.cut, unknown)
