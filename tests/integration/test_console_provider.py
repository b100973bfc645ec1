"""Can a person sign in by the identity provider of their company, and only as the user they are?"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import pytest_asyncio

from shared.contracts.console import AuditLog
from tests.support.console import SITE, Browser, Console, Services, one_browser, one_console
from tests.support.provider import MISSING, identity_provider
from tests.support.running import Running

pytestmark = [
    pytest.mark.skipif(bool(MISSING), reason=MISSING or "it is installed"),
    pytest.mark.asyncio(loop_scope="module"),
]
shared, browser = one_console, one_browser
PEOPLE: dict[str, dict[str, Any]] = {
    "dana": {"email": "dana@care.example", "email_verified": True},
    "stranger": {"email": "stranger@care.example", "email_verified": True},
    "unverified": {"email": "dana@care.example", "email_verified": False},
    "claimed": {"email": "dana@care.example", "email_verified": "true"},
    "silent": {"email": "dana@care.example"},
}


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with identity_provider(PEOPLE) as issuer:
        yield issuer


@pytest_asyncio.fixture(loop_scope="module")
async def site(shared: Running, issuer: str, monkeypatch: pytest.MonkeyPatch) -> Console:
    """A console whose only user is Dana, and that knows the provider."""
    monkeypatch.setenv("PIPELINE_CONSOLE_URL", SITE)
    monkeypatch.setenv("PIPELINE_CONSOLE_OIDC_ISSUER", issuer)
    monkeypatch.setenv("PIPELINE_CONSOLE_OIDC_CLIENT_ID", "console")
    monkeypatch.setenv("PIPELINE_CONSOLE_OIDC_CLIENT_SECRET", "a secret: & that has to be quoted")
    monkeypatch.setenv("PIPELINE_CONSOLE_OIDC_NAME", "Nightingale")
    site = Console(shared, Services())
    await site.empty()
    await site.link("dana", "rep", "rep-1", email="Dana@Care.example")
    return site


async def leave(browser: Browser) -> str:
    """The address at the provider."""
    return (await browser.get("/sign-in/provider?next=/drafts")).headers["location"]


async def approve(address: str, person: str) -> str:
    """Where the provider sends the browser of this person."""
    async with httpx.AsyncClient() as client:
        sent = await client.post(address, data={"sub": person})
    return sent.headers["location"].removeprefix(SITE)


async def signed_in(browser: Browser) -> bool:
    return (await browser.get("/settings/me")).status_code == 200


async def test_the_provider_signs_in_the_user_whose_verified_address_it_states(browser: Browser) -> None:
    assert "Sign in with Nightingale" in (await browser.get("/sign-in")).text
    back = await approve(await leave(browser), "dana")

    response = await browser.get(back)

    assert response.headers["location"] == "/drafts"
    assert await signed_in(browser)


async def test_the_code_is_bound_to_this_sign_in_by_pkce_state_and_nonce(site: Console, browser: Browser) -> None:
    address = await leave(browser)

    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    [row] = await site.running.sql("SELECT content FROM challenges")
    kept = json.loads(row["content"])
    digest = hashlib.sha256(kept["verifier"].encode()).digest()
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert asked["code_challenge"] == base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    assert (asked["state"], asked["nonce"]) == (kept["state"], kept["nonce"])
    assert asked["redirect_uri"] == f"{SITE}/sign-in/provider/return"


async def test_a_manager_still_needs_the_second_factor_of_the_console(site: Console, browser: Browser) -> None:
    await site.running.sql("UPDATE users SET role = 'manager'")

    response = await browser.get(await approve(await leave(browser), "dana"))

    assert response.headers["location"] == "/welcome/authenticator"
    assert not await signed_in(browser)


@pytest.mark.parametrize(
    "person, words",
    [
        ("stranger", "No user of the console has the address stranger@care.example."),
        ("unverified", "Nightingale did not confirm who you are."),
        ("claimed", "Nightingale did not confirm who you are."),
        ("silent", "Nightingale did not confirm who you are."),
    ],
)
async def test_an_address_that_is_unknown_or_not_verified_signs_in_no_one(
    site: Console, browser: Browser, person: str, words: str
) -> None:
    response = await browser.get(await approve(await leave(browser), person))

    assert (response.status_code, words in response.text) == (403, True)
    assert not await signed_in(browser)
    [row] = await site.running.ask(AuditLog(limit=1))
    assert (row.action, row.details) == ("sign_in_failed", {"by": "provider"})


async def test_a_sign_in_ends_where_it_began_and_once(site: Console, browser: Browser) -> None:
    back = await approve(await leave(browser), "dana")
    async with site.browser() as other:
        assert (await other.get(back)).status_code == 403
        await leave(other)
        assert (await other.get(back)).status_code == 403
        assert not await signed_in(other)
    assert (await browser.get(back.replace("state=", "state=x"))).status_code == 403
    assert (await browser.get(back)).status_code == 403  # used up by the try before

    back = await approve(await leave(browser), "dana")
    await site.wait(minutes=10)
    assert (await browser.get(back)).status_code == 403
    assert not await signed_in(browser)


async def test_a_token_that_was_made_for_another_sign_in_is_refused(site: Console, browser: Browser) -> None:
    back = await approve(await leave(browser), "dana")
    await site.running.sql("UPDATE challenges SET content = jsonb_set(content::jsonb, '{nonce}', '\"another\"')::text")

    assert "did not confirm" in (await browser.get(back)).text
    assert not await signed_in(browser)


async def test_while_the_provider_is_away_the_page_says_so(
    site: Console, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIPELINE_CONSOLE_OIDC_ISSUER", "http://127.0.0.1:9")

    response = await browser.get("/sign-in/provider")

    assert (response.status_code, "Nightingale cannot be reached" in response.text) == (503, True)


async def test_without_a_provider_there_is_no_button(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PIPELINE_CONSOLE_OIDC_ISSUER")

    assert "Sign in with" not in (await browser.get("/sign-in")).text
    assert (await browser.get("/sign-in/provider")).status_code == 404


async def test_a_person_without_a_password_adds_a_key_only_soon_after_signing_in(
    site: Console, browser: Browser
) -> None:
    await browser.get(await approve(await leave(browser), "dana"))
    page = await browser.get("/settings/me")
    assert "Current password" not in page.text
    await site.wait(minutes=10)

    refused = await browser.do("change_password", password="eleven geese walk south", again="eleven geese walk south")

    assert (refused.status_code, "Sign out and in again" in refused.text) == (422, True)
