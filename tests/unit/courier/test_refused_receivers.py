"""Does no form of an address, and no redirect, lead a webhook to a private server?"""

from __future__ import annotations

import re
import socket
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from services.courier.domain.webhooks import Due, Webhook
from services.courier.usecases.sending import Slice, send
from services.courier.usecases.webhooks import checked_url
from shared.contracts.refusals import Refused
from shared.outbound import Outbound
from shared.outbound.webhooks import LIMITS, new_secret
from tests.support.outside import Site, answer, redirect, site
from tests.unit.outbound.test_refused_addresses import FORMS

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
AGENT = "FacilityPipeline (+mailto:ops@example.com)"


@pytest.fixture
async def canary() -> AsyncIterator[Site]:
    async with site(answer(b"reached")) as found:
        yield found


def slice_of(url: str) -> Slice:
    hook = Webhook(
        name="crm",
        url=url,
        types=["*"],
        patterns=["%"],
        tiers=None,
        states=None,
        owners=None,
        ordered=False,
        personal=False,
        added_by="ann",
        added_at=NOW,
        position=0,
        nonce=UUID(int=1),
        secret_version=1,
        both_until=None,
        failures=0,
        rests=0,
        failing_since=None,
        rest_until=None,
        paused_at=None,
        paused_by=None,
        paused_why=None,
    )
    due = Due("crm", 1, -1, uuid4(), "score.changed", "scorer", "335001", NOW, "", {})
    return Slice(hook, [due], frozenset(), (new_secret(),), "", 1, NOW)


@pytest.mark.parametrize("form", FORMS)
async def test_no_form_of_an_address_reaches_a_private_server(canary: Site, form: str) -> None:
    url = re.sub(r"\\u[0-9a-f]{4}|\\[rnt]", lambda escape: escape[0].encode().decode("unicode_escape"), form)
    url = url.replace("PORT", str(canary.port)).replace("HOSTNAME", socket.gethostname())

    for each in (url, re.sub(r"^http:", "https:", url)):
        # A name is resolved when it is asked, so that it cannot change its address afterwards.
        with suppress(Refused):
            checked_url(each)
        async with Outbound([], AGENT, limits=LIMITS) as outbound:
            sent = await send(slice_of(each), outbound, 1, lambda: NOW)
        [outcome] = sent.outcomes
        assert not outcome.delivered
        assert outcome.status == 0, "it was not asked"

    assert canary.connections == 0


def test_at_least_60_forms_are_refused_when_a_webhook_is_added() -> None:
    refused = 0
    for form in FORMS:
        with pytest.raises(Refused, match="cannot be called"):
            checked_url(form.replace("PORT", "8080"))
        refused += 1
    assert refused >= 60


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_a_failure_and_is_not_followed(canary: Site, status: int) -> None:
    """Not even to a pair that is allowed."""
    async with site(redirect(f"http://127.0.0.1:{canary.port}/", status)) as there:
        pairs = [f"127.0.0.1:{there.port}", f"127.0.0.1:{canary.port}"]
        async with Outbound(pairs, AGENT, limits=LIMITS) as outbound:
            [outcome] = (await send(slice_of(f"http://127.0.0.1:{there.port}/"), outbound, 1, lambda: NOW)).outcomes

    assert (outcome.delivered, outcome.status, there.connections, canary.connections) == (False, status, 1, 0)
    assert "redirects are not followed" in str(outcome.error)
