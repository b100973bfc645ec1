"""What is a CMS certification number (CCN), and what did a spreadsheet make of one?"""

from __future__ import annotations

import re
from typing import Final

from engines.datasets.text import shown

CCN: Final = re.compile(r"[0-9]{2}[0-9A-Z][0-9]{3}")
"""Two digits of the state, a digit or letter of the kind of provider, three digits."""

_WHOLE: Final = re.compile(r"([0-9]{4,6})\.0*")
_EXPONENT: Final = re.compile(r"([0-9](?:[.,][0-9]+)?)E\+?([0-9]{1,3})")


def ccn_of(text: str) -> str:
    """A CCN as written, in capitals and without blanks around it; raises ValueError saying what is wrong with it."""
    ccn = text.strip().upper()
    if not CCN.fullmatch(ccn):
        raise ValueError(no_ccn(text))
    return ccn


def no_ccn(text: str) -> str:
    """What is wrong with a CCN that is none: `CCN '15001' is not six characters like 335001: ...` and what to do."""
    return f"CCN {shown(text)} is not six characters like 335001{_cause(text.strip().upper())}"


def repaired(text: str) -> str | None:
    """The CCN that a text is sure to mean: a number's empty decimals say nothing. Nothing else is sure."""
    whole = _WHOLE.fullmatch(text.strip())
    ccn = whole[1] if whole else text.strip().upper()
    return ccn if CCN.fullmatch(ccn) else None


def ccn_at(text: str) -> str | None:
    """The CCN with which a line begins that is otherwise not understood."""
    found = re.match(r"\W*([0-9]{2}[0-9A-Z][0-9]{3})(?![0-9A-Z])", text.upper())
    return found[1] if found else None


def _cause(ccn: str) -> str:
    if whole := _WHOLE.fullmatch(ccn):
        return f": a program took it for a number; write {_padded(whole[1])}"
    if power := _EXPONENT.fullmatch(ccn):
        return f": a spreadsheet took it for a number and {_lost(power[1].replace(',', '.'), int(power[2]))}"
    if re.fullmatch(r"[0-9]{4,5}", ccn):
        return f": a spreadsheet may have dropped its leading zero; if so, write {_padded(ccn)}"
    if re.fullmatch(r"[0-9]{10}", ccn):
        return ": ten digits are an NPI, which is another number of the facility"
    bare = re.sub(r"[\W_]", "", ccn)
    return f"; write {bare}" if bare != ccn and CCN.fullmatch(bare) else ""


def _padded(digits: str) -> str:
    return digits.zfill(6)


def _lost(digits: str, power: int) -> str:
    """33E123, the CCN of a Medicaid-only home, is shown as 3.3E+124."""
    bare = digits.replace(".", "")
    if power > 11 and len(bare) <= 2:
        return f"wrote it with an exponent; it may have been {bare.ljust(2, '0')}E{power - 1:03d}"
    return "wrote it with an exponent, which loses digits; format the column as text and export it again"
