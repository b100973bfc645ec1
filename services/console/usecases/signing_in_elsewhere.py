"""How does a person sign in by the identity provider of their company, instead of a password?

It proves an e-mail address, which must be that of a user; role and second factor remain ours.
"""

from __future__ import annotations

import hmac
from dataclasses import asdict
from datetime import timedelta
from urllib.parse import urlsplit

import structlog
from pydantic_core import from_json, to_json

from services.console import identity_provider as provider
from services.console import settings
from services.console.store import challenges, users
from services.console.store.users import User
from services.console.usecases.auditing import record
from shared.contracts.keys import hash_of, new_key
from shared.contracts.refusals import Refused
from shared.storage.database import Begin

RETURN = "/sign-in/provider/return"
ENDS = timedelta(minutes=10)
"""How long a person may take at the provider."""
NOT_BEGUN = "This sign-in was not begun in this browser, or took too long. Begin it again."
NOT_PROVEN = "{name} did not confirm who you are. Begin again, or ask operations."
NO_USER = "No user of the console has the address {email}. Operations adds it."
NOT_AVAILABLE = "{name} cannot be reached at the moment. Use your password, or try again."

log = structlog.get_logger()


def provider_name() -> str:
    """What the sign-in page calls the provider; empty if there is none."""
    found = settings.deployed()
    return found.oidc_name or urlsplit(found.oidc_issuer).hostname or "" if found.oidc_issuer else ""


async def begin_elsewhere(begin: Begin, next_page: str) -> tuple[str, str]:
    """The address at the provider, and a token for the browser that comes back from there."""
    client, asked, token = _client(), provider.new_asked(), new_key()
    try:
        address = await provider.address_of(client, asked)
    except provider.NotAvailable as problem:
        raise _unavailable(problem) from problem
    content = to_json(asdict(asked) | {"next": next_page}).decode()
    async with begin() as tx:
        await challenges.prune(tx)
        await challenges.put(tx, hash_of(token), content, tx.now + ENDS)
    return address, token


async def end_elsewhere(begin: Begin, token: str, state: str, code: str) -> tuple[User, str]:
    """The user who comes back from the provider with a code, and the page that they wanted; refuses all others."""
    client = _client()
    async with begin() as tx:
        content = await challenges.take(tx, hash_of(token))
    given = from_json(content) if content else {}
    next_page = given.pop("next", "")
    if not given or not hmac.compare_digest(given["state"].encode(), state.encode()):
        raise Refused(NOT_BEGUN, 403)
    try:
        if not code:
            raise provider.NotProven("it sent no code")
        email = await provider.email_of(client, provider.Asked(**given), code)
    except provider.NotAvailable as problem:
        raise _unavailable(problem) from problem
    except provider.NotProven as problem:
        log.warning("provider.refused", problem=str(problem))
        raise await _refusal(begin, NOT_PROVEN.format(name=provider_name())) from problem
    async with begin() as tx:
        user = await users.find_by_email(tx, email)
    if user is None:
        raise await _refusal(begin, NO_USER.format(email=email[:200]))
    return user, next_page


async def _refusal(begin: Begin, message: str) -> Refused:
    async with begin() as tx:
        await record(tx, ("unknown", ""), "sign_in_failed", fields={"by": "provider"})
    return Refused(message, 403)


def _unavailable(problem: provider.NotAvailable) -> Refused:
    log.warning("provider.unavailable", problem=str(problem))
    return Refused(NOT_AVAILABLE.format(name=provider_name()), 503)


def _client() -> provider.Client:
    found = settings.deployed()
    if not found.oidc_issuer:
        raise Refused("There is no identity provider here.", 404)
    secret = found.oidc_client_secret.get_secret_value()
    return provider.Client(found.oidc_issuer, found.oidc_client_id, secret, f"{found.url}{RETURN}")
