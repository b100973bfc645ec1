"""How do people read what services state about ids, versions and days?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from services.console import settings
from services.console.domain.forms import LABELS
from services.console.rendering.filters import day
from services.console.store import accounts, team
from shared.storage.database import Tx

COMMAND_LINE = re.compile(r"(?:;|\.)? [^.;]*`pipeline [^`]*`")
MOMENT = re.compile(r"\b(\d{4}-\d\d-\d\d)(?: \d\d:\d\d:\d\d [A-Z]+)?\b")
VERSION = re.compile(r"since version \S+ that you saw")
TASK = re.compile(r"\b([Tt])ask [0-9a-f]{8}\b(?:( is \w+), at \w+)?")
FIELD = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")


async def in_words(tx: Tx, text: str, facility_id: str = "") -> str:
    """A sentence of a service, with the names of the account, the reps and the sequences that it names by their ids."""
    names = {name: each.title for name, each in settings.sequences().items()}
    names |= await team.names(tx)
    if facility_id.isalnum():
        text = text.removeprefix(f"{facility_id}: ")
        names |= await accounts.names(tx, [facility_id])
    return translated(text, names, tx.today)


def translated(text: str, names: Mapping[str, str], today: date | None = None) -> str:
    """The sentence with days, names and fields as people call them, and without what only the command line does."""

    def in_short(found: re.Match[str]) -> str:
        try:
            on = date.fromisoformat(found[1])
        except ValueError:  # a person typed it
            return found[0]
        return day(on, "week" if today is None or on.year == today.year else "year")

    text = COMMAND_LINE.sub("", text)
    text = VERSION.sub("since you saw it", TASK.sub(r"\1he touch\2", text))
    text = MOMENT.sub(in_short, text)
    text = FIELD.sub(lambda found: LABELS.get(found[0], found[0]), text)
    ids = "|".join(re.escape(each) for each in sorted(names, key=len, reverse=True) if each)
    if ids:
        text = re.sub(rf"(?<![\w-])(?:{ids})(?![\w-])", lambda found: names[found[0]], text)
    return text[:1].upper() + text[1:]
