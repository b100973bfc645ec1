"""Do the keys, dragging, and a second submission do what pages promise?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from playwright.sync_api import Page, Route, expect

from services.console.screens.doing.routes import in_place
from shared.contracts.refusals import Refused
from tests.browser.checks import found
from tests.browser.pages import CHROMIUM, WIDE, Opened, chromium, opened, served
from tests.browser.samples import SAMPLES

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is not installed")


PRESSED_THRICE = """() => {
    for (let n = 0; n < 3; n++) document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "2", bubbles: true}))
}"""


@dataclass(slots=True)
class Console:
    """The samples in a tab, and the commands that the pages sent."""

    found: Opened
    address: str
    posted: list[str]

    def open(self, name: str) -> Page:
        self.posted.clear()
        self.found.complaints.clear()
        self.found.page.goto(f"{self.address}/{name}")
        return self.found.page

    def command(self) -> dict[str, list[str]]:
        """The fields of the only command that was sent, once it has arrived (at most 10 seconds)."""
        for _ in range(100):
            if self.posted:
                break
            self.found.page.wait_for_timeout(100)
        expect(self.found.page.locator("h1")).to_be_visible()
        (sent,) = self.posted
        return parse_qs(urlsplit(sent).query)


@pytest.fixture(scope="module")
def console() -> Iterator[Console]:
    posted: list[str] = []
    with served(SAMPLES, posted) as address, chromium() as browser, opened(browser, WIDE, "light") as found:
        yield Console(found, address, posted)


def test_j_moves_down_and_enter_opens(console: Console) -> None:
    page = console.open("worklist")
    page.keyboard.press("j")

    with page.expect_request("**/worklist/t2") as opened_page:
        page.keyboard.press("Enter")
    assert opened_page.value.method == "GET"


def test_g_and_a_letter_go_to_a_page(console: Console) -> None:
    page = console.open("worklist")
    page.keyboard.press("g")
    page.keyboard.press("p")

    expect(page.locator("h1")).to_have_text("Pipeline")
    assert urlsplit(page.url).path == "/pipeline"


def test_line_13_an_outcome_is_sent_once_however_fast_its_key_is_pressed(console: Console) -> None:
    page = console.open("worklist")
    with page.expect_response("**/do/*"):
        page.evaluate(PRESSED_THRICE)
    page.wait_for_load_state("networkidle")
    fields = console.command()

    assert (fields["target"], fields["version"], fields["outcome"]) == (["t1"], ["7"], ["left_voicemail"])
    assert console.found.complaints == []


def test_an_outcome_without_an_answer_says_so_and_keeps_what_was_typed(console: Console) -> None:
    page = console.open("worklist")
    page.fill("#note", "Ada asked for Thursday")
    page.route("**/do/*", lambda route: route.abort())
    page.get_by_role("button", name="Voicemail").click()

    expect(page.get_by_role("status")).to_contain_text("No answer: check the connection, then try again")
    assert page.locator("#note").input_value() == "Ada asked for Thursday"
    page.unroute("**/do/*")
    page.get_by_role("button", name="Voicemail").click()
    assert console.command()["note"] == ["Ada asked for Thursday"]


def test_what_was_typed_for_one_touch_is_not_in_the_form_of_the_next(console: Console) -> None:
    page = console.open("worklist")
    following = page.request.get(page.url).text().replace('value="t1"', 'value="t2"')
    page.route("**/worklist/t2", lambda route: route.fulfill(body=following, content_type="text/html"))
    page.fill("#note", "Ada asked for Thursday")
    page.locator("a[href$='/worklist/t2']").first.click()

    expect(page.locator("form.ending [name=target]")).to_have_value("t2")
    expect(page.locator("#note")).to_have_value("")


def test_what_is_typed_stays_while_the_same_touch_is_loaded_again(console: Console) -> None:
    page = console.open("worklist")
    page.fill("#note", "Ada asked for Thursday")
    page.locator(".filters .chip").first.evaluate("chip => chip.href = location.href")
    with page.expect_response("**/worklist"):
        page.locator(".filters .chip").first.click()
    page.wait_for_load_state("networkidle")

    expect(page.locator("#note")).to_have_value("Ada asked for Thursday")


def test_a_refused_form_keeps_what_was_typed_and_is_sent_again_by_another_id(console: Console) -> None:
    ids: list[str] = []

    def refuse(route: Route) -> None:
        ids.append(parse_qs(route.request.post_data or "")["command_id"][0])
        response = in_place(UUID(ids[-1]), Refused(f"Refusal {len(ids)}.", 422))
        route.fulfill(status=422, headers=dict(response.headers), body=bytes(response.body))

    page = console.open("worklist")
    page.fill("#note", "Ada asked for Thursday")
    page.route("**/do/*", refuse)
    for n in (1, 2):
        page.get_by_role("button", name="Voicemail").click()
        expect(page.get_by_role("alert")).to_have_text(f"Refusal {n}.")
    expect(page.get_by_role("alert")).to_be_in_viewport()
    assert urlsplit(page.url).path == "/worklist"
    page.unroute("**/do/*")
    page.get_by_role("button", name="Voicemail").click()
    fields = console.command()

    assert fields["note"] == ["Ada asked for Thursday"]
    assert len({*ids, *fields["command_id"]}) == 3
    assert len(fields["command_id"]) == 1


def test_enter_in_a_note_begins_a_line_and_ends_no_touch(console: Console) -> None:
    page = console.open("worklist")
    page.fill("#note", "Ada asked")
    page.press("#note", "Enter")
    page.keyboard.type("for Thursday")

    assert page.locator("#note").input_value() == "Ada asked\nfor Thursday"
    assert console.posted == []


def test_copying_leaves_what_was_done_and_its_undo_alone(console: Console) -> None:
    page = console.open("worklist")
    before = page.locator("#status").inner_text()
    page.locator(".person .copy").click()

    expect(page.locator(".person .copy")).to_contain_text("Copied")
    assert page.locator("#status").inner_text() == before


def test_the_page_states_at_once_that_the_network_is_gone(console: Console) -> None:
    page = console.open("worklist")
    page.context.set_offline(True)
    expect(page.locator("#fresh")).to_have_class(re.compile("fresh-lost"))
    page.context.set_offline(False)


def test_a_note_that_was_begun_goes_on_in_the_form_of_another_outcome(console: Console) -> None:
    page = console.open("worklist")
    page.fill("#note", "has a contractor\nuntil May")
    page.keyboard.press("Escape")
    page.keyboard.press("5")

    expect(page.locator(".dock details[open] [name=note]")).to_have_value("has a contractor\nuntil May")


def test_a_letter_that_is_typed_into_a_field_is_no_key(console: Console) -> None:
    page = console.open("worklist")
    page.keyboard.press("n")
    page.keyboard.type("1 jgw?")

    assert page.locator("#note").input_value() == "1 jgw?"
    assert console.posted == []
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+?")
    expect(page.locator("#keys")).to_be_visible()


def test_a_key_opens_the_form_on_a_button_and_escape_closes_it(console: Console) -> None:
    page = console.open("worklist")
    page.keyboard.press("s")
    expect(page.get_by_role("button", name="Skip this touch")).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.get_by_role("button", name="Skip this touch")).to_be_hidden()


def test_line_16_a_card_dragged_to_a_stage_that_asks_opens_its_question(console: Console) -> None:
    page = console.open("pipeline")

    with page.expect_request("**/pipeline?move=l&to=lost"):
        page.locator("[data-card]").first.drag_to(page.locator("[data-stage=lost] h2"))


def test_a_dialog_on_a_page_has_the_focus_and_escape_leaves_it(console: Console) -> None:
    page = console.open("pipeline-lost")
    assert page.evaluate("!!document.activeElement.closest('dialog:modal')")

    page.keyboard.press("Escape")
    expect(page.locator("dialog[data-modal]")).to_have_count(0)
    assert urlsplit(page.url).path == "/pipeline"


def test_line_31_pages_without_script_can_do_the_same(console: Console) -> None:
    posted = console.posted
    posted.clear()
    browser = console.found.page.context.browser
    assert browser is not None
    with opened(browser, WIDE, "light", script=False) as tab:
        tab.page.goto(f"{console.address}/worklist")
        tab.page.get_by_role("button", name="Spoke").click()
        assert urlsplit(tab.page.url).path == "/worklist"

    (sent,) = posted
    assert "outcome=reached" in sent


@pytest.mark.parametrize("paper, width", [("A4", 794), ("Letter", 816)])
def test_line_37_the_worklist_is_printed_with_its_numbers_and_nothing_else(
    console: Console, paper: str, width: int
) -> None:
    page = console.open("worklist")
    before = page.viewport_size
    page.set_viewport_size({"width": width, "height": 1_000})
    page.emulate_media(media="print")

    assert found(page, "wide") == []
    assert {each.is_visible() for each in page.locator(".due, .due .print-only").all()} == {True}
    assert {each.is_visible() for each in page.locator(".rail, .tabs, .dock, .btn").all()} == {False}
    assert page.pdf(format=paper).startswith(b"%PDF")
    page.emulate_media(media="screen")
    page.set_viewport_size(before or {"width": 1280, "height": 860})


def test_line_17_back_restores_the_place_of_lists_and_what_was_selected(console: Console) -> None:
    page = console.open("worklist")
    places = "() => [...document.querySelectorAll('.scroll')].map(list => list.scrollTop)"
    selected = page.locator("[data-row] [type=checkbox]").nth(5)
    selected.check()
    page.set_viewport_size({"width": 1280, "height": 500})
    page.evaluate("document.querySelectorAll('.scroll').forEach(list => { list.scrollTop = 90 })")
    assert page.evaluate(places) == [90, 90]
    page.locator("nav [href='/inbox']").first.click()
    expect(page.locator("h1")).to_have_text("Signal inbox")
    page.go_back()

    expect(selected).to_be_checked()
    assert page.evaluate(places) == [90, 90]
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})


def test_shift_selects_all_rows_from_the_last_one_that_was_selected(console: Console) -> None:
    page = console.open("worklist")
    boxes = page.locator("[data-row] [type=checkbox]")

    def selected() -> list[int]:
        return [number for number, box in enumerate(boxes.all()) if box.is_checked()]

    boxes.nth(4).click()
    boxes.nth(1).click(modifiers=["Shift"])
    assert selected() == [1, 2, 3, 4]
    expect(page.locator("[data-selected] b").first).to_have_text("4")

    boxes.nth(3).click(modifiers=["Shift"])
    assert selected() == [4]
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Shift+X")
    assert selected() == [3, 4, 5]


def test_a_telephone_on_its_side_has_the_pages_of_a_telephone(console: Console) -> None:
    page = console.open("worklist")
    page.set_viewport_size({"width": 844, "height": 390})

    expect(page.locator(".tabs")).to_be_visible()
    expect(page.locator(".rail")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 844
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    expect(page.locator(".rail")).to_be_visible()
