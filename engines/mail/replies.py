"""What did a person write in a reply, without what is quoted and without the signature?

Mail programs announce a quotation in a line of their language (`On Monday, Ada wrote:`), wrapped or not, by a block of
header lines, or by a rule with words in it; only some mark the quoted lines. An answer below the quotation counts if
nothing stands above it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_WROTE: Final = (
    "wrote|writes|write|a écrit|schrieb|escribió|escribio|escreveu|ha scritto|scrisse|schreef|geschreven|skrev|skrifaði"
    "|napisał|napisal|napísal|napsal|написал|пишет|пише|kirjoitti|yazd\u0131|írta|写道|寫道|작성|のメッセージ|écrit|viết|scris"
    "|ha escrit|έγραψε"
)
_DATE: Final = r"\d{1,2}[:.h]\d{2}|\b(?:19|20)\d\d\b|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}"
_ADDRESS: Final = r"[\w.+-]+@[\w.-]+"
_OPENS: Final = re.compile(
    rf"^[ \t*|]*(?:On|Le|Am|El|Em|Il|Op|Den|Dne|W dniu|Dnia|På|Vào|În data de|At|El día|Em|Il giorno"
    rf"|Il)\b.*?(?:{_WROTE})[^\n]{{0,80}}?[:\uff1a]?[ *-]*$",
    re.I | re.S,
)
_SAYS: Final = re.compile(
    rf"(?:{_ADDRESS}|{_DATE})[\s\S]*?\b(?:{_WROTE})\b[^\n]{{0,60}}[:\uff1a][ *]*$"
    rf"|\b(?:{_WROTE})\b[\s\S]*?(?:{_ADDRESS}|{_DATE})[\s\S]*?[:\uff1a][ *]*$"
    rf"|^[^\n]{{1,80}}<{_ADDRESS}>[ ]?(?:{_WROTE})[^\n]{{0,40}}[:\uff1a]?$",
    re.I,
)
_ENDS: Final = re.compile(rf"[:\uff1a>][ *]*$|{_WROTE}", re.I)
_DATED: Final = re.compile(
    rf"^(?=[^\n]*\d)(?=[\s\S]*(?:{_DATE}))[\s\S]*<\s*(?:mailto:)?{_ADDRESS}\s*>[ ]*[:\uff1a]?[ ]*$"
)
_RULE_WITH_WORDS: Final = re.compile(r"^[ *>]*+[-–—_=]{2,}+[ *]*+(?=[^-\n]*\w)[^\n]{3,70}?[ *]*[-–—_=]{2,}[ *]*$")
_RULE: Final = re.compile(r"^[ *>]*(?:[-–—_]{8,}|={4,})[ *]*$")
_FIELD: Final = re.compile(
    r"^[ \t*|>]*[^\W\d_][\w /'’.-]{0,24}[ \t*]*[:\uff1a](?!//)[ \t*]*\S|^[ \t>]*\*[^\W\d_][^:*\n]{0,24}[:\uff1a]\*"
)
_SIGNATURE: Final = re.compile(
    r"""^[ \t]*(?:--?[ \t]?|—|__+|[-–—]{2,3}[ ]?)$
    | ^[ \t>*_]*(?:Sent\s(?:from|with|via|by)|Get\sOutlook|Envoyé\s(?:depuis|de|à)|Von\smeinem|Gesendet\s(?:von|mit)
       |Diese\sNachricht\swurde|Enviado\s(?:desde|do|de|a)|Inviato\sda|Verzonden\s(?:met|vanaf)|Verstuurd|Sendt\s
       |Skickat\sfrån|Wysłan[eo]\sz|Отправлено|Lähetetty|从我的|發自|发自|iPhone(?:から|から送信)|나의\siPhone|Posted\sfrom
       |From\smy\s(?:i|mobile|android)|Someone\sfrom\smobile)""",
    re.I | re.X,
)


MOST_CHARACTERS: Final = 100_000
MOST_LINES: Final = 1_500
MOST_IN_LINE: Final = 10_000
"""What is longer is cut; no person writes as much in a reply."""


def reply_text(text: str) -> str:
    """The visible part of a reply; the complete text if everything in it seems quoted."""
    text = text[:MOST_CHARACTERS].replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
    lines = [line.rstrip()[:MOST_IN_LINE] for line in text.split("\n")[:MOST_LINES]]
    start, end = _first_quotation(lines)
    above = _unsigned(lines[:start])
    if any(line.strip() for line in above):
        return _joined(above)
    below = _below(lines[end:])
    return (
        _joined(_unsigned(below))
        or _joined(_unsigned(_unquoted(lines[end:])))
        or _joined(_unquoted(lines))
        or _joined(lines)
    )


def _joined(lines: Sequence[str]) -> str:
    return "\n".join(lines).strip("\n")


def _first_quotation(lines: Sequence[str]) -> tuple[int, int]:
    """The lines that announce a quotation, from the first one to the one after the last; the end without any."""
    for n, line in enumerate(lines):
        if not line.strip():
            continue
        if size := _announces(lines, n):
            return n, n + size
        if line.startswith(">") and all(each.startswith(">") or not each.strip() for each in lines[n:]):
            return n, len(lines)
    return len(lines), len(lines)


def _announces(lines: Sequence[str], n: int) -> int:
    """How many lines from a line on announce a quotation."""
    if _RULE_WITH_WORDS.match(lines[n]) or _begins_fields(lines, n):
        return 1
    if _RULE.match(lines[n]) and _begins_fields(lines, _next(lines, n + 1)):
        return 1
    return next((size for size in range(1, 7) if _says(lines, n, size)), 0)


def _says(lines: Sequence[str], n: int, size: int) -> bool:
    """Whether some lines together say who wrote what follows, and when."""
    part = lines[n : n + size]
    text = "\n".join(part)
    if (
        len(part) < size
        or not _ENDS.search(part[-1])
        or len(text) > 350
        or any(each.startswith(">") for each in part[1:])
    ):
        return False
    if _OPENS.match(text) and _has_origin(text) and not _is_prose(text):
        return True
    if not all(each.strip() for each in part) or not _has_origin(part[0]):
        return False
    return bool(_SAYS.search(text) and not _is_prose(text)) or bool(_DATED.match(text) and _quotes(lines, n + size))


def _has_origin(text: str) -> bool:
    return bool(re.search(rf"{_ADDRESS}|{_DATE}|\d", text))


def _is_prose(text: str) -> bool:
    """A sentence that ends before the words that announce."""
    return bool(re.search(r"[a-z]{3}[.!?]\s+[A-Z]", text.split("@")[0])) or text.lstrip().startswith(("http", ">"))


def _quotes(lines: Sequence[str], n: int) -> bool:
    following = _next(lines, n)
    return following < len(lines) and lines[following].lstrip().startswith((">", "|"))


def _next(lines: Sequence[str], n: int) -> int:
    """The next line that is not empty."""
    return next((at for at in range(n, len(lines)) if lines[at].strip()), len(lines))


def _begins_fields(lines: Sequence[str], n: int) -> bool:
    """Whether three lines look like headers, one of them with an address or a date."""
    block = []
    for line in lines[n : n + 12]:
        if _FIELD.match(line):
            block.append(line)
        elif line.strip():
            if len(block) == 1 and not _FIELD.match(lines[n]):
                return False
            if (block and line.startswith((" ", "\t", "<"))) or (block and "@" in line and len(block) < 2):
                continue
            break
    if n >= len(lines) or not _FIELD.match(lines[n]) or lines[n].startswith(">"):
        return False
    return len(block) >= 3 and bool(re.search(rf"{_ADDRESS}|{_DATE}", "\n".join(block)))


def _unsigned(lines: Sequence[str]) -> list[str]:
    """The lines before a signature; all of them if the text begins with one."""
    for n, line in enumerate(lines):
        if _SIGNATURE.match(line) and any(each.strip() for each in lines[:n]):
            return list(lines[:n])
    return list(lines)


def _below(lines: Sequence[str]) -> list[str]:
    """What stands below a quotation whose lines are marked, without them and without what they announce."""
    if not any(line.lstrip().startswith(">") for line in lines):
        return []
    last = max(n for n, line in enumerate(lines) if line.lstrip().startswith(">"))
    first = next(n for n, line in enumerate(lines) if line.lstrip().startswith(">"))
    if any(line.strip() for line in lines[:first]):
        return list(lines[:first])
    return list(lines[last + 1 :])


def _unquoted(lines: Sequence[str]) -> list[str]:
    return [line for line in lines if not line.lstrip().startswith(">")]
