"""Does the console keep its promises with all services behind it, in a real browser?"""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from shared.contracts.sequencer_touches import ReassignTask, SkipTask
from tests.browser.checks import found
from tests.browser.keyboard import CURRENT, STATUS, end_touch, go, stated, tab_to
from tests.browser.pages import CHROMIUM, chromium
from tests.browser.working import Working, reachable, working

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is not installed")

CHANGED = """() => {
    document.querySelector("#fresh").dataset.changes = "1";
    document.dispatchEvent(new Event("htmx:after:swap", { bubbles: true }));
}"""
"""What the stream does when something changed that the page shows."""
LONG = os.environ.get("LONG") == "1"
PASSWORD = "correct horse battery staple"


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Working]:
    with chromium() as browser, working(tmp_path_factory.mktemp("console"), browser) as running:
        yield running


def end_first(page: Page) -> None:
    """End the touch that is open by its first outcome."""
    with page.expect_response("**/do/complete_task"):
        page.locator(".outcomes button").first.click()


@pytest.mark.parametrize("role", ["rep", "manager", "operations"] if LONG else ["manager"])
def test_line_5_no_page_with_real_data_makes_the_browser_complain(console: Working, role: str) -> None:
    with console.tab(role) as tab:
        for path in reachable(tab.page, console.url, queries=LONG):
            assert found(tab.page, "foreign") == [], path
            assert found(tab.page, "wide") == [], path
            assert found(tab.page, "unlike") == [], path
            assert tab.page.locator("h1").count() == 1, path
            assert tab.complaints == [], path


def test_line_10_the_order_is_the_sequencers(console: Working) -> None:
    with console.tab("manager") as tab:
        tab.page.goto(f"{console.url}/worklist?who=rep-2")
        shown = {
            row.get_attribute("id"): row.locator(".rank").inner_text().strip() for row in tab.page.locator(".due").all()
        }

    tasks = console.tasks("rep-2")
    assert shown == {f"row-{each.task_id}": str(each.rank) for each in tasks}
    assert len(tasks) > 3


def test_line_13_two_clicks_and_two_tabs_are_one_event(console: Working) -> None:
    first, second = [each for each in console.tasks("rep-2") if each.channel == "call"][:2]
    with console.tab("manager") as tab:
        page, other = tab.page, tab.page.context.new_page()
        other.route("**/stream*", lambda route: route.abort())  # a page that hears nothing, as after sleep
        for each in (page, other):
            each.goto(f"{console.url}/worklist/{first.task_id}?who=rep-2")
        end_first(page)
        end_first(other)
        expect(other.locator("h1")).to_have_text("This has changed")

        page.goto(f"{console.url}/worklist/{second.task_id}?who=rep-2")
        with page.expect_response("**/do/complete_task"):
            page.locator(".outcomes button").first.dblclick()
        expect(page.locator(f"#row-{second.task_id}")).to_have_count(0)

    assert [console.count("task.done", str(each.task_id)) for each in (first, second)] == [1, 1]


def test_line_14_undo_restores_rank_and_date(console: Working) -> None:
    def order() -> list[tuple[str, int, str]]:
        return [(str(each.task_id), each.rank, str(each.due_on)) for each in console.tasks("rep-2")]

    before = order()
    task = next(each for each in console.tasks("rep-2") if each.channel == "call")
    with console.tab("manager") as tab:
        tab.page.goto(f"{console.url}/worklist/{task.task_id}?who=rep-2")
        end_first(tab.page)
        expect(tab.page.locator(f"#row-{task.task_id}")).to_have_count(0)
        assert str(task.task_id) not in str(order())
        tab.page.keyboard.press("z")
        expect(tab.page.locator(f"#row-{task.task_id}")).to_be_visible()

    assert order() == before


