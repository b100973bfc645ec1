"""How do secrets of users get into the database, and out of it?"""

from __future__ import annotations

import structlog

from services.console import settings
from services.console.domain import sealing
from services.console.domain.sealing import NotOpened
from services.console.store import users
from shared.storage.database import Tx

log = structlog.get_logger()


def seal(secret: str, name: str) -> str:
    return sealing.sealed(secret, name, _keys())


def open_sealed(stored: str | None, name: str) -> str | None:
    """The secret; None if there is none, or if it cannot be opened, which is logged."""
    try:
        return sealing.opened(stored, name, _keys()) if stored else None
    except NotOpened as problem:
        log.error("secret.not_opened", user=name, problem=str(problem))
        return None


async def seal_all(tx: Tx) -> int:
    """Encrypt, by the first key, what is not encrypted or is by another key; returns how many secrets."""
    keys, count = _keys(), 0
    for user in await users.everyone(tx):
        stored = user.totp_secret
        if stored is None or sealing.is_sealed(stored, keys):
            continue
        secret = open_sealed(stored, user.name) if "." in stored else stored
        if secret is not None:
            count += await users.replace_secret(tx, user.name, stored, seal(secret, user.name))
    return count


def _keys() -> list[str]:
    return [key.get_secret_value() for key in settings.deployed().secret_keys]
