"""Which pack's accounts are in the data of a stack? The accounts of one trade are none of another's."""

from __future__ import annotations

import json
import os
from pathlib import Path

from cli.stack.target import StackError
from engines import packs

NAMES = ("PIPELINE_PACK", "PIPELINE_PACKS_DIR")


def pack_of_the_environment() -> dict[str, str]:
    """The variables that name the pack of the services, for commands that are started later, elsewhere."""
    named = {name: value for name in NAMES if (value := os.environ.get(name))}
    return {name: str(Path(value).absolute()) if name.endswith("_DIR") else value for name, value in named.items()}


def refuse_other_accounts(folder: Path, *, data_exists: bool) -> None:
    """Note whose accounts the data in a folder are; raises `StackError` if they are not those of the pack in force."""
    path = folder / "accounts.json"
    try:
        pack, key = packs.pack_folder().name, packs.account_key().column
    except packs.PackInvalid as invalid:
        raise StackError(str(invalid)) from invalid
    noted = json.loads(path.read_text()) if data_exists and path.exists() else {}
    if noted and noted["key"] != key:
        raise StackError(
            f"The stored data are those of the pack {noted['pack']}, whose accounts have a {noted['key']}; in the pack"
            f" {pack} they have a {key}. Start with PIPELINE_PACK={noted['pack']}, or remove the data with `pipeline"
            " down --wipe`."
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"pack": pack, "key": key}))
