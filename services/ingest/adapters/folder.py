"""How are the postings in files of a watched folder read, such as saved pages and exports of AAPACN's job board?

The operator configures the folders; the runner answers `file:FOLDER/` with the names of its files in JSON, and
`file:FOLDER/NAME` with their content. A posting is listed as long as its file is there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Final
from urllib.parse import quote

from pydantic import Field
from pydantic.dataclasses import dataclass

from engines.postings import Read, Unreadable, read
from services.ingest.adapters.asking import ask, damaged, is_good, json_of, refused
from services.ingest.adapters.options import CONFIG
from services.ingest.adapters.protocol import Adapter, Again, Answer, Listed, Listing, Page, Request, Steps

SCHEME: Final = "file:"
_MOST: Final = 10_000


@dataclass(frozen=True, config=CONFIG)
class Options:
    folder: Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")]
    """The name of a folder within those that the operator configured."""


def nowhere(options: Options) -> Sequence[str]:
    return []


def fetch(options: Options, pages: Mapping[str, Page], today: date) -> Steps:
    """Read each file that is new or has changed."""
    return files_of(options, pages, today, None)


def files_of(options: Options, pages: Mapping[str, Page], today: date, only: str | None) -> Steps:
    """List the postings of the files in a folder, of one format or of any."""
    answer = yield from ask(Request(f"{SCHEME}{options.folder}/"))
    if not is_good(answer):
        return Listing(False, (refused(answer, "The folder"),))
    names = json_of(answer)
    if not isinstance(names, list):
        return Listing(False, ("The folder cannot be listed.",))
    complete = True
    notes = [f"The folder has more than {_MOST} files; the rest was not read."] if len(names) > _MOST else []
    for name in [str(name) for name in names[:_MOST]]:
        url = f"{SCHEME}{options.folder}/{quote(name, safe='')}"
        answer = yield from ask(Request(url, page=True))
        if answer.unchanged and url in pages:
            yield Again(url)
            continue
        had = url in pages and bool(pages[url].ids)
        try:
            found = _read(name, answer, today, only)
        except Unreadable as unreadable:
            notes.append(f"{name}: {unreadable}")
            complete = complete and not had  # what it listed may be in it still
            continue
        notes += [f"{name}: {problem}" for problem in found.problems]
        complete = complete and not damaged(found)
        yield Listed(found.postings, None if damaged(found) else url)
    return Listing(complete, tuple(notes))


def _read(name: str, answer: Answer, today: date, only: str | None) -> Read:
    """The postings of a file; raises `Unreadable`."""
    if not is_good(answer):
        raise Unreadable("It cannot be opened.")
    found = read(answer.body, name, day=today)
    if only and found.format != only:
        raise Unreadable("This is no export of AAPACN's job board.")
    return found


ADAPTER = Adapter("folder", "Watched folder", Options, fetch, "own_file", False, nowhere)