def test_line_16_a_card_dragged_to_lost_asks_and_cancel_leaves_it(console: Working) -> None:
    with console.tab("manager") as tab:
        page = tab.page
        page.goto(f"{console.url}/pipeline")
        card, lost = page.locator("[data-card]").first, page.locator(".column", has_text="Lost").last
        lead = card.get_attribute("id")
        column = page.locator(f".column:has(#{lead})").get_attribute("data-stage")
        card.drag_to(lost.locator("h2"))
        asked = page.locator("dialog[open] form").inner_text()
        assert "Reason" in asked
        page.get_by_role("link", name="Cancel").click()
        expect(page.locator("dialog[data-modal]")).to_have_count(0)
        assert page.locator(f".column:has(#{lead})").get_attribute("data-stage") == column

        page.locator(f"#{lead} summary").click()
        page.locator(f"#{lead} [data-to={lost.get_attribute('data-stage')}]").click()
        expect(page.locator("dialog[open]")).to_be_visible()
        assert page.locator("dialog[open] form").inner_text() == asked
        assert tab.complaints == []


def test_line_17_back_restores_filters_place_and_selection(console: Working) -> None:
    first, second, third, *_ = console.tasks("rep-2")
    with console.tab("manager") as tab:
        page = tab.page
        page.goto(f"{console.url}/facilities?tier=3")
        name = page.locator("[data-row] .name").nth(25)
        name.scroll_into_view_if_needed()
        place = page.evaluate("scrollY")
        assert place > 800
        name.click()
        expect(page).to_have_url(re.compile("/facilities/"))
        page.wait_for_function("scrollY === 0")
        page.go_back()
        expect(page).to_have_url(f"{console.url}/facilities?tier=3")
        expect(page.locator(".chosen").first).to_be_visible()
        page.wait_for_function("place => scrollY === place", arg=place)

        page.goto(f"{console.url}/worklist/{third.task_id}?who=rep-2")
        chosen = [page.locator(f"#row-{each.task_id} [type=checkbox]") for each in (first, second)]
        for each in chosen:
            each.check()
        page.locator(".touch-head h2 a").click()
        expect(page).to_have_url(re.compile("/facilities/"))
        page.go_back()
        expect(page.locator(CURRENT)).to_have_attribute("id", f"row-{third.task_id}")
        for each in chosen:
            expect(each).to_be_checked()
        expect(page.locator("[data-selected] b")).to_have_text("2")
        assert tab.complaints == []


def test_line_18_changes_of_a_page_that_was_left_appear_on_no_other(console: Working) -> None:
    late: list[Route] = []
    with console.tab("manager") as tab:
        page = tab.page
        page.goto(f"{console.url}/worklist?who=rep-2")
        page.route("**/worklist?who=rep-2", lambda route: late.append(route))
        page.evaluate(CHANGED)
        go(page, "p", "Pipeline")
        [changes] = late
        with page.expect_response("**/worklist?who=rep-2") as arrived:
            changes.continue_()
        arrived.value.finished()
        page.wait_for_timeout(300)  # for as long as a swap may take

        assert page.locator("h1").inner_text() == "Pipeline"
        assert tab.complaints == []


def test_line_18_a_row_with_the_focus_stays_until_it_is_asked_for(console: Working) -> None:
    *_, last = [each for each in console.tasks("rep-1") if each.channel == "research"]
    with console.tab("rep") as tab:
        page = tab.page
        page.goto(f"{console.url}/worklist")
        page.locator(f"#row-{last.task_id}").wait_for()
        page.keyboard.press("j")
        focused = page.evaluate("document.activeElement.closest('[data-row]').id")
        console.ask(SkipTask(task_id=str(last.task_id), reason="test", actor="ann"))
        expect(page.locator("#changes")).to_be_visible(timeout=15_000)
        assert page.evaluate("document.activeElement.closest('[data-row]').id") == focused
        assert page.locator(f"#row-{last.task_id}").count() == 1

        page.keyboard.press("u")
        expect(page.locator(f"#row-{last.task_id}")).to_have_count(0)


def test_line_26_a_file_has_as_many_rows_as_its_list_states(console: Working) -> None:
    lists = 0
    with console.tab("manager") as tab:
        for path in ("/facilities", "/facilities?tier=2", "/discovery", "/pipeline?view=table", "/settings/audit"):
            tab.page.goto(console.url + path)
            address = tab.page.locator("a[download]").first.get_attribute("href") or ""
            rows = list(csv.reader(io.StringIO(tab.page.request.get(console.url + address).text())))
            total = tab.page.locator(".pager").inner_text().partition(" of ")[2].split()[0].replace(",", "")
            assert len(rows) - 1 == int(total), path
            lists += len(rows) > 2

    assert lists == 5


