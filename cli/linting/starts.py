"""Does a pack pass each service's own check at its start?"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cli.linting.sections import settings_of_services
from engines.packs import PackInvalid, calendar
from engines.packs.files import Fault

CHECKS: dict[str, Callable[[], Any]] = {
    "the kernel": calendar,
    **{
        name: settings.check_pack
        for name, settings in settings_of_services().items()
        if hasattr(settings, "check_pack")
    },
}
"""`check_pack` of each service's settings: what it checks at its start, in addition to reading sections."""


def starts(folder: Path) -> Iterator[Fault]:
    with _in_force(folder):
        for service, check in CHECKS.items():
            try:
                check()
            except PackInvalid as invalid:
                yield Fault(folder.name, "", f"{service} would not start: {invalid}", "correct what it names")


@contextmanager
def _in_force(folder: Path) -> Iterator[None]:
    """Put this pack in force temporarily, because services read the pack in force."""
    there = folder.resolve()
    before = {name: os.environ.get(name) for name in ("PIPELINE_PACKS_DIR", "PIPELINE_PACK")}
    os.environ.update(PIPELINE_PACKS_DIR=str(there.parent), PIPELINE_PACK=there.name)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
