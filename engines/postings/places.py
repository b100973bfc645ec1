"""Where is the work of a posting: in which city and state, and under which ZIP code?

Systems write a place in many ways: "Albany, NY", "US, NY, Albany", "Albany, New York, United States", "US-NY-Albany",
"ALBANY, NY, US, 12207-4203 +1 more", "Albany NY 12207". Outside the United States, nothing is taken for a state or a
ZIP code.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final, NamedTuple

from engines.datasets.headings import letters
from engines.datasets.states import STATES, state_of
from engines.postings.values import line

_COUNTRY: Final = frozenset("us usa unitedstates unitedstatesofamerica america".split())
_ABROAD: Final = frozenset(
    "argentina australia austria belgium brazil canada chile china colombia costarica czechia denmark england finland"
    " france germany greece hongkong hungary india indonesia ireland israel italy japan kenya korea malaysia mexico"
    " netherlands newzealand norway pakistan philippines poland portugal romania scotland singapore southafrica spain"
    " sweden switzerland taiwan thailand turkey uk ukraine unitedarabemirates unitedkingdom vietnam wales".split()
)
_ZERO_STATES: Final = frozenset("CT MA ME NH NJ PR RI VI VT".split())
_SEVERAL: Final = re.compile(r"\b(?:\d+|multiple|various|several|many) (?:locations?|sites|facilities)\b", re.I)
_OTHERS: Final = re.compile(r"\s*(?:\+ ?\d+ more.*|and \d+ (?:more|others?).*|\(\+\d+\).*)$", re.I)
_OR: Final = re.compile(r"\s*(?:[;|\n]| or | / )\s*", re.I)
_MANNER: Final = re.compile(
    r"\b(?:fully )?(?:remote|hybrid|on-?site|in[- ]office|virtual|anywhere|nationwide|telecommute|work from home)\b",
    re.I,
)
_ZIP: Final = re.compile(r"(?<![\w-])(\d{5}(?:-\d{4})?)(?![\w-])")
_ZIP_ONLY: Final = re.compile(r"(\d{5})(?:[ -]?(\d{4}))?")
_DASHED: Final = re.compile(r"(?:USA?\s?-\s?)?([A-Z]{2})\s?-\s?([^,]+)")
_CODE_LAST: Final = re.compile(r"(.+?)[ -]+([A-Z]{2})")
# "Birch House Care Center", "Bay Area", "Corporate Office": what is no town, although it stands where one would.
_NO_TOWN: Final = re.compile(
    r"\b(?:cent(?:er|re)|care|health\w*|rehab\w*|hospital|campus|office|offices|headquarters|hq|corporate|main|school"
    r"|home|house|manor|living|services?|department|facility|facilities|region|area|district|division|group|inc|llc"
    r"|company|various|all|other|tbd|n/a)\b|\d{3}",
    re.I,
)
_EDGES: Final = " ()[]-–:,."
_NEW_YORK: Final = "new york"


class Place(NamedTuple):
    """A place of work."""

    city: str | None = None
    state: str | None = None
    zip: str | None = None
    address: str | None = None


NOWHERE: Final = Place()


def is_foreign(country: Any) -> bool:
    """Whether a country is stated, and is not the United States."""
    named = letters(line(country))
    return bool(named) and named not in _COUNTRY


def state(value: Any, foreign: bool = False) -> str | None:
    """The code of a state. A region abroad stays as it is written, unless it would be taken for a state."""
    written = line(value)[:100]
    code = state_of(written)
    if code in STATES:
        return None if foreign else code
    return written if foreign and written else place(written).state


def zip_code(value: Any, state: str | None, foreign: bool = False) -> str | None:
    """A ZIP code of five or nine digits, with the zero that programs drop. A code abroad stays as it is written."""
    written = line(value)[:20]
    found = _ZIP_ONLY.fullmatch(written)
    if foreign:
        return None if found else written or None
    if not found and state in _ZERO_STATES and re.fullmatch(r"\d{4}|\d{8}", written):
        found = _ZIP_ONLY.fullmatch(f"0{written}")
    if not found:
        within = _ZIP.search(written)
        return within[1] if within else None
    return f"{found[1]}-{found[2]}" if found[2] else found[1]


def structured(city: Any, region: Any, code: Any, street: Any = None, country: Any = None) -> Place:
    """The place of an address whose parts are stated separately."""
    foreign = is_foreign(country)
    found_state = state(region, foreign)
    town = line(city)[:100]
    if "," in town and not foreign:
        # "Albany, NY" as the name of a city
        within = place(town)
        town, found_state = within.city or town, found_state or within.state
    if _MANNER.fullmatch(town):
        town = ""
    return Place(town or None, found_state, zip_code(code, found_state, foreign), line(street)[:300] or None)


def place(value: Any) -> Place:
    """The place that a text names; of several, the first one with a state."""
    written = line(value)[:300]
    if not written:
        return NOWHERE
    if written.count(",") < 12:
        return _place(written)
    return NOWHERE


@lru_cache(maxsize=4_096)
def _place(written: str) -> Place:
    written = _OTHERS.sub("", written)
    if _SEVERAL.search(written):
        return NOWHERE
    found = [_one(part) for part in _OR.split(written)[:12] if part]
    return next((each for each in found if each.state), next((each for each in found if each.city), NOWHERE))


def _one(written: str) -> Place:
    if dashed := _DASHED.fullmatch(written):
        if dashed[1] in STATES:
            return Place(_town(dashed[2]), dashed[1])
        if dashed[1] == "US":
            written = dashed[2]
    code = None
    if found := _ZIP.search(written):
        code, written = found[1], f"{written[: found.start()]},{written[found.end() :]}"
    parts = [part for each in written.split(",") if (part := _MANNER.sub(" ", each).strip(_EDGES))]
    named = [letters(part) for part in parts]
    if not _ABROAD.isdisjoint(named):
        towns = [part for part, name in zip(parts, named, strict=True) if name not in _ABROAD]
        return Place(_town(towns[0])) if towns else NOWHERE
    home = [" ".join(part.split()) for part, name in zip(parts, named, strict=True) if name not in _COUNTRY]
    return _of_parts(home, len(home) < len(parts), code)


def _of_parts(parts: list[str], in_country: bool, code: str | None) -> Place:
    if not parts:
        return Place(zip=code)
    if len(parts) == 1:
        return _alone(parts[0], code)
    where = _state_among(parts)
    if where is None:
        if (last := _CODE_LAST.fullmatch(parts[-1])) and last[2] in STATES:
            return Place(_town(last[1]), last[2], code, ", ".join(parts[:-1]) or None)
        return Place(_town(parts[0]))
    after = [part for part in parts[where + 1 :] if not part.casefold().endswith("county")]
    if where and after and not in_country:
        # "Perth, WA, Australia"
        return Place(_town(parts[0]))
    town = parts[where - 1] if where else (after or [""])[0]
    street = ", ".join(parts[: where - 1]) if where > 1 else ""
    return Place(_town(town), state_of(parts[where]), code, street or None)


def _state_among(parts: list[str]) -> int | None:
    """The position of the state: of a code before a name, and of the last before others."""
    codes = [index for index, part in enumerate(parts) if part.upper() in STATES]
    names = [index for index, part in enumerate(parts) if len(part) > 2 and state_of(part) in STATES]
    found = codes or names
    return found[-1] if found else None


def _alone(written: str, code: str | None) -> Place:
    """A text without a comma."""
    if written.upper() in STATES and written.isupper():
        return Place(None, written, code)
    if (last := _CODE_LAST.fullmatch(written)) and last[2] in STATES:
        return Place(_town(last[1]), last[2], code)
    if len(written) > 2 and written.casefold() != "washington" and (named := state_of(written)) in STATES:
        return Place("New York" if written.casefold() == _NEW_YORK else None, named, code)
    return Place(None if _NO_TOWN.search(written) else _town(written), None, code)


def _town(written: str) -> str | None:
    found = written.strip(_EDGES)[:100]
    return None if not found or found.casefold().endswith(" county") or found.isdigit() else found


def site_name(value: Any) -> str:
    """A text that names a site instead of a place, and so may be the name of a facility."""
    written = line(value)[:200]
    found = place(written)
    return "" if found.state or not written or _is_manner(written) else written


def _is_manner(written: str) -> bool:
    """Whether a text says how or where in general people work: "Remote", "3 Locations"."""
    return bool(_SEVERAL.search(written) or _MANNER.search(written))
