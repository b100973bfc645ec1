"""Does anyone without the permission get personal data? Line 8 of the console's specification, on every page."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from services.console.domain.permissions import ROLES, SCREENS, Role
from services.console.rendering.frame import navigation
from services.console.screens.surface import PAGES
from services.console.usecases.framing import words_of_pack
from services.console.usecases.measuring import kpis
from services.console.usecases.reading import FIELDS, KEPT, TYPED
from shared.contracts import events as e
from shared.contracts.notifier import Draft, DraftDetails
from shared.contracts.refusals import AskFailed
from shared.contracts.requests import Question
from shared.contracts.sequencer import Day
from shared.contracts.sequencer_capacity import AccountStanding, Capacity, CapacityPlan
from shared.contracts.sequencer_replies import DayOfWork
from shared.contracts.topology import PERSONAL
from tests.integration.test_console_worklist import due
from tests.support.console import Browser, Console, Services, one_browser
from tests.support.running import Running, run_service
from tests.support.samples import sample
from tests.support.sequencing import listed, scored
from tests.support.servers import TestServers

pytestmark = pytest.mark.asyncio(loop_scope="module")
browser = one_browser

NAME = "Ada Moss"
"""The person whom every field names in which people can be named."""
TODAY = date(2026, 7, 1)
TASK = UUID(int=99)
WITHOUT: tuple[Role, ...] = ("operations", "reader", "auditor")
STATES: dict[type[e.Event], dict[str, Any]] = {
    e.LeadState: {"phase": "lost", "stage": "lost", "lead_id": UUID(int=1)},
    e.EnrollmentState: {"sequence": "ny-snf-21-day", "status": "stopped"},
    e.TaskDone: {"done_on": TODAY},
    e.RepAway: {"to_on": TODAY},
}
"""What makes pages show an event."""


def naming(kind: type[e.Event], number: int) -> e.Event:
    """An event that names the person wherever it can."""
    given = {"facility_id": "335001", "person": e.Person(role="don", name=NAME), "enrollment_id": UUID(int=number)}
    given |= {
        name: value for base, values in STATES.items() if issubclass(kind, base) for name, value in values.items()
    }
    named = TYPED | (FIELDS - {"marks", "person", "sender"} if kind in PERSONAL else set())
    typed = dict.fromkeys(named - KEPT.get(kind, set()), NAME)
    fields = kind.model_fields
    return sample(kind, full=True, **{name: value for name, value in (given | typed).items() if name in fields})  # type: ignore[no-any-return]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(servers: TestServers) -> AsyncIterator[Running]:
    """A console that has every event of an account."""
    kinds = [kind for kind in e.every_event() if kind.SUBJECT not in ("facility.listed", "score.changed", "dead")]
    async with run_service("console", servers) as running:
        await running.receive(listed("335001"), scored("335001", 1))
        await running.receive(*(naming(kind, number) for number, kind in enumerate(kinds)))
        yield running


async def reply(request: Question[Any], service: str) -> Any:
    """What the owners of tasks, drafts and days reply."""
    if isinstance(request, Day):
        return DayOfWork(on=TODAY, rep=request.rep, tasks=[due(1, TASK, "335001", person=NAME)])
    if isinstance(request, DraftDetails):
        return Draft(
            draft_id=UUID(int=5), task_id=TASK, facility_id="335001", rep="rep-1", channel="call", template=None,
            to_email=None, subject=None, body=f"Dear {NAME}", reason=None, drafted_on=TODAY, facts={}, pack="test",
            version=1, marks=[], status="draft",
        )  # fmt: skip
    if isinstance(request, Capacity):
        standing = AccountStanding(
            facility_id="335001", facility="Home", tier=1, score=Decimal(40), owner=None, state="paused",
            reason=f"{NAME} moves house", starts_on=None,
        )  # fmt: skip
        return CapacityPlan(
            scope="team", most=4, days=[], late=[], counts={"paused": 1}, waiting=[standing], scarce=[], touches=[]
        )
    raise AskFailed("No service replies.", 503)


@pytest_asyncio.fixture(loop_scope="module")
async def site(shared: Running) -> Console:
    return Console(shared, Services(reply))


def paths() -> list[str]:
    """Every page, also its other views."""
    given = {"facility": "335001", "task": str(TASK), "chain": "some words", "name": "ny-snf-21-day"}
    found = [
        re.sub(r"\{(\w+)\}", lambda name: given.get(name[1], "x"), page.path)
        for page in PAGES
        if page.path not in ("/stream", "/dashboards/figures/{name}")
    ]
    other = (
        f"/worklist/{TASK}?who=rep-1", "/pipeline?view=table", "/pipeline?view=table&again=1",
        "/capacity?state=paused#listed", "/find?q=moss",
        *(f"/sequences/ny-snf-21-day/runs?state={state}" for state in ("waiting", "ended")),
        *(f"/inbox?state={state}" for state in ("decided", "dismissed", "judge")),
        "/dashboards/funnel?from=2026-01-01&to=2026-12-31",
        *(f"/dashboards/figures/{kpi.name}?from=2026-01-01&to=2026-12-31" for kpi in kpis()),
    )  # fmt: skip
    return [*found, *other]


@pytest.mark.parametrize("role", WITHOUT)
async def test_line_8_no_page_and_no_file_names_a_person_to_those_who_may_not_see_people(
    site: Console, browser: Browser, role: Role
) -> None:
    await site.enter(browser, role, role)

    answers = {path: await browser.get(path) for path in paths()}

    assert [path for path, answer in answers.items() if NAME in answer.text or "Ada%20" in answer.text] == []
    assert sum(answer.status_code == 200 for answer in answers.values()) > len(answers) / 2


async def test_line_8_no_event_names_a_person_to_those_who_may_not_see_people(site: Console, browser: Browser) -> None:
    await site.enter(browser, "rita", "reader")
    events = await site.running.sql("SELECT event_id, subject FROM log")

    answers = {each["subject"]: await browser.get(f"/events/{each['event_id']}") for each in events}

    assert {answer.status_code for answer in answers.values()} == {200}
    assert [subject for subject, answer in answers.items() if NAME in answer.text] == []


async def test_what_people_typed_is_shown_to_those_who_may_see_people(site: Console, browser: Browser) -> None:
    await site.enter(browser, "helen", "manager")

    shown = {path for path in paths() if NAME in (await browser.get(path)).text}

    assert shown >= {
        "/facilities/335001", f"/worklist/{TASK}?who=rep-1", "/pipeline", "/pipeline.csv",
        "/capacity?state=paused#listed",
        "/sequences/ny-snf-21-day/runs?state=ended", "/dashboards/funnel?from=2026-01-01&to=2026-12-31",
    }  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
async def test_line_1_the_navigation_has_exactly_the_pages_that_open(
    site: Console, browser: Browser, role: Role
) -> None:
    await site.enter(browser, role, role, "rep-1" if role == "rep" else None)
    links = {link.key: link.href for group in navigation(words_of_pack(), {}) for link in group.links}
    page = (await browser.get("/more")).text

    shown = {key for key, href in links.items() if f'href="{href}"' in page}
    opened = {key for key, href in links.items() if (await browser.get(href)).status_code == 200}

    assert shown == opened
    assert set(links) == set(SCREENS)