def test_line_31_without_script_people_do_the_same(console: Working) -> None:
    link = console.add("lee", "rep-1")
    with console.visitor(script=False) as tab:
        page = tab.page
        page.goto(link)
        page.fill("#f-password", PASSWORD)
        page.fill("#f-again", PASSWORD)
        page.get_by_role("button", name="Continue").click()
        expect(page.locator("h1")).to_have_text("Worklist")

        task = next(each for each in console.tasks("rep-1") if each.channel == "call")
        page.goto(f"{console.url}/worklist/{task.task_id}")
        page.locator(".outcomes button").first.click()
        expect(page.locator(STATUS)).not_to_be_empty()
        assert console.count("task.done", str(task.task_id)) == 1

        page.goto(f"{console.url}/inbox")
        page.get_by_role("button", name="Accept").first.click()
        expect(page.locator(STATUS)).to_contain_text("posting")

        page.goto(f"{console.url}/pipeline")
        card = page.locator("[data-card]").first
        card.locator("summary").click()
        card.locator("button:not(:disabled)").first.click()
        expect(page.locator(STATUS)).to_contain_text(":")

        page.goto(f"{console.url}/drafts")
        page.locator(".draft .name").first.click()
        page.get_by_role("button", name="Send").click()
        expect(page.locator(STATUS)).to_contain_text("leaves in 10")


def test_line_15_without_the_sequencer_pages_open_and_what_was_typed_is_kept(console: Working) -> None:
    task = next(each for each in console.tasks("rep-2") if each.channel == "call")
    with console.tab("manager") as tab:
        page = tab.page
        page.goto(f"{console.url}/worklist/{task.task_id}?who=rep-2")
        with console.without("sequencer"):
            page.fill("#note", "Ada asked for Thursday")
            page.locator(".outcomes button").first.click()
            expect(page.locator("h1")).to_contain_text("Not ")
            assert "Ada asked for Thursday" in page.inner_text("body")
            again = page.context.new_page()
            for path in ("/worklist?who=rep-2", "/pipeline", "/facilities", "/sequences", "/capacity"):
                answered = again.goto(console.url + path)
                assert answered is not None
                assert answered.status == 200, path
        console.wait_until_it_replies()
        page.get_by_role("button", name="Ask again").click()
        expect(page.locator("h1")).to_have_text("Worklist")

    assert console.count("task.done", "Ada asked for Thursday") == 1


def test_line_11_a_day_is_worked_off_by_keyboard_alone(console: Working) -> None:
    link = console.add("kim", "rep-1")
    with console.visitor() as tab:
        page = tab.page
        page.goto(link)
        for name in ("password", "again"):
            tab_to(page, f"#f-{name}")
            page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("Worklist")
        go(page, "s", "Settings")
        tab_to(page, "form[action='/sign-out'] button")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("Sign in")
        tab_to(page, "#f-name")
        page.keyboard.type("kim")
        tab_to(page, "#f-password")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("Worklist")

        go(page, "d", "Drafts")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        expect(page.locator(".envelope")).to_be_visible()
        assert "leaves in 10" in stated(page, "Control+Enter")

        go(page, "i", "Signal inbox")
        assert "posting" in stated(page, "1")

        go(page, "p", "Pipeline")
        for _ in range(60):
            page.keyboard.press("j")
            if page.evaluate("!!document.activeElement.closest('[data-card]')?.querySelector('.move button:enabled')"):
                break
        page.keyboard.press("m")
        tab_to(page, "details[open] button:not(:disabled)")
        with page.expect_response("**/do/*"):
            page.keyboard.press("Enter")
        expect(page.locator(STATUS)).to_contain_text(", from ")

        if LONG:
            console.begin_next_day()
        for task in console.tasks("rep-2"):
            console.ask(ReassignTask(task_id=str(task.task_id), to="rep-1", actor="ann"))
        go(page, "w", "Worklist")
        for _ in range(12 if LONG else 3):
            end_touch(page)
        assert "aken back" in stated(page, "z")
        assert tab.complaints == []
