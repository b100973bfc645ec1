"""Do dashboards show to each role what it may see, and does each figure open exactly its list?"""

from __future__ import annotations

import csv
import re
from collections.abc import AsyncIterator
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from pydantic_core import to_json

from shared.contracts.console import AuditLog
from shared.contracts.requests import Question
from shared.contracts.sequencer_sla import OwnerLoad, SlaClocks, SlaReport
from tests.support.console import Browser, Console, Services, one_browser
from tests.support.running import Running, run_service
from tests.support.sequencing import listed, scored
from tests.support.servers import TestServers

pytestmark = pytest.mark.asyncio(loop_scope="module")
browser = one_browser

ROWS = re.compile(r"<tr data-row")
HOSTILE = "=<script>alert(1)</script>"
FIGURE = "/dashboards/figures/touch_completion"
SIGNAL = {"title": "RN", "urgency": 3, "last_seen_on": "2026-06-30", "expires_on": "2099-01-01"}


async def add_event(console: Running, subject: str, day: str, number: int, **data: Any) -> None:
    await console.sql(
        """
        INSERT INTO read.log (event_id, subject, facility_id, rep, day, at, trace, data) VALUES
            (%(id)s, %(subject)s, '335001', %(rep)s, %(day)s, %(day)s::date + time '15:00', '', %(data)s::jsonb)
        """,
        id=UUID(int=number),
        subject=subject,
        rep=data.get("rep"),
        day=day,
        data=to_json(data).decode(),
    )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(servers: TestServers) -> AsyncIterator[Running]:
    """A console with two reps: of 12 touches each, one did all and the other a half on the day."""
    async with run_service("console", servers) as running:
        await running.receive(listed("335001", name=HOSTILE))
        for place, rep in enumerate(("rep-1", "rep-2")):
            await running.sql(
                """
                INSERT INTO read.states (kind, id, version, status, rep, data)
                VALUES ('rep', %(rep)s, 1, '', %(rep)s, jsonb_build_object('name', 'Name of ' || %(rep)s))
                """,
                rep=rep,
            )
            for number in range(12):
                at, day = 100 * place + 2 * number + 1, f"2026-06-{24 + number % 7}"
                task: dict[str, Any] = {"task_id": str(UUID(int=at)), "facility_id": "335001", "channel": "call"}
                task |= {"kind": "step", "step_no": 1, "persona": "don"}
                await add_event(running, "task.due", day, at, **task, rep=rep, due_on=day, tier=1, sequence="s")
                if number % (place + 1) == 0:
                    await add_event(
                        running, "task.done", day, at + 1, **task, status="done", done_by=rep, done_on=day, outcome=None
                    )
        yield running


async def clocks(request: Question[Any], service: str) -> Any:
    assert isinstance(request, SlaClocks)
    owners = [OwnerLoad(owner=f"rep-{n}", accounts=5 * n, breached=n, at_risk=0, on_track=4 * n) for n in (1, 2)]
    return SlaReport(rows=[], owners=owners, breached_by_tier={1: 3}, monitored=0, monitor="MONITOR")


@pytest_asyncio.fixture(loop_scope="module")
async def site(shared: Running) -> Console:
    return Console(shared, Services(clocks))


@pytest.mark.parametrize(
    "query, reached, of",
    [
        pytest.param("", 18, 24, id="the last seven days, all"),
        pytest.param("?rep=rep-2", 6, 12, id="a rep"),
        pytest.param("?from=2026-06-24&to=2026-06-26", 9, 12, id="three days"),
    ],
)
async def test_line_21_a_figure_is_as_long_as_its_list(
    site: Console, browser: Browser, query: str, reached: int, of: int
) -> None:
    await site.enter(browser, "helen", "manager")
    page = (await browser.get(f"/dashboards/health{query}")).text
    assert f"{reached}/{of}" in page
    [href] = set(re.findall(r'class="value">\s*<a href="(/dashboards/figures/touch_completion[^"]*)"', page))

    every = (await browser.get(href.replace("&amp;", "&"))).text
    done = (await browser.get(href.replace("&amp;", "&") + "&state=reached")).text

    assert len(ROWS.findall(every)) == of
    assert len(ROWS.findall(done)) == reached
    assert "<script>alert" not in every
    assert "&lt;script&gt;" in every


