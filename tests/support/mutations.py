"""What do good files look like after random damage? The same seed mutates the same way."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

import openpyxl

COUNT = 60
"""Facilities in every good registry, so that three of them are a twentieth."""


@dataclass(frozen=True)
class Good:
    """A file that its import accepts completely."""

    kind: str
    """The import that accepts it."""
    form: str
    content: bytes


def _table(header: str, rows: list[str]) -> str:
    return "\n".join([header, *rows]) + "\n"


def registry(day: str = "2026-06-01") -> str:
    header = "CCN,Provider Name,Provider Address,City,State,Legal Business Name,QM Rating,Processing Date"
    rows = [
        f'335{n:03d},"HOME {n}, INC.",{n} Elm St,{"ALBANY" if n % 3 else "CAÑON"},NY,LARK {n} LLC,{n % 5 + 1},{day}'
        for n in range(COUNT - 1)
    ]
    return _table(header, [*rows, f'335999,"TWO\nLINES HOME",1 Elm St,ALBANY,NY,,3,{day}'])


_FACTS = _table("ccn,field,value,as_of", [f"335{n:03d},mds_volume,{n * 9},2026-03-31" for n in range(20)])
_FINES = _table(
    "Federal Provider Number,Penalty Date,Penalty Type,Provider Name",
    [f'335{n:03d},2026-0{n % 6 + 1}-01,{"Fine" if n % 2 else "Payment Denial"},"HOME ""{n}"""' for n in range(20)],
)
_CONTACTS = _table(
    "ccn,role,name,source,source_date,direct_phone,email,source_url",
    [
        f"335{n:03d},don,Dora Nr{n},website,2026-05-{n + 1:02d},518-555-01{n:02d},d{n}@a.example,https://www.example.org"
        for n in range(20)
    ],
)
_ACCOUNTS = _table("CCN;Status;Owner", [f"335{n:03d};client;rep-1" for n in range(0, 20, 3)])
_ALIASES = _table(
    "CCN\tORGANIZATION NAME\tDOING BUSINESS AS NAME", [f"335{n:03d}\tOPERATOR {n} LLC\tOld Home {n}" for n in range(20)]
)
_POSTINGS = [
    {
        "source": "board",
        "source_posting_id": f"p{n}",
        "title": "MDS Coordinator",
        "employer_name": f"Home {n}, Inc.",
        "city": "Albany",
        "state": "NY",
        "zip": f"122{n:02d}",
        "seen_at": "2026-06-01",
    }
    for n in range(20)
]


def _workbook(text: str) -> bytes:
    book, content = openpyxl.Workbook(), io.BytesIO()
    for line in text.splitlines():
        book.worksheets[0].append(line.split(","))
    book.save(content)
    return content.getvalue()


def _zipped(content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("file.csv", content)
        archive.writestr("__MACOSX/._file.csv", b"\0\5\x16\7")
    return packed.getvalue()


def good_files() -> list[Good]:
    postings = _table(",".join(_POSTINGS[0]), [",".join(f'"{cell}"' for cell in one.values()) for one in _POSTINGS])
    return [
        Good("facilities", "csv", registry().encode()),
        Good("facilities", "windows", registry().replace("\n", "\r\n").encode("cp1252")),
        Good("facilities", "utf-16", registry().encode("utf-16")),
        Good("facilities", "gz", gzip.compress(registry().encode())),
        Good("facilities", "zip", _zipped(registry().encode())),
        Good("facilities", "xlsx", _workbook(registry().replace('"', "").replace(", INC.", "").replace("TWO\n", ""))),
        Good("quality", "csv", _FINES.encode()),
        Good("facts", "csv", _FACTS.encode()),
        Good("contacts", "csv", _CONTACTS.encode()),
        Good("accounts", "semicolons", _ACCOUNTS.encode()),
        Good("aliases", "tabs", _ALIASES.encode()),
        Good("postings", "csv", postings.encode()),
        Good("postings", "json lines", "".join(json.dumps(one) + "\n" for one in _POSTINGS).encode()),
        Good("postings", "json array", json.dumps(_POSTINGS, indent=1).encode()),
    ]


Mutation = Callable[[bytes, Random], bytes]


def _flipped(content: bytes, chance: Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.randint(1, 5)):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _cut(content: bytes, chance: Random) -> bytes:
    return content[: chance.randrange(len(content))]


def _joined(content: bytes, chance: Random) -> bytes:
    ends = [at for at, byte in enumerate(content) if byte == 10]
    at = chance.choice(ends) if ends else 0
    return content[:at] + content[at + 1 :] if ends else content


def _quoted(content: bytes, chance: Random) -> bytes:
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(content) + 1)
        content = content[:at] + b'"' + content[at:]
    return content


def _swapped(content: bytes, chance: Random) -> bytes:
    sign = chance.choice([b",", b";", b"\t", b"\n"])
    cells = content.split(sign)
    one, other = chance.randrange(len(cells)), chance.randrange(len(cells))
    cells[one], cells[other] = cells[other], cells[one]
    return sign.join(cells)


_FOREIGN = (b"\x92", b"\x81", b"\0", "é木".encode(), "é,\n".encode("utf-16-le"), b"\xff\xfe", b"\xed\xa0\x80")


def _mixed(content: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(content) + 1)
    other = chance.choice(_FOREIGN)
    return content[:at] + other * chance.randint(1, 3) + content[at:]


def _lost(content: bytes, chance: Random) -> bytes:
    lines = content.splitlines(keepends=True)
    del lines[chance.randrange(len(lines))]
    return b"".join(lines)


def _repeated(content: bytes, chance: Random) -> bytes:
    at, size = chance.randrange(len(content)), chance.choice([1, 9, 80, 5_000])
    return content[:at] + content[at : at + 80] * (size // 80 + 1) + content[at:]


MUTATIONS: tuple[Mutation, ...] = (_flipped, _cut, _joined, _quoted, _swapped, _mixed, _lost, _repeated)


def mutated(seed: int) -> Good:
    """The same seed makes the same file; one in ten is compressed after its mutation, so that it can be unpacked."""
    chance = Random(seed)
    good = chance.choice(good_files_once())
    content = good.content
    for mutate in chance.choices(MUTATIONS, k=chance.choice([1, 1, 2, 3])):
        content = mutate(content, chance) if content else content
    if chance.random() < 0.1:
        content = gzip.compress(content) if chance.random() < 0.5 else _zipped(content)
    return Good(good.kind, f"{good.form}, seed {seed}", content)


_GOOD: list[Good] = []


def good_files_once() -> list[Good]:
    if not _GOOD:
        _GOOD.extend(good_files())
    return _GOOD


def many(first: int, count: int) -> Iterator[Good]:
    return map(mutated, range(first, first + count))
