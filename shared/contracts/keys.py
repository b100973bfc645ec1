"""How do programs get a key to a service's HTTP surface?

A key is long and random. The command line makes it and shows it once; a service only gets its hash.
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
"""The name of a source or program that has its own key."""


class Holder(BaseModel):
    """The part of a command that names the holder of a key."""

    name: HolderName


class NewKey(Holder):
    """The part of a command that stores a new key, as a hash."""

    key_hash: str = Field(pattern=r"^[0-9a-f]{64}$")
    """See `hash_of`."""


class KeyHolder(Reply):
    """A holder of a key, and since when."""

    name: str
    created_at: datetime
    key_changed_at: datetime


def new_key() -> str:
    return secrets.token_urlsafe(32)


def hash_of(key: str) -> str:
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()
