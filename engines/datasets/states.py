"""Which state does a text name?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

_NAMES: Final = {
    "AL": "Alabama|Ala", "AK": "Alaska", "AZ": "Arizona|Ariz", "AR": "Arkansas|Ark", "CA": "California|Calif|Cal",
    "CO": "Colorado|Colo", "CT": "Connecticut|Conn", "DE": "Delaware|Del",
    "DC": "District of Columbia|Washington DC|Washington District of Columbia", "FL": "Florida|Fla", "GA": "Georgia",
    "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois|Ill", "IN": "Indiana|Ind", "IA": "Iowa", "KS": "Kansas|Kans|Kan",
    "KY": "Kentucky", "LA": "Louisiana", "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts|Mass",
    "MI": "Michigan|Mich", "MN": "Minnesota|Minn", "MS": "Mississippi|Miss", "MO": "Missouri", "MT": "Montana|Mont",
    "NE": "Nebraska|Nebr|Neb", "NV": "Nevada|Nev", "NH": "New Hampshire", "NJ": "New Jersey",
    "NM": "New Mexico|N Mex", "NY": "New York", "NC": "North Carolina|N Carolina|N Car",
    "ND": "North Dakota|N Dakota|N Dak", "OH": "Ohio", "OK": "Oklahoma|Okla", "OR": "Oregon|Oreg|Ore",
    "PA": "Pennsylvania|Penna|Penn", "RI": "Rhode Island", "SC": "South Carolina|S Carolina|S Car",
    "SD": "South Dakota|S Dakota|S Dak", "TN": "Tennessee|Tenn", "TX": "Texas|Tex", "UT": "Utah", "VT": "Vermont",
    "VA": "Virginia|Virg", "WA": "Washington|Wash", "WV": "West Virginia|W Virginia|W Va", "WI": "Wisconsin|Wisc|Wis",
    "WY": "Wyoming|Wyo", "AS": "American Samoa", "GU": "Guam", "MP": "Northern Mariana Islands|N Mariana Islands",
    "PR": "Puerto Rico", "VI": "Virgin Islands|US Virgin Islands|United States Virgin Islands",
}  # fmt: skip
"""The names of the Postal Service, and the traditional abbreviations of the Government Publishing Office."""
STATES: Final = tuple(_NAMES)
COUNTRIES: Final = ("us", "usa", "unitedstates", "unitedstatesofamerica")
LONGEST: Final = 80
"""The maximum number of characters of a state."""
_CODE: Final = re.compile(r"[A-Za-z]{2}")
_NO_LETTER: Final = re.compile(r"[^a-z]+")


def state_of(text: str) -> str | None:
    """The code of a state, two capital letters; None if the text does not name a state.

    "NY", "ny", "N.Y.", "US-NY", "New York", "new york state", "New York (NY)" and "NY 12207" all give NY. Any two
    letters are accepted as a code: a search for an unknown code finds nothing.
    """
    return _state_of(text) if len(text) <= LONGEST else None


@lru_cache(maxsize=4_096)
def _state_of(text: str) -> str | None:
    folded = unicodedata.normalize("NFKC", text).strip()
    if _CODE.fullmatch(folded):
        return folded.upper()
    return _KNOWN.get(_NO_LETTER.sub("", folded.casefold()))


def _spellings(code: str, names: list[str]) -> Iterator[str]:
    """The spellings of a state, in lower case, letters only."""
    own, spellings = code.lower(), [_NO_LETTER.sub("", name.casefold()) for name in names]
    for name in spellings:
        yield from (name, f"{name}state", f"stateof{name}", f"commonwealthof{name}", own + name, name + own)
    yield own


def _known() -> dict[str, str]:
    known: dict[str, str] = {}
    for code, names in _NAMES.items():
        for spelling in _spellings(code, names.split("|")):
            known[spelling] = code
            known |= {spelling + country: code for country in COUNTRIES}
        # A country precedes a code only: "USA LA" is not "US Ala.".
        known |= {country + code.lower(): code for country in COUNTRIES}
    return known


_KNOWN: Final = _known()
