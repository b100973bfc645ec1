"""Which settings of the services does set-up read?"""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import ValidationError

from cli.stack.target import StackError
from shared.settings import Settings, problems_of, settings_of


def setting(name: str) -> str | None:
    """A setting from the environment, or from a file with its name in lower case in `PIPELINE_SECRETS_DIR`."""
    file = Path(os.environ.get("PIPELINE_SECRETS_DIR", ".")) / name.lower()
    return os.environ.get(name) or (file.read_text().strip() if file.is_file() else None)


def of_service(service: str) -> Settings:
    """Raises `StackError`."""
    try:
        return settings_of(service, Settings)
    except ValidationError as invalid:
        raise StackError(problems_of(invalid)) from None


def replicas_of(service: str) -> int:
    """How many processes of a service the operator runs; raises `StackError`."""
    stated = setting(f"PIPELINE_{service.upper()}_REPLICAS") or setting("PIPELINE_REPLICAS") or "1"
    if not stated.isdecimal() or int(stated) < 1:
        raise StackError(f"PIPELINE_REPLICAS must be a whole number, at least 1, and for {service} it is not.")
    return int(stated)
