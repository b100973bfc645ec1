"""How long may an incoming text be, and how large a number?

The only place for the types of incoming texts. An index of PostgreSQL accepts about 2,700 bytes, and a character has at
most four; a longer text is a mistake or an attack, and is refused without affecting other fields or rows.
"""

from __future__ import annotations

from typing import Annotated, Any
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, Field

from engines.datasets.states import state_of
from engines.datasets.text import one_line
from engines.datasets.values import text_of
from engines.packs import account_key

SHORT = 300
"""The maximum length of a name, a key, an address or a line."""
LONG = 2_000
"""The maximum length of a reason or a note that a person writes."""
MAX_INT = 2**31 - 1
"""The largest count: the largest integer of the database."""
_READ = 4 * LONG


def _line(value: Any) -> Any:
    # A text that is far too long is refused for its length without being parsed.
    return one_line(value) if isinstance(value, str) and len(value) <= _READ else value


def _text(value: Any) -> Any:
    try:
        return value if value is None else text_of(value)
    except ValueError:
        return str(value)


def _is_facility_id(text: str) -> str:
    return account_key().of(text)


def _is_state(text: str) -> str:
    code = state_of(text)
    if not code:
        raise ValueError("is not a state; write NY or New York")
    return code


def _is_zone(text: str) -> str:
    if text not in available_timezones():
        raise ValueError("is not an IANA time zone; write America/New_York")
    return text


Line = Annotated[str, Field(max_length=2 * SHORT)]
"""In an event: a short text, with a margin for texts that were accepted before there were limits."""
Prose = Annotated[str, Field(max_length=5 * LONG)]
"""In an event: a reason, a URL, an error."""
ShortText = Annotated[str, BeforeValidator(_line), Field(max_length=SHORT)]
LongText = Annotated[str, BeforeValidator(_line), Field(max_length=LONG)]
Name = Annotated[str, BeforeValidator(_line), Field(min_length=1, max_length=100)]
"""The name of a person who acts: a representative, an operator."""
FacilityId = Annotated[str, BeforeValidator(_line), Field(max_length=SHORT), AfterValidator(_is_facility_id)]
"""A key of the pack's accounts; an invalid one is refused with its likely cause."""
State = Annotated[str, BeforeValidator(_line), Field(max_length=SHORT), AfterValidator(_is_state)]
"""A state's two-letter code; a state's name is converted to it."""
Zone = Annotated[str, BeforeValidator(_line), Field(max_length=SHORT), AfterValidator(_is_zone)]
"""An IANA time zone."""
Count = Annotated[int, Field(ge=0, le=MAX_INT)]
BEGINNING_OF_ID = r"^[0-9a-fA-F-]{4,36}$"
IdBeginning = Annotated[str, Field(pattern=BEGINNING_OF_ID)]
"""An id, or at least its first four characters."""
Cell = Annotated[str | None, BeforeValidator(_text)]
"""A cell of a file, of any type, so that an invalid cell affects only its own row."""
