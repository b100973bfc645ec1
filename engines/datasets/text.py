"""What does a person see when reading a text from outside?

Every text from outside is cleaned here once, when it enters. Feeds contain bold and full-width letters, soft hyphens,
zero-width characters, entities, tags and stacked accents. Invisible characters must not affect the meaning of a title
or name, nor whether two are equal.
"""

from __future__ import annotations

import html
import re
import unicodedata
from typing import Final

QUOTED: Final = 40
"""The maximum number of characters of a text that a message quotes."""

# Format characters (Cf) and all others that are displayed as nothing (Default_Ignorable_Code_Point).
_UNSEEN: Final = re.compile(
    "[\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)
# Control characters and halves of surrogate pairs. The database cannot store some of them.
_NO_TEXT: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
# Strokes through letters, lines under them and frames around them, which are not part of any spelling.
_STROKES: Final = re.compile("[\u0332-\u0338\u035f\u20d0-\u20f0]+")
_MARKS: Final = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\ufe20-\ufe2f"
# No letter has three marks, or two in addition to those composed into it; a mark on a blank belongs to no letter.
_HEAPED: Final = re.compile(f"[{_MARKS}\u20d0-\u20f0]{{3,}}")
_PILED: Final = re.compile(f"[{_MARKS}]{{2,}}|(?<!\\S)[{_MARKS}]+")
_OTHER_MARKS: Final = (
    "\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0903\u093a-\u094f\u0e31-\u0e4e"
)
_FLOOD: Final = re.compile(f"([{_OTHER_MARKS}]{{4}})[{_OTHER_MARKS}]+")

_LATIN: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SMALL_CAPITALS: Final = (
    "\u1d00\u0299\u1d04\u1d05\u1d07\ua730\u0262\u029c\u026a\u1d0a\u1d0b\u029f\u1d0d\u0274\u1d0f\u1d18\u01eb\u0280"
    "\ua731\u1d1b\u1d1c\u1d20\u1d21\u028f\u1d22"
)
# What NFKC does not convert to a letter, or converts wrongly: trademark signs would become TM and SM, and an acute
# accent that stands for an apostrophe a blank with an accent. Braille has a blank of its own.
_LETTERS: Final = {
    **{0x1F150 + place: letter for place, letter in enumerate(_LATIN)},
    **{0x1F170 + place: letter for place, letter in enumerate(_LATIN)},
    **dict(zip(map(ord, _SMALL_CAPITALS), "ABCDEFGHIJKLMNOPQRSTUVWYZ", strict=True)),
    0x2122: "",
    0x2120: "",
    0xB4: "'",
    0x2800: " ",
}
_LETTER: Final = re.compile(f"[{''.join(map(chr, _LETTERS))}]")
# Cyrillic and Greek letters that look like Latin ones. They are replaced only in words with Latin letters.
_TWINS: Final = str.maketrans(
    "\u0410\u0412\u0415\u0405\u0406\u0408\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0430\u0435\u043e\u0440"
    "\u0441\u0443\u0445\u0455\u0456\u0458\u04bb\u0501\u051b\u051d\u04c0\u04cf"
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bf\u03bd\u03c1",
    "ABESIJKMHOPCTYXaeopcyxsijhdqwIlABEZHIKMNOPTYXovp",
)
_FOREIGN: Final = re.compile("[\u0370-\u03ff\u0400-\u052f]")
_ASCII_LETTER: Final = re.compile("[A-Za-z]")
_WORD: Final = re.compile(r"\w+")

# Only with a semicolon: "rehab&regional" does not contain a registered sign.
_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# Inline elements do not separate words in a browser; the others do. Nothing else in angle brackets is a tag:
# "RN <Nights>".
_INLINE: Final = re.compile(
    r"</?(?:a|abbr|acronym|b|big|bdi|bdo|cite|code|del|dfn|em|font|i|ins|kbd|mark|q|s|samp|small|span|strike|strong|sub"
    r"|sup|tt|u|var|wbr)(?:\s[^<>]{0,1000})?/?>",
    re.I,
)
_PARTING: Final = re.compile(
    r"<!--[^<>]{0,1000}-->|</?(?:address|article|aside|blockquote|body|br|caption|center|dd|div|dl|dt|fieldset|footer"
    r"|form|h[1-6]|head|header|hr|html|img|li|main|nav|ol|p|pre|section|table|tbody|td|tfoot|th|thead|title|tr|ul)"
    r"(?:\s[^<>]{0,1000})?/?>",
    re.I,
)


def plain(text: str) -> str:
    """A text as a browser displays it, on one line: entities and tags are resolved once, then `one_line` applies.

    Must not be applied twice: `&amp;lt;` is displayed as `&lt;`, and would become `<` the second time.
    """
    text = unescaped(text)
    if "<" in text:
        text = _PARTING.sub(" ", _INLINE.sub("", text))
    return one_line(text)


def unescaped(text: str) -> str:
    """A text with its entities resolved once."""
    return _ENTITY.sub(_resolved, text) if "&" in text else text


def one_line(text: str) -> str:
    """The letters of a text in their plain form, without invisible characters, with single blanks: for ids, say.

    Applying it twice has no further effect.
    """
    if not text.isprintable():
        text = _NO_TEXT.sub(" ", text)
    if not text.isascii():
        text = _letters(text)
    return " ".join(text.split())


def quoted(text: str) -> str:
    """A text, quoted and shortened for a message."""
    return repr(shortened(text))


def shortened(text: str) -> str:
    return text if len(text) <= QUOTED else f"{text[:QUOTED]}..."


def _resolved(entity: re.Match[str]) -> str:
    return html.unescape(entity[0])


def _letters(text: str) -> str:
    if _LETTER.search(text):
        text = text.translate(_LETTERS)
    if _HEAPED.search(text):
        text = _HEAPED.sub("", text)
    if _STROKES.search(text):
        text = _STROKES.sub("", text)
    if _UNSEEN.search(text):
        # Before composing, because it separates letters from their marks.
        text = _UNSEEN.sub("", text)
    if not unicodedata.is_normalized("NFKC", text):
        text = _UNSEEN.sub("", unicodedata.normalize("NFKC", text))
    text = _with_latin_twins(text)
    if _PILED.search(text):
        # Marks part words, so there may be a new one.
        text = _with_latin_twins(_PILED.sub("", text))
    if _FLOOD.search(text):
        text = _FLOOD.sub(r"\1", text)
    return text


def _with_latin_twins(text: str) -> str:
    if _FOREIGN.search(text) and _ASCII_LETTER.search(text):
        return unicodedata.normalize("NFKC", _WORD.sub(_in_latin, text))
    return text


def _in_latin(found: re.Match[str]) -> str:
    """Replace look-alikes of Latin letters in a word that has Latin letters; any other word is unchanged."""
    word = found[0]
    if word.isascii() or not _ASCII_LETTER.search(word):
        return word
    read = word.translate(_TWINS)
    return word if _FOREIGN.search(read) else read
