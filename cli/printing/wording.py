"""What is the account key called in help texts? It has the name from the pack in force."""

from __future__ import annotations

from typing import Any

from engines import packs

PLACE = "{key."


def in_the_words_of_the_pack(command: Any) -> None:
    """Replace `{key.column}`, `{key.name}` and `{key.title}` in the help of a command."""
    for each in (command, *command.params, *getattr(command, "commands", {}).values()):
        for attribute in ("help", "short_help", "metavar"):
            text = getattr(each, attribute, None)
            if text and PLACE in text:
                setattr(each, attribute, text.format(key=packs.account_key()))
    for each in getattr(command, "commands", {}).values():
        in_the_words_of_the_pack(each)
