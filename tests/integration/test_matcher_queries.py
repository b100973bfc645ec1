"""Is every request of OpenRefine and other clients understood, or refused with a sentence?"""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from shared.contracts.matcher import AddKey
from tests.integration.test_matcher import a_facility
from tests.integration.test_matcher_reconciliation import a_query, batch, client_of, valid
from tests.support.keys import a_key
from tests.support.running import Running

WILLOW = {"q0": a_query("Willow Bend Nursing Home", city="Albany", state="New York")}
NEW_YORK = {"id": "Q1384", "name": "New York"}


@pytest.fixture
async def http(matcher: Running) -> Any:
    await matcher.receive(a_facility(), a_facility("335002", "Tern Point Manor", city="Buffalo"))
    async with client_of(matcher, await a_key(matcher.cli, AddKey, "openrefine")) as client:
        yield client


def matches(answers: dict[str, Any]) -> list[str]:
    valid(answers, "reconciliation-result-batch.json")
    return [each["id"] for answer in answers.values() for each in answer["result"] if each["match"]]


@pytest.mark.parametrize("state", ["New York", "new york", "N.Y.", "NY", NEW_YORK, [NEW_YORK], {"id": "NY"}])
@pytest.mark.parametrize("city", ["Albany", {"id": "Q24861", "name": "Albany"}, ["Albany", None]])
async def test_reconciled_cells_lists_and_full_state_names_find_the_facility(
    http: httpx.AsyncClient, state: Any, city: Any
) -> None:
    answers = await batch(http, {"q0": a_query("Willow Bend Nursing Home", city=city, state=state)})

    assert (matches(answers), "message" in answers["q0"]) == (["335001"], False)


async def test_an_unreadable_value_is_reported_in_the_result_and_there_is_no_match(http: httpx.AsyncClient) -> None:
    answers = await batch(
        http,
        {
            "city": a_query("Willow Bend Nursing Home", city={"x": 1}, state="NY", zip="12203"),
            "state": a_query("Willow Bend Nursing Home", city="Albany", state="Ontario"),
            "zip": a_query("Willow Bend Nursing Home", city="Albany", state="NY", zip="soon"),
        },
    )

    assert matches(answers) == ["335001"]
    assert [each["id"] for each in answers["zip"]["result"] if each["match"]] == ["335001"]
    assert answers["zip"]["message"].startswith("`zip` 'soon' is not a ZIP code")
    assert answers["state"] == {
        "result": [],
        "message": "`state` 'Ontario' is not a state; write NY or New York. A `state` is required.",
    }


@pytest.mark.parametrize(
    "query, message",
    [
        ({"query": "Willow Bend"}, "A `state` is required."),
        (a_query("Willow Bend", state="ON"), "No facility in ON has a similar name."),
        (a_query("---", state="NY"), "`query` has no word to search for."),
        (a_query("Zzyzx Qwrt", state="NY"), "No facility in NY has a similar name."),
        (a_query("", facility_id="335999"), "No facility 335999 is known. A `state`"),
        ({}, "A `state` is required."),
    ],
)
async def test_a_query_without_a_result_has_a_message(
    http: httpx.AsyncClient, query: dict[str, Any], message: str
) -> None:
    answers = await batch(http, {"q0": query})

    assert matches(answers) == []
    assert message in answers["q0"].get("message", "") or answers["q0"]["result"]


@pytest.mark.parametrize("path", ["/reconcile", "/reconcile/"])
async def test_the_url_works_with_a_trailing_slash_by_every_method(http: httpx.AsyncClient, path: str) -> None:
    queries = json.dumps(WILLOW)

    manifest = await http.get(path)
    by_form = await http.post(path, data={"queries": queries})
    by_address = await http.get(path, params={"queries": queries})
    by_post = await http.post(path, params={"queries": queries})
    asking = {"Origin": "http://127.0.0.1:3333", "Access-Control-Request-Method": "POST"}
    allowed = await http.options(path, headers=asking)

    valid(manifest.json(), "manifest.json")
    assert [matches(each.json()) for each in (by_form, by_address, by_post)] == [["335001"]] * 3
    assert (allowed.status_code, allowed.headers["access-control-allow-origin"]) == (200, "*")


async def test_suggestions_previews_and_the_description_work_with_a_trailing_slash(http: httpx.AsyncClient) -> None:
    paths = ["/reconcile/suggest/entity/?prefix=tern", "/reconcile/preview/?id=335002", "/openapi.json/"]

    answers = [await http.get(path) for path in paths]

    assert [each.status_code for each in answers] == [200, 200, 200]
    assert [each["id"] for each in answers[0].json()["result"]] == ["335002"]


@pytest.mark.parametrize("content", [WILLOW, {"queries": WILLOW}, {"queries": json.dumps(WILLOW)}])
async def test_queries_may_be_sent_as_json(http: httpx.AsyncClient, content: dict[str, Any]) -> None:
    answers = await http.post("/reconcile", json=content)

    assert matches(answers.json()) == ["335001"]


@pytest.mark.parametrize(
    "request_, message",
    [
        ({"data": {"extend": "{}"}}, "The manifest offers no `extend`"),
        ({"params": {"extend": "{}"}}, "The manifest offers no `extend`"),
        ({"data": {"query": "Willow Bend"}}, "A single `query` is not accepted; send `queries`"),
        ({"json": [WILLOW]}, "`queries` must be an object of queries by your own keys"),
        ({"json": {"queries": "{"}}, "is malformed"),
        ({"content": b"", "headers": {"Content-Type": "application/json"}}, "`queries` must be an object"),
        ({"files": {"queries": b"{}"}}, "Send `queries` as a form or as JSON"),
        ({}, "Send `queries` as a form or as JSON"),
    ],
)
async def test_an_unsupported_request_is_refused_with_a_sentence(
    http: httpx.AsyncClient, request_: dict[str, Any], message: str
) -> None:
    answer = await http.post("/reconcile", **request_)

    assert answer.status_code == 400
    assert message.lower() in answer.json()["message"].lower()
    if "params" in request_:
        assert (await http.get("/reconcile", **request_)).status_code == 400


async def test_a_type_an_unknown_property_and_a_limit_as_text_are_accepted(http: httpx.AsyncClient) -> None:
    query = a_query("Willow Bend Nursing Home", city="Albany", state="NY", county="Albany County")

    answers = await batch(http, {"q0": query | {"type": ["Q4260475"], "type_strict": "any", "limit": "1"}})

    assert (matches(answers), len(answers["q0"]["result"])) == (["335001"], 1)
    assert answers["q0"]["message"].startswith("`county` is not a known property;")
