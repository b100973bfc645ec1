"""Do the real systems outside still speak as the adapters read them? Only with `--live`, and where there is internet.

A system that asks for a key, or for the consent of an employer, is asked only if `LIVE_<ADAPTER>` states the options of
its adapter in JSON, and `LIVE_<ADAPTER>_SECRET` its key: LIVE_UKG='{"code": "MAP1000", "board": "..."}'.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from services.ingest.adapters import ADAPTERS
from services.ingest.adapters.protocol import SECRET, Answer, Listed, Listing, Request

PUBLIC: dict[str, dict[str, Any]] = {
    "greenhouse": {"token": "greenhouse"},
    "lever": {"site": "leverdemo"},
    "smartrecruiters": {"company": "smartrecruiters", "details": False},
}
"""Boards of the systems' own vendors."""
WITHOUT_NETWORK = ("folder", "aapacn_csv")
MOST_REQUESTS = 5
AGENT = "FacilityPipeline (a test of its adapters)"

pytestmark = pytest.mark.live


def options_of(name: str) -> dict[str, Any]:
    stated = os.environ.get(f"LIVE_{name.upper()}")
    if stated is None and name not in PUBLIC:
        pytest.skip(f"LIVE_{name.upper()} does not state whom to ask: the options of the adapter, in JSON")
    options: dict[str, Any] = json.loads(stated) if stated else PUBLIC[name]
    return options


def secret_of(name: str) -> str:
    secret = os.environ.get(f"LIVE_{name.upper()}_SECRET", "")
    if ADAPTERS[name].secret and not secret:
        pytest.skip(f"LIVE_{name.upper()}_SECRET does not state the key")
    return secret


def sent(request: Request, secret: str) -> Answer:
    """The answer of a real system; skips the test where it is not reached."""
    headers = {name: value.replace(SECRET, secret) for name, value in request.headers}
    try:
        with httpx.Client(timeout=30, headers={"user-agent": AGENT}) as client:
            found = client.request(request.method, request.url, headers=headers, content=request.body)
    except httpx.TransportError as error:
        pytest.skip(f"this machine does not reach {httpx.URL(request.url).host}: {error}")
    return Answer(found.status_code, str(found.url), dict(found.headers), found.content)


@pytest.mark.parametrize("name", sorted(ADAPTERS.keys() - set(WITHOUT_NETWORK)))
def test_a_real_system_is_read_by_its_adapter(name: str) -> None:
    adapter = ADAPTERS[name]
    steps = adapter.fetch(adapter.options(**options_of(name)), {}, datetime.now(UTC).date())
    secret, answer, requests = secret_of(name), None, 0
    listed: list[Listed] = []
    ended: Listing | None = None
    while requests < MOST_REQUESTS and not any(each.postings for each in listed):
        try:
            step = steps.send(answer)
        except StopIteration as stopped:
            ended = stopped.value
            break
        answer = sent(step, secret) if isinstance(step, Request) else None
        requests += isinstance(step, Request)
        listed += [step] if isinstance(step, Listed) else []

    found = [posting for each in listed for posting in each.postings]
    assert found or (ended and ended.complete), f"nothing was read: {ended}"
    assert all(posting.title and posting.source_posting_id for posting in found)


@pytest.mark.parametrize(
    "url, field",
    [
        ("https://data.cms.gov/provider-data/api/1/metastore/schemas/dataset/items/4pq5-n9py", "distribution"),
        ("https://data.cms.gov/data.json", "dataset"),
    ],
)
def test_the_catalogs_of_registries_have_the_fields_that_are_read(url: str, field: str) -> None:
    answer = sent(Request(url), "")

    assert answer.status == 200
    assert json.loads(answer.body)[field]