@pytest.mark.parametrize("query", ["", "?rep=rep-2&state=reached", "?from=2026-06-24&to=2026-06-26&state=missing"])
async def test_line_26_the_file_of_a_figure_and_its_events_have_every_row_of_its_list(
    site: Console, browser: Browser, query: str
) -> None:
    await site.enter(browser, "helen", "manager")
    page = (await browser.get(FIGURE + query)).text

    hrefs = {each.replace("&amp;", "&") for each in re.findall(r'class="btn" href="([^"]+)"', page)}
    file, events = sorted(hrefs)
    rows = list(csv.DictReader(StringIO((await browser.get(file)).text)))
    listed_events = (await browser.get(events)).text

    assert len(rows) == len(ROWS.findall(page)) == len(ROWS.findall(listed_events)) > 0
    assert {row["name"] for row in rows} == {f"'{HOSTILE}"}
    column = "reached by" if "reached" in query else "event"
    assert [row for row in rows if f'href="/events/{row[column]}"' not in listed_events] == []
    assert [each.action for each in await site.running.ask(AuditLog(name="helen", limit=1))] == ["export_figure"]


async def test_a_rep_gets_the_file_and_the_events_of_own_figures_only(site: Console, browser: Browser) -> None:
    await site.enter(browser, "dana", "rep", "rep-1")

    for path in (f"{FIGURE}.csv?", "/events?cohort=touch_completion&", "/events.csv?cohort=touch_completion&"):
        assert (await browser.get(f"{path}rep=rep-1")).status_code == 200
        assert (await browser.get(f"{path}rep=rep-2")).status_code == 403
        assert (await browser.get(path)).status_code == 403
    of_all = "/dashboards/figures/signal_matched"
    assert (await browser.get(f"{of_all}?rep=rep-1")).status_code == 200
    assert (await browser.get(f"{of_all}.csv?rep=rep-1")).status_code == 403  # the list is of the team


async def test_a_rep_sees_own_figures_and_totals_of_the_team_only(site: Console, browser: Browser) -> None:
    await site.enter(browser, "dana", "rep", "rep-1")

    team = (await browser.get("/dashboards/health")).text
    own = (await browser.get("/dashboards/health?rep=rep-1")).text

    assert "18/24" in team
    assert "Name of rep-1" in team
    assert "Name of rep-2" not in team
    assert "rep=rep-2" not in team + own
    assert "12/12" in own
    assert (await browser.get("/dashboards/health?rep=rep-2")).status_code == 403
    for query in ("", "?rep=rep-2"):
        assert (await browser.get(f"/dashboards/figures/touch_completion{query}")).status_code == 403
    assert (await browser.get("/dashboards/figures/touch_completion?rep=rep-1")).status_code == 200


@pytest.mark.parametrize("path", ["/dashboards/funnel", "/dashboards/scores", "/dashboards/scores/accounts"])
async def test_the_other_dashboards_open_for_those_who_may_see_them(site: Console, browser: Browser, path: str) -> None:
    for role in ("manager", "operations", "reader", "auditor"):
        await site.enter(browser, role, role)
        assert (await browser.get(f"{path}?rep=rep-2")).status_code == 200
    await site.enter(browser, "dana", "rep", "rep-1")
    assert (await browser.get(path)).status_code == 200
    assert (await browser.get(f"{path}?rep=rep-2")).status_code == 403


async def test_nothing_links_to_a_list_that_the_role_may_not_open(site: Console, browser: Browser) -> None:
    await site.enter(browser, "operations", "operations")

    main = (await browser.get("/dashboards/health")).text.partition("<main")[2].partition("</main>")[0]

    assert "Same day" in main
    assert not re.findall(r'href="/(?:worklist|inbox|drafts)', main)


