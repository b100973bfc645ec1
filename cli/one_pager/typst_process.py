"""The process in which a template is typeset: JSON on standard input, PDF on standard output, faults beside it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import typst

PAGES = 2
SIZES = ("12", "11.5", "11", "10.5", "10", "9.5", "9", "8.5", "8", "7.5", "7")
"""Of the text in points: the largest counts with which it fits."""


def typeset(template: str, facts: str) -> bytes:
    """Raises `ValueError` if it is no template, or has not two pages."""
    pages = 0
    for size in SIZES:
        pages = len(_compiled(template, facts, size, "svg"))
        if pages == PAGES:
            return _compiled(template, facts, size, "pdf")[0]
        if pages < PAGES:
            break
    remedy = "shorten its thesis, labels and evidence" if pages > PAGES else "add #pagebreak() to its template"
    raise ValueError(f"it has {pages} page{'s' if pages > 1 else ''} instead of {PAGES}: {remedy}.")


def _compiled(template: str, facts: str, size: str, form: typst.OutputFormat) -> list[bytes]:
    with TemporaryDirectory() as root:
        file = Path(root, "one-pager.typ")
        file.write_text(template, encoding="utf-8")
        compiler = typst.Compiler(
            str(file),
            root=root,
            ignore_system_fonts=True,
            sys_inputs={"facts": facts, "size": size},
            package_path=root,
            package_cache_path=root,
        )
        try:
            made = compiler.compile(format=form, timestamp=0)
        except typst.TypstError as error:
            raise ValueError(f"{error.message}.") from None
    return made if isinstance(made, list) else [made or b""]


def main() -> None:
    given = json.load(sys.stdin)
    try:
        sys.stdout.buffer.write(typeset(given["template"], given["facts"]))
    except ValueError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
