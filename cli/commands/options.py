"""Which options and checks do several commands share?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time, timedelta
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from typer.core import TyperGroup

from engines.datasets.paths import file_to_read, file_to_write, folder_to_use

T = TypeVar("T")

Types = Annotated[
    list[str] | None, typer.Argument(metavar="TYPES", help="Only events of these types: score.changed, 'lead.*'; all.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


class Group(TyperGroup):
    """Lists each of its commands with the complete first paragraph of its help."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        for each in self.commands.values():
            each.short_help = " ".join((each.help or "").partition("\n\n")[0].split())


def group(text: str, *, alone: bool = False) -> typer.Typer:
    """Commands under one name; with `alone`, the name is also a command by itself."""
    return typer.Typer(
        cls=Group,
        help=text,
        no_args_is_help=not alone,
        invoke_without_command=alone,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=False,
    )


def day(text: str, option: str) -> date:
    """The date of an option; raises `ValueError` with the name of the option."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"{option} {text!r} is not a date; write it as YYYY-MM-DD, such as 2026-07-01.") from None


def duration(text: str, option: str) -> timedelta:
    """The duration in `90s`, `30m`, `2h` or `7d`; raises `ValueError` with what to write instead."""
    found = re.fullmatch(r"([0-9]{1,6})([smhd])", text.strip().lower(), re.ASCII)
    if not found:
        raise ValueError(f"{option} {text!r} is not a duration; write it as 90s, 30m, 2h or 7d.")
    return timedelta(seconds=int(found[1]) * {"s": 1, "m": 60, "h": 3_600, "d": 86_400}[found[2]])


def hours(text: str, option: str) -> dict[str, time]:
    """The hours in `8:30-17`; raises `ValueError` with what to write instead."""
    try:
        first, last = (_time(part) for part in text.split("-"))
    except ValueError:
        raise ValueError(f"{option} {text!r} are not working hours; write them as 8:30-17.") from None
    return {"from_hour": first, "to_hour": last}


def _time(text: str) -> time:
    hour, _, minute = text.strip().partition(":")
    return time(int(hour), int(minute or 0))


def to_read(given: Any) -> Any:
    """The callback of options and arguments that name files to read; raises `Unusable`."""
    for path in given if isinstance(given, list | tuple) else [given]:
        if isinstance(path, Path):
            file_to_read(path)
    return given


def to_use(given: Path | None) -> Path | None:
    """The callback of options that name a folder to write files into; raises `Unusable`."""
    return folder_to_use(given) if given is not None else None


def to_write(given: Path | None) -> Path | None:
    """The callback of options and arguments that name a file to write; raises `Unusable`."""
    return file_to_write(given) if given is not None else None


REJECTS = "Bad rows go to FILE.rejects.csv in the current folder."
TABLE = f"CSV, JSON or .xlsx, also as .gz or .zip. {REJECTS}"
File = Annotated[Path, typer.Argument(callback=to_read, help=TABLE, show_default=False)]

Listing = Annotated[
    Path | None,
    typer.Argument(
        callback=to_read, help="A list of accounts; without one, those of the running stack.", show_default=False
    ),
]
Pack = Annotated[str | None, typer.Option(help="Another pack, by name or folder.")]
AsOf = Annotated[str | None, typer.Option(help="The day of the list (YYYY-MM-DD), for a file; by default today.")]
Signals = Annotated[
    Path | None,
    typer.Option(
        callback=to_read, help="For a file, CSV: {key.column}, role_family, urgency, last_seen_on, expires_on."
    ),
]


def named(known: Mapping[str, T], name: str, kind: str) -> T:
    """The one of a name; raises `BadParameter` with those that exist."""
    if name not in known:
        there_are = f"there are {', '.join(known)}" if known else "the pack has none"
        raise typer.BadParameter(f"There is no {kind} {name!r}; {there_are}.")
    return known[name]
