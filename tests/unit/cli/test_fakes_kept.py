"""Do the fakes of Slack and of a receiver of webhooks take what is right, and answer as they are set?"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from engines.crm.exchange import Answer, Request, Steps
from shared.outbound import webhooks
from tests.support.crm import Driven

SECRET = webhooks.secret_of(b"k" * 32)
CHANNEL = "/services/T1/B1/secret"


def posted(path: str, body: bytes) -> Steps[Answer]:
    answer = yield Request("POST", path, body, "application/json")
    return answer


def signed(driven: Driven, body: bytes, *secrets: str) -> dict[str, str]:
    return dict(webhooks.headers("e1", datetime.fromtimestamp(driven.clock.now, UTC), body, *(secrets or (SECRET,))))


@pytest.mark.parametrize(
    "body, status, text",
    [
        ({"text": "Good morning"}, 200, "ok"),
        ({"blocks": [{"type": "divider"}]}, 200, "ok"),
        ({}, 400, "no_text"),
        ([1], 400, "invalid_payload"),
        ({"blocks": [{}] * 51}, 400, "invalid_blocks"),
    ],
)
def test_slack_takes_messages_with_a_text_or_blocks(body: object, status: int, text: str) -> None:
    answer = Driven("hooks.slack.com").run(posted(CHANNEL, json.dumps(body).encode()))

    assert (answer.status, answer.text) == (status, text)


def test_slack_limits_messages_and_refuses_channels_that_are_gone() -> None:
    slack = Driven("hooks.slack.com")
    found = [slack.run(posted(CHANNEL, b'{"text": "a"}')) for _ in range(6)]
    assert [each.status for each in found] == [200] * 5 + [429]
    assert found[-1].headers["retry-after"] == "1"
    slack.clock.now += 1
    assert slack.run(posted(CHANNEL, b'{"text": "b"}')).status == 200
    assert len(slack.control("GET", "slack/messages")) == 6

    slack.control("PUT", "slack/settings", {"revoked": [CHANNEL], "archived": ["/services/T1/B2/x"]})
    assert slack.run(posted(CHANNEL, b'{"text": "a"}')).text == "no_service"
    assert slack.run(posted("/services/T1/B2/x", b'{"text": "a"}')).status == 410


def test_a_receiver_accepts_what_one_of_its_secrets_signed_now() -> None:
    driven, body = Driven("receiver.example"), b'{"id": "e1"}'
    driven.control("PUT", "receiver/settings", {"path": "/one", "secrets": [SECRET]})
    other = webhooks.secret_of(b"o" * 32)

    right = driven.run(posted("/one", body), signed(driven, body))
    rotated = driven.run(posted("/one", body), signed(driven, body, other, SECRET))
    forged = driven.run(posted("/one", body), signed(driven, body, other))
    changed = driven.run(posted("/one", b'{"id": "e2"}'), signed(driven, body))
    old = signed(driven, body)
    driven.clock.now += 301
    replayed = driven.run(posted("/one", body), old)

    assert [each.status for each in (right, rotated, forged, changed, replayed)] == [204, 204, 401, 401, 401]
    got = driven.control("GET", "receiver/got?path=/one")
    assert [each["accepted"] for each in got] == [True, True, False, False, False]
    assert {each["id"] for each in got} == {"e1"}


def test_a_receiver_answers_as_it_is_set_and_then_accepts() -> None:
    driven = Driven("receiver.example")
    answers: list[dict[str, Any]] = [{"status": 500, "times": 2}, {"status": 429, "retry_after": 7}, {"lie": True},
                                     {"status": 410}, {"seconds": 0.01}]  # fmt: skip
    driven.control("PUT", "receiver/settings", {"path": "/two", "answers": answers})

    found = [driven.run(posted("/two", b"{}")) for _ in range(7)]

    assert [each.status for each in found] == [500, 500, 429, 500, 410, 204, 204]
    assert found[2].headers["retry-after"] == "7"
    accepted = [each["accepted"] for each in driven.control("GET", "receiver/got?path=/two")]
    assert accepted == [False, False, False, True, False, True, True]
