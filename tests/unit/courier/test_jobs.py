"""What becomes of many new records, which Salesforce is sent as a job?"""

from __future__ import annotations

import asyncio

import httpx
import pytest

from cli.fakes.kept.salesforce import OURS
from engines.crm.exchange import Answer, Request
from engines.crm.salesforce import Salesforce
from engines.crm.signing_in import token
from services.courier.domain.crm import JOB_FROM, Lane
from services.courier.domain.wanted import Wanted
from services.courier.usecases.exchanging import Exchanged, Slice, exchange
from tests.support.crm import LOST, Driven
from tests.unit.courier.test_exchanging import NOW, a_map
from tests.unit.crm.test_salesforce import CREDENTIALS

LANE = Lane("salesforce", "companies", NOW, [], {"": OURS}, NOW, None, None, None, 0, None, None, None)


def wanted(number: int, their_id: str | None = None, **values: str | None) -> Wanted:
    stated = {"name": f"Home {number}", "tier": "1", **values}
    return Wanted(f"{number:06}", 1, stated, dict.fromkeys(stated, "2026-09-20T00:00:00+00:00"), False, their_id, {}, 0)


class Organization:
    """Salesforce in this process, which can lose or spoil answers."""

    def __init__(self) -> None:
        self.driven = Driven("login.salesforce.com")
        self.driven.token = self.driven.run(token(CREDENTIALS)).access_token
        self.driven.run(Salesforce(a_map(), {}).set_up("companies"))
        self.instead: dict[str, Answer] = {}
        self.asked: list[str] = []

    def exchange(self, given: Slice) -> Exchanged:
        return asyncio.run(exchange(given, self._ask))

    def begin(self, *records: Wanted) -> Exchanged:
        return self.exchange(Slice(LANE, a_map(), records, False, NOW, as_job=True))

    def after(self, begun: Exchanged) -> Slice:
        """The slice that asks about a job."""
        return Slice(LANE._replace(job=begun.job), a_map(), (), True, NOW, sent=sorted(begun.by_job))

    @property
    def accounts(self) -> int:
        return len(self.driven.control("GET", "salesforce/objects?object=Account"))

    async def _ask(self, request: Request) -> Answer:
        asked = f"{request.method} {request.path.partition('?')[0].removeprefix('/services/data/v65.0')}"
        self.asked.append(asked)
        spoiled = next((answer for part, answer in self.instead.items() if part in asked), None)
        if spoiled is not None and spoiled is not LOST:
            return spoiled
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.driven.app)) as client:
            headers = {"authorization": f"Bearer {self.driven.token}"}
            url = f"http://localhost/{self.driven.host}{request.path}"
            got = await client.request(request.method, url, content=request.body, headers=headers)
            return Answer(0) if spoiled is LOST else Answer(got.status_code, got.content, dict(got.headers))


@pytest.fixture
def there() -> Organization:
    return Organization()


@pytest.fixture
def many() -> list[Wanted]:
    return [wanted(number) for number in range(JOB_FROM)]


def test_many_new_accounts_are_one_job_of_which_the_next_slices_ask(there: Organization, many: list[Wanted]) -> None:
    begun = there.begin(*many)
    assert begun.failure is None
    assert begun.job
    assert (len(begun.by_job), begun.merged) == (JOB_FROM, {})
    assert not any("composite" in each for each in there.asked)

    asked = len(there.asked)
    assert there.exchange(there.after(begun)).ended is None, "it runs"
    done = there.exchange(there.after(begun)).ended
    assert done is not None
    assert {each.failure for each in done} == {None}
    assert all(each.their_id for each in done)
    assert there.accounts == JOB_FROM
    assert not any("POST" in each for each in there.asked[asked:]), "no other job was begun"


def test_those_that_are_there_already_are_merged_at_once_and_few_are_no_job(
    there: Organization, many: list[Wanted]
) -> None:
    known = there.exchange(Slice(LANE, a_map(), [wanted(JOB_FROM)], False, NOW))
    begun = there.begin(*many, wanted(JOB_FROM, tier="3"))
    assert set(begun.merged) == {f"{JOB_FROM:06}"} == set(known.merged)
    assert len(begun.by_job) == JOB_FROM

    few = there.begin(*(wanted(number) for number in range(5_000, 5_003)))
    assert (few.job, len(few.merged)) == (None, 3)


def test_a_job_of_which_half_fails_states_it_for_each_record(there: Organization, many: list[Wanted]) -> None:
    half = [each._replace(values={**each.values, "score": "high"}) if int(each.id) % 2 else each for each in many]
    locked = {f"{0:06}"}
    there.driven.control("PUT", "salesforce/settings", {"locked": [*locked], "polls": 1})
    done = there.exchange(there.after(there.begin(*half))).ended
    assert done is not None
    causes = {each.id: each.failure.cause for each in done if each.failure}
    assert causes == {each.id: "record" for each in half if int(each.id) % 2} | dict.fromkeys(locked, "theirs")


@pytest.mark.parametrize("part", ["POST /jobs", "PUT /jobs", "PATCH /jobs"])
def test_a_job_that_is_cut_while_it_is_begun_is_begun_again_and_makes_no_account_twice(
    there: Organization, many: list[Wanted], part: str
) -> None:
    there.instead[part] = LOST
    cut = there.begin(*many)
    assert cut.failure
    assert (cut.failure.cause, cut.job, cut.by_job) == ("theirs", None, {})
    there.instead.clear()
    there.driven.control("PUT", "salesforce/settings", {"polls": 1})
    done = there.exchange(there.after(there.begin(*many))).ended
    assert done is not None
    assert {each.failure for each in done} == {None}
    assert there.accounts == JOB_FROM


FAILED = b'{"state": "Failed", "errorMessage": "InvalidBatch : Field name not found : FP_Tier__c"}'


@pytest.mark.parametrize(
    "answer, cause, ends",
    [
        (Answer(503), "theirs", False),
        (Answer(404, b'[{"errorCode": "NOT_FOUND", "message": "no such job"}]'), "theirs", True),
        (Answer(200, FAILED), "setup", True),
        (Answer(200, b'{"state": "Aborted"}'), "theirs", True),
        (Answer(403, b'[{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "TotalRequests"}]'), "theirs", False),
    ],
)
def test_a_job_that_ends_without_results_leaves_all_its_records_to_be_sent(
    there: Organization, answer: Answer, cause: str, ends: bool
) -> None:
    begun = Exchanged(job="750", by_job={each.id: (each, None) for each in (wanted(1), wanted(2))})  # type: ignore[misc]
    there.instead["GET /jobs/ingest/750"] = answer
    for results in ("successfulResults", "failedResults"):
        there.instead = {f"GET /jobs/ingest/750/{results}": Answer(200, b'"sf__Id"\n'), **there.instead}
    done = there.exchange(there.after(begun))
    assert done.failure
    assert done.failure.cause == cause
    assert (done.ended is not None) is ends
    assert [each.failure.cause for each in done.ended or () if each.failure] == [cause] * (2 if ends else 0)
