"""Who gets into the console, and how? The lines 2 to 5 of its specification, and what belongs to them."""

from __future__ import annotations

import re

import pytest

from shared.contracts.console import AddUser, ChangeRole, NewLink, RemoveUser, Users
from shared.contracts.refusals import AskFailed
from shared.http.html_surface import LOCAL_COOKIE
from tests.support.console import PASSWORD, Browser, Console, Services, empty_site, one_browser, one_console

HASH = "0" * 64


pytestmark = pytest.mark.asyncio(loop_scope="module")
shared, site, browser = one_console, empty_site, one_browser


async def sign_in(browser: Browser, name: str, password: str = PASSWORD) -> str:
    """Where the sign-in leads to, or the error."""
    response = await browser.post("/sign-in", {"name": name, "password": password, "next": "/drafts"})
    return response.headers.get("location") or response.text


async def test_without_users_every_page_names_the_command_for_the_first_one(browser: Browser) -> None:
    response = await browser.get("/worklist")
    page = await browser.get(response.headers["location"])

    assert "pipeline console user add NAME --role operations" in page.text


async def test_line_2_the_link_of_the_first_user_works_once(site: Console, browser: Browser) -> None:
    link = await site.link("olga", "operations")
    assert "Choose a password" in (await browser.get(link)).text
    assert "not the same" in (await browser.choose(link, again="correct horse")).text
    refused = await browser.choose(link, "password1234")
    assert (refused.status_code, "tried first" in refused.text) == (422, True)

    begun = await browser.choose(link)
    again = await browser.choose(link, "another long and strange one")

    assert begun.headers["location"].startswith("/welcome/authenticator")
    assert again.status_code == 404
    assert "was used" in again.text
    [row] = await site.running.sql("SELECT used_at IS NOT NULL AS used, token_hash FROM links")
    assert row["used"]
    assert row["token_hash"] not in link


async def test_a_link_ends_after_half_an_hour(site: Console, browser: Browser) -> None:
    link = await site.link("dana", "rep", "rep-1")
    await site.wait(minutes=30)

    assert (await browser.get(link)).status_code == 404


async def test_a_rep_begins_without_a_second_factor(site: Console, browser: Browser) -> None:
    begun = await browser.choose(await site.link("dana", "rep", "rep-1"))

    assert begun.headers["location"] == "/"
    assert (await browser.get("/")).headers["location"] == "/worklist"


async def test_line_3_a_manager_does_not_pass_without_a_code(site: Console, browser: Browser) -> None:
    begun = await browser.choose(await site.link("helen", "manager"))
    assert begun.headers["location"].startswith("/welcome/authenticator")
    assert (await browser.get("/")).headers["location"].startswith("/sign-in")
    assert (await browser.do("add_note", target="335001", text="x")).headers["location"] == "/sign-in"

    page = await browser.get("/welcome/authenticator")
    assert "otpauth://totp/" in page.text
    assert "<svg" in page.text
    assert "style=" not in page.text
    codes = await site.set_up(browser, "helen")
    assert codes.text.count("<li>") == 10
    assert (await browser.get("/")).headers["location"] == "/worklist"


async def test_line_3_a_code_works_once(site: Console, browser: Browser) -> None:
    await site.add(browser, "helen", "manager")
    await browser.post("/sign-out")

    assert (await sign_in(browser, "helen")).startswith("/sign-in/code")
    repeated = await browser.post("/sign-in/code", {"code": site.used})
    assert (repeated.status_code, (await browser.get("/")).headers["location"][:8]) == (422, "/sign-in")
    entered = await browser.post("/sign-in/code", {"code": site.code("helen", later=30), "next": "/drafts"})
    assert entered.headers["location"] == "/drafts"
    assert (await browser.get("/")).headers["location"] == "/worklist"