async def test_a_page_changes_with_the_next_event(site: Console, browser: Browser, shared: Running) -> None:
    await site.enter(browser, "helen", "manager")
    days = "?from=2026-05-01&to=2026-05-02"
    assert "nothing to count yet" in (await browser.get(f"/dashboards/figures/touch_completion{days}")).text

    late = {"task_id": str(UUID(int=999)), "facility_id": "335001", "kind": "step", "channel": "call"}
    await add_event(shared, "task.due", "2026-05-01", 0, **late, rep="rep-1", due_on="2026-05-01")

    assert "0 of 1" in (await browser.get(f"/dashboards/figures/touch_completion{days}")).text


async def test_a_page_counts_what_commits_after_later_events_and_reads_a_rebuilt_log_anew(
    site: Console, browser: Browser, shared: Running
) -> None:
    await site.enter(browser, "helen", "manager")

    async def shown() -> str:
        return (await browser.get("/dashboards/figures/touch_completion?from=2026-04-01&to=2026-04-02")).text

    async def add(number: int) -> None:
        task = {"task_id": str(UUID(int=number)), "facility_id": "335001", "kind": "step", "channel": "call"}
        await add_event(shared, "task.due", "2026-04-01", number, **task, rep="rep-1", due_on="2026-04-01")

    assert "nothing to count yet" in await shown()
    await shared.sql("BEGIN")
    await add(2001)
    async with shared.app.begin() as tx:
        await tx.run(
            """
            INSERT INTO log (event_id, subject, at, trace, data)
            SELECT %(id)s, subject, at - interval '2 months', '', data || '{"due_on": "2026-04-02", "task_id": "later"}'
            FROM log WHERE subject = 'task.due' LIMIT 1
            """,
            id=UUID(int=2002),
        )
    assert "0 of 1" in await shown()
    await shared.sql("COMMIT")
    assert "0 of 2" in await shown()

    await shared.sql("ALTER TABLE read.log RENAME TO former")
    await shared.sql("CREATE TABLE read.log (LIKE read.former INCLUDING ALL)")
    assert "nothing to count yet" in await shown()
    await shared.sql("DROP TABLE read.log")
    await shared.sql("ALTER TABLE read.former RENAME TO log")
    assert "0 of 2" in await shown()


@pytest.mark.parametrize(
    "path, status",
    [
        pytest.param("/dashboards/health?from=2026-13-01", 400, id="no day"),
        pytest.param("/dashboards/health?from=2026-06-02&to=2026-06-01", 400, id="the end before the beginning"),
        pytest.param("/dashboards/figures/none", 404, id="no figure"),
        pytest.param("/dashboards/figures/win_rate?state=other", 400, id="no part"),
        pytest.param("/dashboards/figures/win_rate?page=x", 400, id="no page"),
        pytest.param("/dashboards/scores/accounts?at=other", 400, id="no part of a tier"),
    ],
)
async def test_what_is_not_there_is_refused_in_words(site: Console, browser: Browser, path: str, status: int) -> None:
    await site.enter(browser, "helen", "manager")

    assert (await browser.get(path)).status_code == status


@pytest.mark.parametrize("path", ["/dashboards/scores/accounts", "/dashboards/signals"])
async def test_line_26_the_files_of_scores_and_signals_have_every_row_of_their_lists(
    site: Console, browser: Browser, path: str
) -> None:
    await site.running.receive(scored("335001", 1, "58.0"))
    await site.running.sql(
        """
        INSERT INTO read.states (kind, id, facility_id, version, status, data)
        VALUES ('signal', '335001/mds', '335001', 1, 'matched', %(data)s::jsonb) ON CONFLICT DO NOTHING
        """,
        data=to_json({"role_family": "mds", "signals": [SIGNAL]}).decode(),
    )
    await site.enter(browser, "rita", "reader")
    page = (await browser.get(path)).text

    [row] = csv.DictReader(StringIO((await browser.get(f"{path}.csv")).text))

    assert f'href="{path}.csv' in page
    assert len(ROWS.findall(page)) == 1
    assert (row["number"], row["name"]) == ("335001", f"'{HOSTILE}")
    await site.enter(browser, "dana", "rep", "rep-1")
    assert (await browser.get(f"{path}.csv")).status_code == 403
    assert f"{path}.csv" not in (await browser.get(path)).text
    assert (await browser.get(f"{path}.csv?rep=rep-1")).status_code == 200
