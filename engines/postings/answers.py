"""By what is an answer of a recruiting system recognized, and what is each format called?

A posting is recognized by its own fields, wherever in an answer it is: in a list, within pages of lists, or alone. So a
list and the details of its postings may be in one file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

import engines.postings.adzuna as adzuna
import engines.postings.careeronestop as careeronestop
import engines.postings.coresignal as coresignal
import engines.postings.greenhouse as greenhouse
import engines.postings.lever as lever
import engines.postings.smartrecruiters as smartrecruiters
import engines.postings.techmap as techmap
import engines.postings.ukg as ukg
import engines.postings.workday as workday
from engines.crawling.denied import NEVER_READ, TITLES
from engines.postings.found import Found
from engines.postings.lenient_json import nodes

Record = dict[str, Any]


class Format(NamedTuple):
    """A format of answers."""

    name: str
    title: str
    is_posting: Callable[[Record], bool]
    found: Callable[[Record, date | None], Found | str]
    """The posting that a record states, or why it is left out. The day is that on which the answer was given."""
    id_of: Callable[[Record], str]
    """The id that a record states, also one of which no posting can be read; "" if it states none."""
    is_empty_list: Callable[[Record], bool]
    """Whether an object is this system's list of no postings."""


def _list(postings: str, *others: str) -> Callable[[Record], bool]:
    return lambda record: record.get(postings) == [] and any(other in record for other in others)


FORMATS: Final = tuple(
    Format(name, title, module.is_posting, module.found, module.id_of, is_empty)
    for name, title, module, is_empty in (
        ("greenhouse", "Greenhouse", greenhouse, _list("jobs", "meta")),
        ("lever", "Lever", lever, _list("", "")),
        ("smartrecruiters", "SmartRecruiters", smartrecruiters, _list("content", "totalFound")),
        ("workday", "Workday", workday, _list("jobPostings", "total")),
        ("ukg", "UKG Pro", ukg, _list("opportunities", "totalCount")),
        ("careeronestop", "CareerOneStop", careeronestop, _list("Jobs", "JobCount", "Jobcount")),
        ("techmap", "Techmap", techmap, _list("result", "totalCount")),
        ("coresignal", "Coresignal", coresignal, _list("", "")),
        ("adzuna", "Adzuna", adzuna, _list("results", "__CLASS__", "mean")),
    )
)
BY_NAME: Final = {each.name: each for each in FORMATS}


def format_of(value: Any) -> Format | None:
    """The format of an answer; of several, the one that its first posting has."""
    empty = None
    for node in nodes(value):
        for each in FORMATS:
            if each.is_posting(node):
                return each
            if empty is None and each.is_empty_list(node):
                empty = each
    return empty


def postings(name: str, value: Any, day: date | None = None) -> tuple[list[Found], list[str]]:
    """The postings of an answer in a format, each once, and why others were left out."""
    known = BY_NAME[name]
    found: list[Found] = []
    problems: list[str] = []
    for node in nodes(value, known.is_posting):
        if known.is_posting(node):
            posting = known.found(node, day)
            if isinstance(posting, str):
                problems.append(posting)
            else:
                found.append(posting)
    return checked(found, problems)


def checked(found: Iterable[Found], problems: Sequence[str]) -> tuple[list[Found], list[str]]:
    """Each posting once, with all that is stated of it, and without those of sites that are never read (R10)."""
    whole: dict[str, Found] = {}
    counted = list(problems)
    for posting in found:
        if site := denied(posting.url):
            counted.append(f"from {site}")
            continue
        known = whole.get(posting.source_posting_id)
        whole[posting.source_posting_id] = _together(known, posting) if known else posting
    return list(whole.values()), counted


def _together(known: Found, other: Found) -> Found:
    """A posting that is stated twice: in a list and in detail, which is later and counts where it states something."""
    return Found._make(new if new not in (None, "") else old for old, new in zip(known, other, strict=True))


def summary(problems: Sequence[str]) -> list[str]:
    """Each problem once, with how many postings it concerns."""
    return [
        f"{count} posting{'s were' if count > 1 else ' was'} left out: {problem}."
        for problem, count in Counter(problems).items()
    ]


def denied(address: str | None) -> str | None:
    """The site, if an address leads to one that no posting is accepted from."""
    found = NEVER_READ.url(address) if address else None
    return TITLES[found.site] if found and found.site else None
