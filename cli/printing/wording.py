"""What does the help of a command call the key of a facility? What the pack in force calls it."""

from __future__ import annotations

from typing import Any

from shared import packs

PLACE = "{key."


def in_the_words_of_the_pack(command: Any) -> None:
    """Fill in `{key.column}`, `{key.name}` and `{key.title}` wherever its help has them."""
    for each in (command, *command.params, *getattr(command, "commands", {}).values()):
        for attribute in ("help", "short_help", "metavar"):
            text = getattr(each, attribute, None)
            if text and PLACE in text:
                setattr(each, attribute, text.format(key=packs.account_key()))
    for each in getattr(command, "commands", {}).values():
        in_the_words_of_the_pack(each)
