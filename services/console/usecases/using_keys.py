"""How does a person add a security key, and sign in with it?

What a key is asked to sign belongs to the session that asked, is used once, and ends after minutes.
"""

from __future__ import annotations

import asyncio
import base64
from datetime import timedelta
from functools import partial
from uuid import UUID

from services.console import settings
from services.console.domain import security_keys as keys
from services.console.domain.sessions import Session
from services.console.store import challenges, users
from services.console.store import security_keys as store
from services.console.store.users import User
from services.console.usecases.auditing import record
from services.console.usecases.signing_in import check_factor
from shared.contracts.refusals import Refused
from shared.storage.database import Begin, Tx

WRONG_KEY = "This key was not accepted."
NO_SITE = (
    "Security keys are bound to the address of the console, so they need one: operations sets PIPELINE_CONSOLE_URL to"
    " a name, such as https://console.example."
)
NO_CODE = "Set up the authenticator first: with it you sign in if a key is lost."
LONGEST_TITLE = 60


def why_not(user: User, count: int) -> str:
    """Why the person cannot add a key; empty if they can."""
    if keys.site_of(settings.deployed().url) is None:
        return NO_SITE
    if not user.totp_secret:
        return NO_CODE
    return "" if count < keys.MOST_KEYS else f"You have {count} keys; remove one before you add another."


async def ask_to_add(begin: Begin, name: str, browser: UUID) -> str:
    """What the browser asks a new key, as JSON."""
    async with begin() as tx:
        user = await users.find(tx, name)
        known = await store.of(tx, name)
        if user is None or (problem := why_not(user, len(known))):
            raise Refused(problem if user else "You are no longer a user.", 422, {"title": "not now"})
        challenge = await _challenge(tx, browser)
    ids = [each.key_id for each in known]
    return await asyncio.to_thread(keys.options_to_add, _site(), name, user.full_name, challenge, ids)


async def add_key(begin: Begin, session: Session, title: str, answer: str, command_id: UUID) -> str:
    """Store the key that answered; returns its title."""
    title = title.strip()[:LONGEST_TITLE] or "Security key"
    async with begin() as tx:  # used up, whatever comes of it
        challenge = await challenges.take(tx, str(session.session_id))
    async with begin() as tx:
        if await record(tx, session, "add_key", title, {}, command_id):
            return title
        try:
            key = await asyncio.to_thread(keys.added, _site(), _bytes(challenge), answer)
        except ValueError as problem:
            raise Refused(f"{WRONG_KEY} Begin again on the page of settings.", 403) from problem
        if not await store.add(tx, session.name, title, key):
            raise Refused("This key was added before.", 403)
    return title


async def remove_key(tx: Tx, name: str, key_id: str) -> str:
    """Returns the key's title."""
    found = next((each for each in await store.of(tx, name) if text_of(each.key_id) == key_id), None)
    if found is None:
        raise Refused("There is no such key of yours.", 404)
    await store.remove(tx, name, found.key_id)
    return found.title


async def ask_to_use(begin: Begin, name: str, browser: UUID) -> str:
    """What the browser asks the person's keys, as JSON; refuses if there is none."""
    async with begin() as tx:
        known = await store.of(tx, name)
        if not known:
            raise Refused("You have no security key; use a code.", 404)
        challenge = await _challenge(tx, browser)
    return await asyncio.to_thread(keys.options_to_use, _site(), challenge, [each.key_id for each in known])


async def check_key(begin: Begin, name: str, browser: UUID, answer: str) -> None:
    """Use up the challenge of this session; refuses an answer that is not that of one of the person's keys."""
    await check_factor(begin, name, partial(_use, browser, answer), WRONG_KEY)


async def has_keys(tx: Tx, name: str) -> bool:
    """Whether the person can sign in with a key here."""
    return keys.site_of(settings.deployed().url) is not None and bool(await store.of(tx, name))


def text_of(key_id: bytes) -> str:
    return base64.urlsafe_b64encode(key_id).decode()


async def _use(browser: UUID, answer: str, tx: Tx, user: User) -> bool:
    challenge = await challenges.take(tx, str(browser))
    named = await asyncio.to_thread(keys.id_in, answer)
    key = next((each for each in await store.of(tx, user.name) if each.key_id == named), None)
    if key is None:
        return False
    try:
        counter = await asyncio.to_thread(keys.count_of, _site(), _bytes(challenge), answer, key.as_new())
    except ValueError:
        return False
    await store.use(tx, key.key_id, counter)
    return True


async def _challenge(tx: Tx, browser: UUID) -> bytes:
    made = keys.new_challenge()
    await challenges.prune(tx)
    await challenges.put(tx, str(browser), made.hex(), tx.now + timedelta(seconds=keys.SECONDS))
    return made


def _site() -> keys.Site:
    site = keys.site_of(settings.deployed().url)
    if site is None:
        raise Refused(NO_SITE, 422)
    return site


def _bytes(challenge: str) -> bytes:
    """What was asked; random if nothing was, so that no answer fits."""
    return bytes.fromhex(challenge) or keys.new_challenge()
