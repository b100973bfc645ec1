"""Does one click end all letters to a recipient? (RFC 8058, R83, R85)"""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import NAMESPACE_OID, uuid5

import httpx
import pytest

from services.notifier.domain.tokens import token_of
from services.notifier.usecases.suppressing import Letter, refused
from shared.contracts.events import AddressSuppressionChanged, EmailUnsubscribed
from shared.contracts.notifier_suppressions import LiftSuppression, WhySuppressed
from tests.support.running import Running

OLD, NEW = "an old key of at least 32 characters", "a new key of at least 32 characters"
ADA = "Ada+news@example.org"
LETTER, TASK = uuid5(NAMESPACE_OID, "letter"), uuid5(NAMESPACE_OID, "task")
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIPELINE_TOKEN_KEYS", f"{NEW},{OLD}")


@pytest.fixture
async def client(notifier: Running) -> AsyncIterator[httpx.AsyncClient]:
    await notifier.sql(
        """
        INSERT INTO messages (message_id, draft_id, task_id, version, revision, facility_id, rep, from_name, from_email,
            to_email, subject, body, state, approved_by, approved_at)
        VALUES (%(letter)s, %(letter)s, %(task)s, 1, '1', '335001', 'rep-1', 'Ann Lee', 'ann@seller.example',
            %(email)s, 'Hello', 'Hello', 'sent', 'ann', now())
        RETURNING message_id
        """,
        letter=LETTER,
        task=TASK,
        email=ADA,
    )
    base = f"http://127.0.0.1:{notifier.app.http_port}"
    async with httpx.AsyncClient(base_url=base, trust_env=False) as client:
        yield client


def path(key: str = NEW, email: str = "ada+news@example.org") -> str:
    return f"/u/{token_of(LETTER, email, key)}"


async def test_one_post_without_cookie_or_redirect_unsubscribes_once_however_often_it_is_repeated(
    notifier: Running, client: httpx.AsyncClient
) -> None:
    answers = [await client.post(path(), data=ONE_CLICK), await client.post(path(OLD), files={"a": b"x"})]
    answers.append(await client.post(path() + "/", content=b"List-Unsubscribe=One-Click"))

    assert [each.status_code for each in answers] == [200, 200, 200]
    assert not any("set-cookie" in each.headers or "location" in each.headers for each in answers)
    [event] = await notifier.published(EmailUnsubscribed)
    assert (event.task_id, event.facility_id, event.email) == (TASK, "335001", "Ada+news@example.org")
    [state] = await notifier.published(AddressSuppressionChanged)
    assert (state.target, state.channels, state.source) == ("ada@example.org", ("email",), "email.unsubscribed")
    async with notifier.app.relay.begin() as tx:
        assert await refused(tx, [Letter(LETTER, "ADA@example.org", [], "335001")])
    why = await notifier.ask(WhySuppressed(email="ada@example.org"))
    assert [each.message_id for each in why.statements] == [event.message_id]


async def test_opening_the_link_changes_nothing_and_shows_a_page_without_script(
    notifier: Running, client: httpx.AsyncClient
) -> None:
    answers = [await client.get(path()), await client.head(path())]

    assert [each.status_code for each in answers] == [200, 200]
    page = answers[0].text
    assert 'method="post"' in page
    assert "Ada+news@example.org" in page
    assert "<script" not in page
    assert "default-src 'none'" in answers[0].headers["content-security-policy"]
    assert await notifier.published(EmailUnsubscribed) == []
    assert (await notifier.ask(WhySuppressed(email="ada@example.org"))).in_force == []


async def test_a_wrong_link_is_not_found_and_changes_nothing(notifier: Running, client: httpx.AsyncClient) -> None:
    wrong = [path("another key of at least 32 characters"), path(email="ben@example.org"), "/u/x", f"/u/{'A' * 46}"]

    for each in wrong:
        for answer in (await client.get(each), await client.post(each, data=ONE_CLICK)):
            assert (answer.status_code, answer.headers["content-type"]) == (404, "text/plain; charset=utf-8")
            assert "not one of ours" in answer.text
    assert await notifier.published(AddressSuppressionChanged) == []


async def test_the_link_works_again_after_a_person_lifted_the_suppression(
    notifier: Running, client: httpx.AsyncClient
) -> None:
    await client.post(path(), data=ONE_CLICK)
    await notifier.ask(LiftSuppression(email="ada@example.org", reason="subscribed again", actor="ann"))

    await client.post(path(), data=ONE_CLICK)

    assert [each.lifted for each in await notifier.published(AddressSuppressionChanged)] == [False, True, False]
    assert len(await notifier.published(EmailUnsubscribed)) == 1


async def test_no_rate_limit_loses_an_opt_out(notifier: Running, client: httpx.AsyncClient) -> None:
    assert {(await client.post(f"/u/{'A' * 46}")).status_code for _ in range(120)} == {404}
    assert (await client.post(path(), data=ONE_CLICK)).status_code == 200
