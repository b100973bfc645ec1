"""What does a person set up for their own sign-in, and what does operations see and end of it?"""

from __future__ import annotations

import asyncio
import re
from datetime import date

import pytest

from services.console.usecases.sealing import seal_all
from shared.contracts.console import ReviewUser, Users
from tests.support.console import PASSWORD, Browser, Console, empty_site, one_browser, one_console

pytestmark = pytest.mark.asyncio(loop_scope="module")
shared, site, browser = one_console, empty_site, one_browser
KEYS = "PIPELINE_CONSOLE_SECRET_KEYS"
CONFIRMED = {"current": PASSWORD}


async def give_password(site: Console, name: str) -> tuple[Browser, str]:
    """Another browser, and where the password leads there."""
    async with site.browser() as other:
        response = await other.post("/sign-in", {"name": name, "password": PASSWORD})
        return other, response.headers["location"]


async def set_up(site: Console, browser: Browser, name: str) -> list[str]:
    """Set up an authenticator on the page of settings; returns the recovery codes."""
    page = await browser.post("/settings/me/authenticator", CONFIRMED)
    found = re.search(r'class="secret">([^<]+)<', page.text)
    assert found, page.text
    site.secrets[name] = found[1].replace(" ", "")
    assert (await browser.post("/settings/me/authenticator/code", {"code": "000000"})).status_code == 422
    shown = await browser.post("/settings/me/authenticator/code", {"code": site.code(name)})
    return re.findall(r"<li>([^<]+)</li>", shown.text)


async def test_a_rep_may_set_up_an_authenticator_and_turn_it_off(site: Console, browser: Browser) -> None:
    await site.add(browser, "dana", "rep", "rep-1")
    assert (await browser.post("/settings/me/authenticator", {"current": "wrong"})).status_code == 422
    assert len(await set_up(site, browser, "dana")) == 10
    assert (await give_password(site, "dana"))[1].startswith("/sign-in/code")

    await browser.do("turn_off_authenticator", **CONFIRMED)

    assert (await give_password(site, "dana"))[1] == "/"
    assert (await browser.do("turn_off_authenticator", **CONFIRMED)).status_code == 422


async def test_a_manager_replaces_the_authenticator_but_does_not_turn_it_off(site: Console, browser: Browser) -> None:
    await site.add(browser, "helen", "manager")
    before = site.secrets["helen"]
    assert (await browser.do("turn_off_authenticator", **CONFIRMED)).status_code == 422

    await set_up(site, browser, "helen")

    assert site.secrets["helen"] != before
    async with site.browser() as other:
        await other.post("/sign-in", {"name": "helen", "password": PASSWORD})
        assert (await other.post("/sign-in/code", {"code": site.code("helen", later=30)})).status_code == 303


async def test_new_recovery_codes_replace_those_before(site: Console, browser: Browser) -> None:
    await site.add(browser, "dana", "rep", "rep-1")
    assert (await browser.post("/settings/me/recovery", CONFIRMED)).status_code == 422
    before = await set_up(site, browser, "dana")

    shown = await browser.post("/settings/me/recovery", CONFIRMED)

    after = re.findall(r"<li>([^<]+)</li>", shown.text)
    assert (len(after), set(before) & set(after)) == (10, set())
    async with site.browser() as other:
        await other.post("/sign-in", {"name": "dana", "password": PASSWORD})
        assert (await other.post("/sign-in/code", {"recovery": before[0]})).status_code == 422
        assert (await other.post("/sign-in/code", {"recovery": after[0]})).status_code == 303


async def test_keys_of_authenticators_are_stored_encrypted_and_outlive_a_new_secret(
    site: Console, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEYS, "o" * 40)
    await site.add(browser, "helen", "manager")
    await site.running.sql("UPDATE users SET totp_step = 0")
    stored = "SELECT totp_secret AS secret FROM users UNION ALL SELECT coalesce(secret, '') FROM sessions"
    assert not any(site.secrets["helen"] in row["secret"] for row in await site.running.sql(stored))

    monkeypatch.setenv(KEYS, f"{'n' * 40},{'o' * 40}")
    async with site.running.app.begin() as tx:
        assert (await seal_all(tx), await seal_all(tx)) == (1, 0)
    monkeypatch.setenv(KEYS, "n" * 40)

    async with site.browser() as other:
        await other.post("/sign-in", {"name": "helen", "password": PASSWORD})
        assert (await other.post("/sign-in/code", {"code": site.code("helen")})).status_code == 303


async def test_a_key_that_was_stored_as_it_is_is_encrypted_at_the_start(site: Console, browser: Browser) -> None:
    await site.add(browser, "helen", "manager")
    await site.running.sql("UPDATE users SET totp_secret = %(plain)s", plain=site.secrets["helen"])

    async with site.running.app.begin() as tx:
        assert await seal_all(tx) == 1

    [row] = await site.running.sql("SELECT totp_secret FROM users")
    assert site.secrets["helen"] not in row["totp_secret"]


async def test_without_the_key_that_encrypted_a_recovery_code_still_signs_in(
    site: Console, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    await browser.choose(await site.link("helen", "manager"))
    recovery = (await site.set_up(browser, "helen")).text.split("<li>")[1].split("<")[0]
    await site.running.sql("UPDATE users SET totp_step = 0")
    monkeypatch.setenv(KEYS, "x" * 40)

    async with site.browser() as other:
        await other.post("/sign-in", {"name": "helen", "password": PASSWORD})
        assert (await other.post("/sign-in/code", {"code": site.code("helen")})).status_code == 422
        assert (await other.post("/sign-in/code", {"recovery": recovery})).status_code == 303


async def test_line_9_the_stream_of_a_session_that_was_ended_closes_within_5_seconds(
    site: Console, browser: Browser
) -> None:
    await site.enter(browser, "olga", "operations")
    async with site.browser() as other:
        await site.enter(other, "dana", "rep", "rep-1")
        open_stream = asyncio.create_task(other.get("/stream?about=task"))
        await asyncio.sleep(0.3)
        assert not open_stream.done()
        dialog = (await browser.get("/settings/users?sessions=dana")).text
        found = re.search(r'name="session" value="([^"]+)"', dialog)
        assert found, dialog

        await browser.do("end_sessions", target="dana", session=found[1])

        assert (await asyncio.wait_for(open_stream, 5)).status_code == 200
        assert (await other.get("/settings/me")).status_code == 303
    assert (await browser.get("/settings/me")).status_code == 200


async def test_access_is_reviewed_every_90_days_by_another_person(site: Console, browser: Browser) -> None:
    await site.enter(browser, "olga", "operations")
    async with site.browser() as other:
        await site.enter(other, "dana", "rep", "rep-1")
    assert "Review due" not in (await browser.get("/settings/users")).text
    await site.running.sql("UPDATE users SET added_at = added_at - interval '91 days'")
    due = await browser.get("/settings/users?due=1")
    assert due.text.count("1 day late") == 2

    await browser.do("review_user", target="dana")

    assert (await browser.do("review_user", target="olga")).status_code == 409  # not one's own
    assert (await browser.get("/settings/users")).text.count("1 day late") == 1
    reviewed = await site.running.ask(ReviewUser(name="olga", actor="ann"))
    assert (reviewed.reviewed_on, reviewed.review_due_on) == (date(2026, 7, 1), date(2026, 9, 29))
    assert [each.reviewed_on for each in await site.running.ask(Users())] == [date(2026, 7, 1)] * 2