async def test_a_recovery_code_works_once(site: Console, browser: Browser) -> None:
    await browser.choose(await site.link("helen", "manager"))
    shown = (await site.set_up(browser, "helen")).text
    recovery = shown.split("<li>")[1].split("<")[0]

    for status in (303, 422):
        await browser.post("/sign-out")
        await sign_in(browser, "helen")
        assert (await browser.post("/sign-in/code", {"code": recovery})).status_code == status
    [row] = await site.running.sql("SELECT cardinality(recovery) AS left, recovery::text AS stored FROM users")
    assert row["left"] == 9
    assert recovery not in row["stored"]


async def test_the_token_changes_at_sign_in_and_with_the_code_and_is_stored_as_a_hash(
    site: Console, browser: Browser
) -> None:
    await site.add(browser, "helen", "manager")
    await browser.post("/sign-out")
    browser.client.cookies.set(LOCAL_COOKIE, "chosen-by-another-person", domain="127.0.0.1", path="/")

    await sign_in(browser, "helen")
    half_way = browser.token
    await browser.post("/sign-in/code", {"code": site.code("helen", later=30)})

    assert len({"chosen-by-another-person", half_way, browser.token}) == 3
    [row] = await site.running.sql("SELECT token_hash FROM sessions")
    assert row["token_hash"] not in (half_way, browser.token)
    browser.client.cookies.set(LOCAL_COOKIE, half_way, domain="127.0.0.1", path="/")
    assert (await browser.get("/")).headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("path", ["/do/add_note", "/sign-out", "/sign-in", "/sign-in/code"])
async def test_line_4_what_another_site_sends_is_refused(site: Console, browser: Browser, path: str) -> None:
    await site.add(browser, "dana", "rep", "rep-1")
    if path == "/sign-in/code":
        await site.add(browser, "helen", "manager")
        await browser.post("/sign-out")
        await sign_in(browser, "helen")

    foreign = await browser.post(path, origin="https://evil.example")
    without_origin = await browser.client.post(path, data={"csrf": "x"})
    without_token = await browser.post(path, {"csrf": ""})

    assert (foreign.status_code, without_origin.status_code) == (403, 403)
    assert without_token.status_code == (422 if path == "/sign-in" else 403)  # no session, so no token


async def test_line_5_every_response_has_the_policy(site: Console, browser: Browser) -> None:
    await site.add(browser, "dana", "rep", "rep-1")
    anonymous = ["/sign-in", "/welcome?token=x", "/static/console.css", "/static/missing", "/worklist"]
    own = ["/", "/nothing/here", "/do/add_note", "/settings/audit"]
    responses = [await browser.get(path) for path in own] + [await browser.client.put("/")]
    browser.client.cookies.clear()
    responses += [await browser.get(path) for path in anonymous]
    responses.append(await browser.client.get("/sign-in", headers={"Host": "evil.example"}))

    for response in responses:
        policy = response.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert response.headers["x-content-type-options"] == "nosniff"
    statuses = [response.status_code for response in responses]
    assert statuses == [303, 404, 405, 200, 403, 200, 404, 200, 404, 303, 421]


async def test_the_message_and_the_delay_are_the_same_for_a_wrong_name_and_password(
    site: Console, browser: Browser
) -> None:
    await site.add(browser, "dana", "rep", "rep-1")
    await browser.post("/sign-out")

    for name in ("dana", "stranger"):
        pages = [await sign_in(browser, name, "wrong") for _ in range(2)]
        await site.running.sql("UPDATE attempts SET failures = 9")  # as if more had followed
        pages += [await sign_in(browser, name, "wrong") for _ in range(2)]
        await site.wait(seconds=130)
        pages.append(await sign_in(browser, name, "wrong"))
        found = [page.partition("Wrong name or password.")[2].partition("<")[0] for page in pages]
        assert found[:2] + found[4:] == ["", " Next try in 1 s.", " Next try in 256 s."]
        assert all(90 < int(re.sub(r"\D", "", text)) <= 128 for text in found[2:4])
    await sign_in(browser, "dana", "wrong")
    assert "Next try in 2" in await sign_in(browser, "dana")  # even with the password
    await site.wait(seconds=260)
    assert await sign_in(browser, "dana") == "/drafts"
    assert not await site.running.sql("SELECT 1 FROM attempts WHERE failures = 0")
    names = await site.running.sql("SELECT typed_hash FROM attempts")
    assert not any("stranger" in row["typed_hash"] for row in names)


