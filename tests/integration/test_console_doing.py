"""Who may give which command on a page, and what comes of it? The lines 1, 4 and 38 of the console's specification."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from services.console.domain.permissions import ROLES, Role
from services.console.screens.surface import PAGES
from services.console.usecases.commands import COMMANDS
from services.console.usecases.doing_here import HERE
from services.console.usecases.reading import split
from shared.contracts.console import AuditLog, VerifyAudit
from shared.contracts.events import TaskDue
from shared.contracts.kernel import RetryDeadLetter
from shared.contracts.notifier_sending import SendDrafts
from shared.contracts.refusals import AskFailed
from shared.contracts.requests import Question
from shared.contracts.sequencer_leads import RecordedOutcome, RecordOutcome
from shared.contracts.sequencer_reps import ChangedLeave, EndLeave, LeaveRow, RecordLeave
from shared.contracts.sequencer_touches import CompleteTask, LogTouch, RecordedTask, TaskCommand
from tests.support.console import PASSWORD, SITE, Browser, Console, Services, one_browser, one_console
from tests.support.running import Running
from tests.support.samples import sample

TASK = "12345678-9abc-4def-8123-456789abcdef"
OF_OTHERS = "87654321-9abc-4def-8123-456789abcdef"
DRAFT = "00000000-0000-4000-8000-00000000000d"
pytestmark = pytest.mark.asyncio(loop_scope="module")
shared, browser = one_console, one_browser


@pytest_asyncio.fixture(loop_scope="module")
async def site(shared: Running) -> Console:
    """Its pages, with two reps, an account and a task each, and a draft of the first one."""
    site = Console(shared, Services(done))
    await site.empty()
    for number, task in enumerate((TASK, OF_OTHERS), 1):
        await shared.sql(
            """
            INSERT INTO states (kind, id, facility_id, version, status, rep, data)
            VALUES ('task', %(task)s, %(facility)s, 1, 'open', %(rep)s, %(data)s)
            """,
            task=task,
            data=json.dumps(split(sample(TaskDue, full=True, task_id=UUID(task)))[0]),
            facility=f"33500{number}",
            rep=f"rep-{number}",
        )
        await shared.sql(
            "INSERT INTO facilities (facility_id, owner) VALUES (%(facility)s, %(rep)s)",
            facility=f"33500{number}",
            rep=f"rep-{number}",
        )
    await shared.sql(
        """
        INSERT INTO states (kind, id, version, status, rep, data)
        VALUES ('draft', %(id)s, 1, '', 'rep-1', jsonb_build_object('task_id', %(task)s::text))
        """,
        id=DRAFT,
        task=TASK,
    )
    return site


async def done(request: Question[Any], service: str) -> Any:
    """What a service replies that has done what it was asked."""
    if isinstance(request, TaskCommand):
        return RecordedTask.model_construct(  # type: ignore[call-arg]  # what pages show of it
            person="Ada Moss",
            facility="WILLOW BEND",
            title="Left a voicemail",
            rep="rep-1",
            version=2,
            changed=True,
            followed=[],
            due_on=date(2026, 7, 2),
        )
    if isinstance(request, RecordOutcome):
        return RecordedOutcome.model_construct(  # type: ignore[call-arg]  # what pages show of it
            facility_id=request.facility_id, stage="lost", closed_on=date(2026, 7, 1), version=2, changed=True
        )
    if isinstance(request, RecordLeave | EndLeave):
        leave = LeaveRow(
            leave_id=UUID(int=1), rep=request.rep, from_on=date(2026, 7, 1), to_on=date(2026, 7, 2), cover=None,
            version=1,
        )  # fmt: skip
        return ChangedLeave(leave=leave, tasks=[], waits={})
    return None


def failing(code: int, message: str = "Not this one.", **fields: str) -> Any:
    async def fail(request: Question[Any], service: str) -> Any:
        raise AskFailed(message, code, fields)

    return fail


# --- line 1: who may do what ---------------------------------------------------------------------------------

SPECIFIED = """
                                        rep  manager operations reader auditor
    touches of one's own                yes  yes     -          -      -
    touches of others                   -    yes     -          -      -
    reassign, pause, assign             -    yes     -          -      -
    one's own leave                     yes  yes     -          -      -
    the inbox                           yes  yes     -          -      -
    one's own accounts                  yes  yes     -          -      -
    one's own drafts                    yes  yes     -          -      -
    suppress                            yes  yes     -          -      -
    publish a pack                      -    yes     -          -      -
    lift a suppression                  -    yes     -          -      -
    users, keys, jobs, dead letters     -    -       yes        -      -
    sources                             -    -       yes        -      -
    the exchange with a CRM             -    -       yes        -      -
    calendars of others                 -    yes     yes        -      -
    notices                             -    yes     yes        -      -
    oneself                             yes  yes     yes        yes    yes
