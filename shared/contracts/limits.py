"""How much may be said at the entrance: how long may a text be, and how large a number?

The one place for the types of texts that come from outside. An index of PostgreSQL takes about 2,700 bytes, and no
character more than four of them; what is longer than these is a mistake or an attack, and is refused by itself.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from engines.datasets.states import state_of
from engines.datasets.text import one_line
from engines.datasets.values import text_of
from shared.packs import account_key

SHORT = 300
"""Characters of a name, a key, an address or a line."""
LONG = 2_000
"""Characters of a reason or a note in a person's words."""
MAX_INT = 2**31 - 1
"""Of a number that counts something: what an integer of the database holds."""
_READ = 4 * LONG


def _line(value: Any) -> Any:
    # What is longer by far is not worth the reading: it is refused for its length as it is.
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
        raise ValueError("is no state; write NY or New York")
    return code


Line = Annotated[str, Field(max_length=2 * SHORT)]
"""Of an event: what came in as a short text, with room for what was let in before there were limits."""
Prose = Annotated[str, Field(max_length=5 * LONG)]
"""Of an event: a reason, an address on the web, an error."""
ShortText = Annotated[str, BeforeValidator(_line), Field(max_length=SHORT)]
LongText = Annotated[str, BeforeValidator(_line), Field(max_length=LONG)]
Name = Annotated[str, BeforeValidator(_line), Field(min_length=1, max_length=100)]
"""Of whoever does something: a representative, a person who decides."""
FacilityId = Annotated[str, BeforeValidator(_line), Field(max_length=SHORT), AfterValidator(_is_facility_id)]
"""A key of the pack's accounts; anything else is refused with what may have become of it."""
State = Annotated[str, BeforeValidator(_line), Field(max_length=SHORT), AfterValidator(_is_state)]
"""Two letters, or the state's name, which becomes its two letters."""
Count = Annotated[int, Field(ge=0, le=MAX_INT)]
Cell = Annotated[str | None, BeforeValidator(_text)]
"""Of a row of a file: whatever it is, it is the row's, and must not hold up the rows around it."""
