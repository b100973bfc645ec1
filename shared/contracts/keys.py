"""How do programs get a key to a service's HTTP surface?

A key is long and random. Whoever gives it out makes it and shows it once; a service is only ever told its hash.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from shared.contracts.limits import ShortText
from shared.contracts.requests import Reply

HolderName = Annotated[ShortText, Field(min_length=1, max_length=60)]
"""Of a source or a program that has a key of its own."""


class Holder(BaseModel):
    """The part of a command that names who has a key, or gets one."""

    name: HolderName


class NewKey(Holder):
    """The part of a command that gives a key out, by its hash."""

    key_hash: str = Field(pattern=r"^[0-9a-f]{64}$")
    """As `hash_of` makes it."""


class KeyHolder(Reply):
    """Who has a key, and since when."""

    name: str
    created_at: datetime
    key_changed_at: datetime


def new_key() -> str:
    return secrets.token_urlsafe(32)


def hash_of(key: str) -> str:
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()