async def test_the_e_mail_address_names_the_user_as_well(site: Console, browser: Browser) -> None:
    link = await site.link("dana", "rep", "rep-1", email="Dana@Care.example")
    await browser.choose(link)
    await browser.post("/sign-out")

    assert await sign_in(browser, " dana@care.EXAMPLE ") == "/drafts"
    with pytest.raises(AskFailed, match="Another user has the address"):
        await site.running.ask(
            AddUser(name="eve", role="reader", email="dana@care.example", link_hash=HASH, actor="ann")
        )


@pytest.mark.parametrize("hours, uses", [(8, 0), (4, 6)])
async def test_a_session_ends_when_idle_and_after_a_day(
    site: Console, browser: Browser, hours: float, uses: int
) -> None:
    await site.add(browser, "dana", "rep", "rep-1")
    for _ in range(uses):
        assert (await browser.get("/")).headers["location"] == "/worklist"
        await site.wait(hours=hours)
    if not uses:
        await site.wait(hours=hours)

    assert (await browser.get("/")).headers["location"].startswith("/sign-in")


async def test_a_new_role_and_a_removal_end_the_sessions(site: Console, browser: Browser) -> None:
    await site.add(browser, "dana", "rep", "rep-1")
    changed = await site.running.ask(ChangeRole(name="dana", role="manager", actor="ann"))
    assert (changed.role, changed.rep, changed.ready) == ("manager", None, False)
    assert (await browser.get("/")).headers["location"].startswith("/sign-in")
    assert (await sign_in(browser, "dana")).startswith("/welcome/authenticator")
    await site.set_up(browser, "dana")
    assert (await browser.get("/")).headers["location"] == "/worklist"

    await site.running.ask(RemoveUser(name="dana", actor="ann"))

    assert (await browser.get("/")).headers["location"].startswith("/sign-in")
    assert "Wrong name or password." in await sign_in(browser, "dana")
    assert await site.running.ask(Users()) == []


async def test_another_password_ends_the_other_sessions_and_keeps_the_second_factor(
    site: Console, browser: Browser
) -> None:
    await site.add(browser, "helen", "manager")
    async with site.browser() as other:
        begun = await other.choose(await site.link("helen"), "eleven geese walk south")
        assert begun.headers["location"].startswith("/sign-in/code")
        assert (await browser.get("/")).headers["location"].startswith("/sign-in")
        begun = await other.choose(await site.link("helen", reset_code=True))
        assert begun.headers["location"].startswith("/welcome/authenticator")


async def test_after_another_password_no_link_from_before_works(site: Console, browser: Browser) -> None:
    await site.add(browser, "dana", "rep", "rep-1")
    link = await site.link("dana")
    new = "eleven geese walk south"

    changed = await browser.do("change_password", current=PASSWORD, password=new, again=new)

    assert changed.status_code == 303
    assert (await browser.get(link)).status_code == 404


async def test_who_is_sent_to_sign_in_is_informed_that_the_session_has_ended(site: Console, browser: Browser) -> None:
    ended = "Your session has ended"
    first = (await browser.get("/sign-in")).text
    await site.add(browser, "dana", "rep", "rep-1")
    await site.running.sql("UPDATE sessions SET used_at = used_at - interval '9 hours'")

    again = (await browser.get("/sign-in?next=/pipeline")).text

    assert ended not in first
    assert ended in again
    assert 'name="next" value="/pipeline"' in again