"""
ROWS = {
    " ".join(line.split()[:-5]): dict(zip(ROLES, [each == "yes" for each in line.split()[-5:]], strict=True))
    for line in SPECIFIED.strip().splitlines()[1:]
}
BY_COMMAND = {
    "touches of one's own": "complete_task log_touch skip_task move_task undo_task add_note bookmark",
    "reassign, pause, assign": """
        reassign_task pause_enrollment resume_enrollment stop_enrollment migrate_sequence assign_account
    """,
    "one's own leave": "record_leave end_leave",
    "the inbox": "accept_group reject_group undo_decision judge_match",
    "one's own accounts": """
        move_lead fill_intake state_amount reopen_lead record_outcome undo_outcome add_contact record_departure
    """,
    "one's own drafts": "send_drafts unsend_draft edit_draft discard_draft resolve_draft",
    "suppress": "stop_contact add_suppression",
    "publish a pack": "publish_pack",
    "lift a suppression": "allow_contact lift_suppression",
    "users, keys, jobs, dead letters": """
        run_job retry_dead_letter discard_dead_letter rebuild resume_sending
        create_api_key end_source_key end_reconciliation_key end_engagement_key end_feed_key end_webhook_key
        add_user new_link change_role review_user remove_user end_sessions
        add_webhook pause_webhook resume_webhook remove_webhook rotate_secret test_webhook replay_events show_secret
    """,
    "sources": "fetch_source test_source change_source check_dataset accept_vintage refuse_vintage",
    "calendars of others": "revoke_calendar",
    "the exchange with a CRM": "set_up_crm sync_crm compare_crm",
    "notices": "add_recipient pause_recipient resume_recipient remove_recipient test_recipient",
    "oneself": """
        change_password set_preferences end_session add_key turn_off_authenticator remove_key save_view remove_view
        add_calendar remove_calendar
    """,
}
WITHOUT_FIELDS = (
    "rebuild", "resume_sending", "fetch_source", "add_calendar", "remove_calendar",
    "set_up_crm", "sync_crm", "compare_crm",
)  # fmt: skip
EXPECTED = {name: ROWS[row] for row, names in BY_COMMAND.items() for name in names.split()}


@pytest.mark.parametrize("role", ROLES)
async def test_line_1_every_role_can_give_exactly_its_commands(site: Console, browser: Browser, role: Role) -> None:
    await site.enter(browser, role, role, "rep-1" if role in ("rep", "manager") else None)

    assert set(EXPECTED) == set(COMMANDS) | set(HERE)
    for name, roles in EXPECTED.items():
        # Without fields, what is allowed is refused as incomplete; what has no fields, for its id.
        response = await browser.do(name, **({"command_id": "x"} if name in WITHOUT_FIELDS else {}))
        allowed = {"end_session": 303, "end_sessions": 303, "remove_key": 404}.get(name, 422)
        assert response.status_code == (allowed if roles[role] else 403), name
    assert site.services.asked == []


@pytest.mark.parametrize("role", ROLES)
async def test_line_1_every_page_is_shown_to_exactly_its_roles(site: Console, browser: Browser, role: Role) -> None:
    await site.enter(browser, role, role, "rep-1" if role == "rep" else None)

    for page in PAGES:
        path = page.path.replace("{name}.csv", "win_rate.csv").replace("{task}", TASK)
        path = re.sub(r"\{\w+\}", "335001", path)
        if page.path == "/stream" and SEEN[page.action][role]:
            continue  # it stays open
        for method in ("GET", "PUT", "DELETE"):
            response = await browser.client.request(method, path, headers={"Origin": str(browser.client.base_url)})
            if method != "GET":
                assert response.status_code in (403, 405)
        # Files have a rep's own accounts, of which operations have none.
        file = path.endswith(".csv") and not path.startswith("/settings/")
        queries = ("?owner=me", "?owner=rep-1", "?rep=rep-1") if file else ("",)
        shown = {(await browser.get(path + query)).status_code for query in queries}
        seen = SEEN[page.action][role] and not (file and role == "operations")
        assert (shown == {403}) is not seen, (page.path, role)


SEEN = {
    action: {role: role in roles.split() for role in ROLES}
    for action, roles in {
        "touches": "rep manager reader",
        "schedules": "rep manager reader",
        "leave": "rep manager reader",
        "inbox": "rep manager reader",
        "leads": "rep manager reader",
        "drafts": "rep manager",
        "people": "rep manager",
        "dashboards": "rep manager operations reader auditor",
        "accounts": "rep manager operations reader auditor",
        "crm": "manager operations auditor",
        "calendars": "manager operations auditor",
        "notices": "manager operations auditor",
        "packs": "manager operations auditor",
        "suppressions": "rep manager auditor",
        "sources": "manager operations auditor",
        "administration": "operations auditor",
        "audit": "rep manager operations auditor",
        "exports": "rep manager operations reader auditor",
        "oneself": "rep manager operations reader auditor",
    }.items()
}
"""Which roles see the pages about something."""


@pytest.mark.parametrize(
    "command, fields",
    [
        ("complete_task", {"target": OF_OTHERS}),
        ("skip_task", {"target": str(uuid4()), "reason": "on leave"}),
        ("add_note", {"target": "335002", "text": "x"}),
        ("move_lead", {"target": "335002", "stage": "contacted"}),
        ("record_outcome", {"target": "335999", "outcome": "won"}),
        ("record_leave", {"target": "rep-2", "to_on": "2026-07-04"}),
        ("unsend_draft", {"target": str(uuid4())}),
        ("send_drafts", {"drafts": [f"{DRAFT}:r", f"{uuid4()}:r"]}),
    ],
)
async def test_line_1_a_rep_changes_nothing_of_others(
    site: Console, browser: Browser, command: str, fields: dict[str, Any]
) -> None:
    await site.enter(browser, "dana", "rep", "rep-1")

    assert (await browser.do(command, **fields)).status_code == 403
    assert site.services.asked == []
    assert await site.running.ask(AuditLog()) == []


async def test_line_1_a_rep_changes_what_is_theirs_and_a_manager_what_is_of_any_rep(
    site: Console, browser: Browser
) -> None:
    await site.enter(browser, "dana", "rep", "rep-1")
    own: list[tuple[str, dict[str, Any]]] = [
        ("complete_task", {"target": TASK}),
        ("add_note", {"target": "335001", "text": "x"}),
        ("record_outcome", {"target": "335001", "outcome": "won"}),
        ("unsend_draft", {"target": DRAFT}),
        ("end_leave", {"target": "rep-1"}),
    ]
    for command, fields in own:
        assert (await browser.do(command, **fields)).status_code == 303, command
    await site.enter(browser, "helen", "manager")
    assert (await browser.do("complete_task", target=OF_OTHERS)).status_code == 303
    assert (await browser.do("unsend_draft", target=DRAFT)).status_code == 403  # letters are sent as oneself

    assert [request.actor for request in site.services.asked] == ["rep-1"] * 5 + ["helen"]


async def test_line_1_the_rep_of_an_open_task_can_note_something_on_an_account_of_others(
    site: Console, browser: Browser
) -> None:
    await site.running.sql("UPDATE facilities SET owner = 'rep-2'")
    await site.enter(browser, "dana", "rep", "rep-1")

    assert (await browser.do("add_note", target="335001", text="x")).status_code == 303
    await site.running.sql("UPDATE states SET status = 'ended' WHERE kind = 'task' AND id = %(id)s", id=TASK)
    assert (await browser.do("add_note", target="335001", text="x")).status_code == 403


# --- what comes of a command ---------------------------------------------------------------------------------


async def test_a_command_is_recorded_asked_for_and_reported(site: Console, browser: Browser) -> None:
    await site.enter(browser, "dana", "rep", "rep-1")
    command_id = uuid4()

    response = await browser.do(
        "complete_task",
        target=TASK,
        command_id=command_id.hex,
        version="1",
        outcome="voicemail",
        back="/worklist?tier=1",
    )

    assert (response.status_code, response.headers["location"]) == (303, "/worklist?tier=1")
    assert site.services.asked == [
        CompleteTask(command_id=command_id, actor="rep-1", task_id=TASK, outcome="voicemail", seen=1)
    ]
    [row] = await site.running.ask(AuditLog())
    assert (row.name, row.role, row.action, row.target) == ("dana", "rep", "complete_task", TASK)
    assert (row.command_id, row.outcome) == (command_id, "done")
    [session] = await site.running.sql("SELECT status FROM sessions")
    assert session["status"] == {
        "text": "Left a voicemail: Ada Moss, WILLOW BEND.",
        "icon": "check",
        "undo": {"command": "undo_task", "target": TASK, "version": 2},
        "on": "2026-07-01",
    }


async def test_what_was_done_and_its_undo_are_shown_until_the_day_ends(site: Console, browser: Browser) -> None:
    await site.enter(browser, "dana", "rep", "rep-1")
    await browser.do("complete_task", target=TASK, version="1", outcome="left_voicemail")
    today = (await browser.get("/more")).text
    await site.running.sql("UPDATE sessions SET status = jsonb_set(status, '{on}', '\"2026-06-30\"')")
    tomorrow = (await browser.get("/more")).text

    assert "Left a voicemail: Ada Moss" in today
    assert "/do/undo_task" in today
    assert "Left a voicemail" not in tomorrow
    assert "/do/undo_task" not in tomorrow


async def test_line_13_a_command_that_is_sent_twice_is_asked_for_with_one_id_and_recorded_once(
    site: Console, browser: Browser
) -> None:
    await site.enter(browser, "dana", "rep", "rep-1")
    for _ in range(2):
        assert (await browser.do("complete_task", target=TASK, command_id=f"{7:032x}")).status_code == 303
    other = await browser.do("complete_task", target=TASK, command_id=f"{7:032x}", outcome="voicemail")

    assert {request.command_id for request in site.services.asked} == {UUID(int=7)}
    assert len(await site.running.ask(AuditLog())) == 1
    assert (other.status_code, len(site.services.asked)) == (409, 2)


@pytest.mark.parametrize("code", [503, 504])
async def test_what_is_not_confirmed_can_be_sent_again_with_the_same_id(
    site: Console, browser: Browser, code: int
) -> None:
    await site.enter(browser, "dana", "rep", "rep-1")
    site.services.replies = failing(code)

    response = await browser.do("complete_task", target=TASK, command_id=f"{7:032x}", note='as "typed" <b>')

    assert response.status_code == code
    assert f'name="command_id" value="{7:032x}"' in response.text
    assert 'name="note" value="as &#34;typed&#34; &lt;b&gt;"' in response.text
    assert (await site.running.ask(AuditLog()))[0].outcome == "unconfirmed"
    site.services.replies = done
    await browser.do("complete_task", target=TASK, command_id=f"{7:032x}", note='as "typed" <b>')
    [row] = await site.running.ask(AuditLog())
    assert row.outcome == "done"


async def test_a_service_that_is_too_slow_has_not_confirmed(site: Console, browser: Browser) -> None:
    async def slow(request: Question[Any], service: str) -> Any:
        raise TimeoutError

    await site.enter(browser, "dana", "rep", "rep-1")
    site.services.replies = slow

    response = await browser.do("skip_task", target=TASK, reason="on leave")

    assert (response.status_code, "has not confirmed" in response.text) == (504, True)


async def test_of_an_outdated_command_nothing_is_lost_and_the_last_change_is_named(
    site: Console, browser: Browser
) -> None:
    await site.enter(browser, "dana", "rep", "rep-1")
    await site.running.sql(
        """
        INSERT INTO log (event_id, subject, facility_id, rep, at, trace, data)
        VALUES (%(id)s, 'task.moved', '335001', 'rep-2', '2026-07-01T13:41:00Z', '', '{}')
        """,
        id=uuid4(),
    )
    site.services.replies = failing(
        409, "This has changed since version 1 that you saw: task 12345678 is moved, at 335001."
    )

    response = await browser.do("complete_task", target=TASK, command_id=f"{7:032x}", version="1", note="Ada asked")

    assert response.status_code == 409
    for text in (
        "Nothing was changed",
        "This has changed since you saw it: the touch is moved.",
        "The last change here: by rep-2, Wed 1 Jul, 9:41 am.",
        'value="Ada asked"',
    ):
        assert text in response.text
    assert f"{7:032x}" not in response.text
    assert 'name="version"' not in response.text
    assert (await site.running.ask(AuditLog()))[0].outcome == "refused"


@pytest.mark.parametrize("by", ["the console", "the service"])
async def test_an_invalid_field_is_named_at_the_field(site: Console, browser: Browser, by: str) -> None:
    await site.enter(browser, "dana", "rep", "rep-1")
    site.services.replies = failing(422, "This day is over.", on="is in the past")

    response = await browser.do("complete_task", target=TASK, on="soon" if by == "the console" else "2026-01-01")

    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.text
    assert len(site.services.asked) == (by == "the service")


async def test_a_refused_form_shows_what_was_chosen_as_the_page_did(site: Console, browser: Browser) -> None:
    await site.enter(browser, "dana", "rep", "rep-1")
    site.services.replies = failing(422, "335001: 2026-07-04 is not a business day; rep-2 is away till 2026-07-06.")

    response = await browser.do(
        "log_touch", target="335001", role="don", outcome="left_voicemail", on="2026-07-04", note="Two\nlines"
    )

    text = response.text
    assert "Sat 4 Jul is not a business day; rep-2 is away till Mon 6 Jul." in text
    assert '<option value="left_voicemail" selected>Left a voicemail</option>' in text
    assert '<option value="don" selected>DON</option>' in text
    assert '<input id="again-on" name="on" type="date" value="2026-07-04"' in text
    assert "Two\nlines</textarea>" in text


async def test_a_refused_form_of_a_page_stays_on_the_page_and_can_be_sent_again(
    site: Console, browser: Browser
) -> None:
    await site.enter(browser, "dana", "rep", "rep-1")
    site.services.replies = failing(422, "335001: direct_phone '5' is not a telephone number.")
    sent = f"{7:032x}"

    fields = {"target": "335001", "command_id": sent, "name": "Ada", "role": "don", "direct_phone": "5"}
    response = await browser.post("/do/add_contact", fields, by_htmx=True)

    assert response.status_code == 422
    assert sent in response.headers["HX-Retarget"]
    assert (response.headers["HX-Reselect"], response.headers["HX-Push-Url"]) == (".refused", "false")
    assert "Direct line &#39;5&#39; is not a telephone number." in response.text
    assert sent not in response.text
    assert len(re.findall(r'name="command_id" value="[0-9a-f]{32}"', response.text)) == 1


async def test_a_call_without_a_task_is_logged_on_an_account_and_can_be_taken_back(
    site: Console, browser: Browser
) -> None:
    async def logged(request: Question[Any], service: str) -> Any:
        return RecordedTask.model_construct(  # type: ignore[call-arg]  # what pages show of it
            task_id=UUID(TASK), facility_id="335001", facility="WILLOW BEND", person=None, title="spoke", version=2,
            changed=True, followed=[],
        )  # fmt: skip

    site.services.replies = logged
    await site.enter(browser, "dana", "rep", "rep-1")
    await browser.do("log_touch", target="335001", role="don", outcome="reached", note="They called us")

    [asked] = site.services.asked
    assert isinstance(asked, LogTouch)
    assert (asked.facility_id, asked.channel, asked.role, asked.outcome) == ("335001", "call", "don", "reached")
    [session] = await site.running.sql("SELECT status FROM sessions")
    assert session["status"]["text"] == "Spoke: WILLOW BEND."
    assert session["status"]["undo"] == {"command": "undo_task", "target": TASK, "version": 2}
    assert (await browser.do("log_touch", target="335002", outcome="reached")).status_code == 403


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
async def test_a_form_leads_back_to_no_other_site(site: Console, browser: Browser, back: str) -> None:
    await site.enter(browser, "dana", "rep", "rep-1")

    assert (await browser.do("complete_task", target=TASK, back=back)).headers["location"] == "/"


async def test_each_of_several_targets_has_its_own_command_and_answer(site: Console, browser: Browser) -> None:
    await site.running.sql("UPDATE facilities SET name = 'WILLOW BEND' WHERE facility_id = '335001'")
    await site.enter(browser, "dana", "rep", "rep-1")

    await browser.do("skip_task", target=[TASK, OF_OTHERS], version=["1", "4"], reason="holiday")

    [asked] = site.services.asked
    assert (asked.task_id, asked.seen) == (TASK, 1)
    [session] = await site.running.sql("SELECT status FROM sessions")
    assert session["status"]["text"].startswith(
        "Skipped 1: WILLOW BEND. Not skipped: 335002. This belongs to another person"
    )


async def test_a_list_with_its_filters_is_saved_under_a_name(site: Console, browser: Browser) -> None:
    await site.enter(browser, "dana", "rep", "rep-1")
    for url in ("/facilities?tier=1", "/facilities?page=3&tier=2"):
        assert (await browser.do("save_view", name="Mine", target=url, back=url)).status_code == 303

    [view] = await site.running.sql("SELECT view_id, name, title, url FROM views")
    assert (view["name"], view["title"], view["url"]) == ("dana", "Mine", "/facilities?tier=2")
    refused = [(" ", "/events"), ("Mine", "/events"), ("Other", "//evil.example"), ("Other", "/settings/users")]
    for name, url in refused:
        assert (await browser.do("save_view", name=name, target=url)).status_code == 422
    assert await site.running.sql("SELECT url FROM views") == [{"url": "/facilities?tier=2"}]

    page = (await browser.get("/facilities?tier=2&page=1")).text
    assert '<a href="/facilities?tier=2" aria-current="true">' in page
    assert 'href="/facilities?tier=2" aria-current' not in (await browser.get("/facilities")).text
    await site.enter(browser, "helen", "manager")
    assert "Mine" not in (await browser.get("/facilities")).text
    assert (await browser.do("remove_view", target=str(view["view_id"]))).status_code == 404
    await site.enter(browser, "dana", "rep", "rep-1")
    assert (await browser.do("remove_view", target=str(view["view_id"]))).status_code == 303
    assert await site.running.sql("SELECT 1 FROM views") == []


async def test_letters_are_sent_as_they_were_read_and_dead_letters_go_to_their_service(
    site: Console, browser: Browser
) -> None:
    asked: list[tuple[Question[Any], str]] = []

    async def listen(request: Question[Any], service: str) -> Any:
        asked.append((request, service))
        return []

    site.services.replies = listen
    await site.enter(browser, "dana", "rep", "rep-1")
    await browser.do("send_drafts", drafts=[f"{DRAFT}:abc"])
    await site.enter(browser, "olga", "operations")
    assert (await browser.do("retry_dead_letter", target="3", service="matcher")).status_code == 303
    assert (await browser.do("retry_dead_letter", target="3", service="nats")).status_code == 422

    (sent, to_notifier), (retried, to_matcher) = asked
    assert isinstance(sent, SendDrafts)
    assert [(str(each.draft_id), each.revision) for each in sent.drafts] == [(DRAFT, "abc")]
    assert isinstance(retried, RetryDeadLetter)
    assert (to_notifier, to_matcher, retried.dead_no) == ("", "matcher", 3)


# --- errors --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path, status", [("/settings/users", 403), ("/nothing/here", 404), ("/events/x", 404)])
async def test_an_error_is_a_page_with_the_navigation(site: Console, browser: Browser, path: str, status: int) -> None:
    await site.enter(browser, "dana", "rep", "rep-1")

    error = await browser.get(path)

    assert error.status_code == status
    assert ('href="/worklist"' in error.text, 'id="app"' in error.text) == (True, True)
    assert "Sign in" not in error.text


async def test_what_is_undone_after_an_error_returns_to_a_page(site: Console, browser: Browser) -> None:
    await site.enter(browser, "dana", "rep", "rep-1")
    await browser.do("complete_task", target=TASK)

    error = await browser.do("complete_task", target=OF_OTHERS)

    assert error.status_code == 403
    assert "/do/undo_task" in error.text
    assert 'name="back" value="/"' in error.text


HUGE, TOO_LONG = "9" * 30, "9" * 5_000


@pytest.mark.parametrize(
    "path",
    [
        *(f"{page}?page={text}" for page in ("/facilities", "/events", "/discovery", "/pipeline") for text in (
            HUGE, TOO_LONG, "-1", "²", "x")),
        f"/sequences/ny-snf-21-day/runs?page={TOO_LONG}", f"/worklist?tier={HUGE}", f"/pipeline?tier={TOO_LONG}",
        f"/facilities?tier={HUGE}", f"/settings/audit?before={HUGE}", f"/settings/audit?before={TOO_LONG}",
        f"/dashboards/signals?page={TOO_LONG}", "/worklist?on=9999-12-31", "/dashboards/health?to=0001-01-02",
        "/dashboards/funnel?from=9999-12-31&to=9999-12-31",
    ],
    ids=lambda path: path[:40],
)  # fmt: skip
async def test_a_number_or_a_day_that_is_none_is_refused(site: Console, browser: Browser, path: str) -> None:
    await site.enter(browser, "helen", "manager")

    assert (await browser.get(path)).status_code == 400


# --- pages of settings ---------------------------------------------------------------------------------------


async def test_pages_of_settings_show_what_the_role_may_see(site: Console, browser: Browser) -> None:
    await site.enter(browser, "dana", "rep", "rep-1")
    await browser.do("complete_task", target=TASK)
    await site.enter(browser, "olga", "operations")
    await browser.do("set_preferences", theme="dark", timezone="America/Chicago")

    users, audit = await browser.get("/settings/users"), await browser.get("/settings/audit?verify=1")
    assert "dana" in users.text
    assert 'data-theme="dark"' in users.text
    assert "Complete task" in audit.text
    assert "Each row follows from the one before" in audit.text
    assert "style=" not in users.text + audit.text
    await site.enter(browser, "dana", "rep", "rep-1")
    own, mine = await browser.get("/settings/audit"), await browser.get("/settings/me")
    assert "Complete task" in own.text
    assert "Set preferences" not in own.text
    assert "dana" in mine.text
    await site.enter(browser, "helen", "manager")
    of_the_team = (await browser.get("/settings/audit")).text
    assert ("Complete task" in of_the_team, "Set preferences" in of_the_team) == (True, False)


async def test_the_audit_log_is_searched_by_what_was_done_and_to_what(site: Console, browser: Browser) -> None:
    await site.enter(browser, "helen", "manager")
    await browser.do("complete_task", target=TASK)
    await browser.do("stop_enrollment", target="335001", reason="holiday")

    found = {q: (await browser.get(f"/settings/audit?q={q}")).text for q in ("335001", "Complete%20TASK", "%25")}
    tables = {q: page.partition("<tbody>")[2] for q, page in found.items()}

    assert ("Stop enrollment" in tables["335001"], "Complete task" in tables["335001"]) == (True, False)
    assert ("Stop enrollment" in tables["Complete%20TASK"], TASK in tables["Complete%20TASK"]) == (False, True)
    assert "No row has all of these." in found["%25"]


async def test_a_user_who_was_added_by_mistake_can_be_changed_and_removed(site: Console, browser: Browser) -> None:
    await site.enter(browser, "olga", "operations")
    await browser.do("add_user", name="eve", role="reader")

    row = (await browser.get("/settings/users")).text.partition("<small>eve</small>")[2].partition("</tr>")[0]

    assert [each for each in ("new_link", "remove_user", "?role=eve") if each in row] == [
        "new_link", "remove_user", "?role=eve",
    ]  # fmt: skip
    assert "reset_code" not in row


async def test_the_audit_log_as_csv_is_recorded_and_runs_nothing(site: Console, browser: Browser) -> None:
    await site.enter(browser, "olga", "operations")
    await browser.do("end_sessions", target="=cmd|' /C calc'!A0")

    exported = await browser.get("/settings/audit.csv")

    assert exported.headers["content-type"].startswith("text/csv")
    assert ",'=cmd|' /C calc'!A0," in exported.text
    assert (await site.running.ask(AuditLog()))[0].action == "export"
    assert "end_sessions" in (await browser.get("/settings/audit.csv?outcome=done")).text
    assert "end_sessions" not in (await browser.get("/settings/audit.csv?outcome=refused")).text
    assert "audit.csv?outcome=refused" in (await browser.get("/settings/audit?outcome=refused")).text


# --- what the console does itself ----------------------------------------------------------------------------


async def test_a_person_changes_the_password_and_the_other_sessions_end(site: Console, browser: Browser) -> None:
    async with site.browser() as other:
        await site.add(other, "dana", "rep", "rep-1")
        await browser.post("/sign-in", {"name": "dana", "password": PASSWORD})
        new = {"password": "eleven geese walk south", "again": "eleven geese walk south"}

        wrong = await browser.do("change_password", current="not this one", **new)
        weak = await browser.do("change_password", current=PASSWORD, password="password1234", again="password1234")
        changed = await browser.do("change_password", current=PASSWORD, **new)

        assert (wrong.status_code, weak.status_code, changed.status_code) == (422, 422, 303)
        assert "eleven geese" not in wrong.text
        assert (await browser.get("/")).headers["location"] == "/worklist"
        assert (await other.get("/")).headers["location"].startswith("/sign-in")


async def test_a_person_ends_only_sessions_of_their_own(site: Console, browser: Browser) -> None:
    async with site.browser() as other:
        await site.enter(other, "helen", "manager")
        await site.enter(browser, "dana", "rep", "rep-1")
        sessions = {row["name"]: row["session_id"] for row in await site.running.sql("SELECT * FROM sessions")}

        assert (await browser.do("end_session", target=str(sessions["helen"]))).status_code == 404
        assert (await other.get("/")).headers["location"] == "/worklist"
        assert (await browser.do("end_session", target=str(sessions["dana"]))).status_code == 303
        assert (await browser.get("/")).headers["location"].startswith("/sign-in")


async def test_preferences_are_stored_and_only_known_ones(site: Console, browser: Browser) -> None:
    await site.enter(browser, "dana", "rep", "rep-1")

    stored = await browser.do("set_preferences", theme="dark", timezone="America/Chicago", keys="off")
    refused = await browser.do("set_preferences", theme="<b>", timezone="Mars/Base")

    assert (stored.status_code, refused.status_code) == (303, 422)
    [row] = await site.running.sql("SELECT theme, timezone, keys_off FROM users")
    assert row == {"theme": "dark", "timezone": "America/Chicago", "keys_off": True}


async def test_operations_adds_a_user_whose_link_is_shown_once(site: Console, browser: Browser) -> None:
    await site.enter(browser, "olga", "operations")
    fields = {"name": "dana", "role": "rep", "rep": "rep-1", "full_name": "Dana Whitfield", "command_id": f"{7:032x}"}

    shown = await browser.do("add_user", **fields)
    repeated = await browser.do("add_user", **fields)

    assert (shown.status_code, repeated.status_code) == (200, 200)
    links = [page.text.partition(f"{SITE}/welcome?token=")[2].partition("<")[0] for page in (shown, repeated)]
    assert len({*links, ""}) == 3
    async with site.browser() as other:
        assert (await other.get(f"/welcome?token={links[0]}")).status_code == 404
        assert (await other.choose(f"/welcome?token={links[1]}")).headers["location"] == "/"
        assert (await browser.do("change_role", target="dana", role="reader")).status_code == 303
        assert (await other.get("/")).headers["location"].startswith("/sign-in")
    assert (await browser.do("remove_user", target="olga")).status_code == 409
    assert (await browser.do("remove_user", target="dana")).status_code == 303
    stored = str(await site.running.sql("SELECT details FROM audit UNION ALL SELECT status FROM sessions"))
    assert not any(link in stored for link in links)
    actions = [(row.action, row.name, row.role) for row in await site.running.ask(AuditLog())]
    assert actions[-1] == ("add_user", "olga", "operations")


# --- line 38: the audit log ----------------------------------------------------------------------------------


async def test_line_38_there_is_one_row_a_write_without_personal_data(site: Console, browser: Browser) -> None:
    await site.enter(browser, "dana", "rep", "rep-1")
    await browser.do("add_note", target="335001", text="Ada Moss, 518-555-0142")
    await browser.do("complete_task", target=TASK, outcome="voicemail")
    await browser.get("/")

    rows = await site.running.ask(AuditLog())

    assert [row.action for row in rows] == ["complete_task", "add_note"]
    assert "Ada" not in str(rows)
    assert rows[1].details == {"facility_id": "335001", "text": "(22 characters)"}
    assert (await site.running.ask(VerifyAudit())).broken_at is None


@pytest.mark.parametrize(
    "change",
    ["UPDATE audit SET name = 'helen' WHERE action = 'skip_task'", "DELETE FROM audit WHERE action = 'skip_task'"],
)
async def test_line_38_a_changed_row_breaks_the_chain(site: Console, browser: Browser, change: str) -> None:
    await site.enter(browser, "dana", "rep", "rep-1")
    for command in ("complete_task", "skip_task", "move_task", "undo_task"):
        needed = {"skip_task": {"reason": "on leave"}, "move_task": {"until": "2026-07-02"}}
        await browser.do(command, target=TASK, **needed.get(command, {}))
    verdict = await site.running.ask(VerifyAudit())
    assert (verdict.rows, verdict.broken_at) == (4, None)
    with pytest.raises(Exception, match="append-only"):
        await site.running.sql(change)

    await site.running.sql("ALTER TABLE audit DISABLE TRIGGER audit_is_append_only")
    await site.running.sql("ALTER TABLE audit NO FORCE ROW LEVEL SECURITY")
    await site.running.sql(change)
    broken = await site.running.ask(VerifyAudit(head=verdict.head))
    await site.enter(browser, "olga", "operations")
    page = (await browser.get("/settings/audit")).text
    await site.running.sql("DELETE FROM audit WHERE audit_no > (SELECT min(audit_no) FROM audit)")
    shortened = await site.running.ask(VerifyAudit(head=verdict.head))
    await site.running.sql("ALTER TABLE audit ENABLE TRIGGER audit_is_append_only")
    await site.running.sql("ALTER TABLE audit FORCE ROW LEVEL SECURITY")

    assert broken.broken_at is not None
    assert f"Row {broken.broken_at} does not follow" in page
    assert (shortened.broken_at, shortened.contains) == (None, False)
