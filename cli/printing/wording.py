"""What is the account key called in help texts? It has the name from the pack in force."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from engines import packs

PLACE = "{key."
ANY = SimpleNamespace(column="facility_id", name="account key", title="account key")
"""The words without a pack in force. The command itself refuses that, unless it is given a pack."""


def in_the_words_of_the_pack(command: Any) -> None:
    """Replace `{key.column}`, `{key.name}` and `{key.title}` in the help of a command."""
    for each in (command, *command.params, *getattr(command, "commands", {}).values()):
        for attribute in ("help", "short_help", "metavar"):
            text = getattr(each, attribute, None)
            if text and PLACE in text:
                setattr(each, attribute, text.format(key=_key()))
    for each in getattr(command, "commands", {}).values():
        in_the_words_of_the_pack(each)


def _key() -> Any:
    try:
        return packs.account_key()
    except packs.PackInvalid:
        return ANY