async def test_a_link_signs_in_directly_only_in_a_simulation(
    site: Console, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(AskFailed, match="only in a simulation"):
        await site.link("dana", "rep", "rep-1", purpose="sign_in")
    monkeypatch.setenv("PIPELINE_CONSOLE_SIMULATION", "true")
    link = await site.link("dana", "rep", "rep-1", purpose="sign_in")
    monkeypatch.delenv("PIPELINE_CONSOLE_SIMULATION")
    assert (await browser.get(link)).status_code == 404
    monkeypatch.setenv("PIPELINE_CONSOLE_SIMULATION", "true")

    assert (await browser.get(link)).headers["location"] == "/"
    assert (await browser.get("/")).headers["location"] == "/worklist"
    assert (await browser.get(link)).status_code == 404


@pytest.mark.parametrize("next_page", ["https://evil.example", "//evil.example", "/\\evil.example"])
async def test_signing_in_leads_to_no_other_site(site: Console, browser: Browser, next_page: str) -> None:
    await site.add(browser, "dana", "rep", "rep-1")
    await browser.post("/sign-out")

    response = await browser.post("/sign-in", {"name": "dana", "password": PASSWORD, "next": next_page})

    assert response.headers["location"] == "/"


async def test_the_address_of_pages_is_that_of_the_settings(site: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIPELINE_CONSOLE_URL", "https://console.example")
    site = Console(site.running, Services())
    async with site.browser("http://10.0.0.7:8084") as browser:
        own = {"Origin": "https://console.example"}
        link = await site.link("dana", "rep", "rep-1")
        sent = {"token": link.partition("=")[2], "password": PASSWORD, "again": PASSWORD}
        refused = await browser.post("/welcome", sent, origin="http://10.0.0.7:8084")
        begun = await browser.client.post("/welcome", data=sent, headers=own)

    assert refused.status_code == 403
    cookie = begun.headers["set-cookie"]
    assert cookie.startswith("__Host-session=")
    assert "Secure" in cookie


async def test_without_a_public_address_only_names_of_this_machine_are_served(site: Console) -> None:
    async with site.browser("http://rebound.example:8084") as browser:
        assert (await browser.get("/sign-in")).status_code == 421


async def test_a_form_that_is_too_long_is_refused(site: Console, browser: Browser) -> None:
    await site.add(browser, "dana", "rep", "rep-1")

    assert (await browser.do("add_note", target="335001", text="x" * 300_000)).status_code == 413


@pytest.mark.parametrize(
    "fields, message",
    [
        ({"role": "rep"}, "Name the rep"),
        ({"role": "operations", "rep": "rep-1"}, "Only a rep or a manager"),
        ({"role": "king"}, "role"),
        ({"name": "Dana Whitfield", "role": "manager"}, "name"),
        ({"role": "manager", "email": "dana.care.example"}, "email"),
        ({"role": "manager", "email": "dana@care.example\r\nBcc: x@evil.example"}, "email"),
    ],
)
async def test_invalid_users_are_refused(site: Console, fields: dict[str, str], message: str) -> None:
    with pytest.raises(AskFailed, match=message):
        await site.running.ask("add_user", {"name": "dana", "link_hash": HASH, "actor": "ann", **fields})


async def test_a_user_is_added_once_and_links_are_for_known_users(site: Console) -> None:
    await site.running.ask(AddUser(name="olga", role="operations", link_hash=HASH, actor="ann"))

    with pytest.raises(AskFailed, match="There is a user olga already"):
        await site.running.ask(AddUser(name="olga", role="reader", link_hash=HASH, actor="ann"))
    with pytest.raises(AskFailed, match=r"There is no user dana\. Users: olga\."):
        await site.running.ask(NewLink(name="dana", link_hash=HASH, actor="ann"))
    assert [(user.name, user.role, user.ready) for user in await site.running.ask(Users())] == [
        ("olga", "operations", False)
    ]


async def test_static_files_are_compressed_and_kept_while_pages_with_tokens_are_not(browser: Browser) -> None:
    sheet = await browser.client.get("/static/console.css?v=1", headers={"Accept-Encoding": "gzip"})
    page = await browser.client.get("/sign-in", headers={"Accept-Encoding": "gzip"})

    assert sheet.headers["Content-Encoding"] == "gzip"
    assert sheet.headers["Content-Type"].startswith("text/css")
    assert ".btn" in sheet.text
    assert "immutable" in sheet.headers["Cache-Control"]
    assert "Content-Encoding" not in page.headers
