"""Does the command line do on a running stack what its help promises?"""

from __future__ import annotations

import asyncio
import contextlib
import csv
import io
import json
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from cli.client.connection import talk
from cli.demo.invented import Invented, write_invented
from cli.files.exporting import heading
from cli.files.lists import EXPORTS
from cli.main import main
from cli.stack import lifecycle, stackfile
from cli.stack.target import REPOSITORY
from engines import packs
from shared.contracts.envelope import Envelope
from shared.contracts.kernel import InFlight
from shared.contracts.topology import SERVICES
from shared.messaging.broker import Broker, connect


@dataclass(frozen=True)
class Answer:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Stack:
    """A running stack with an invented world."""

    folder: Path
    world: Invented

    def pipeline(self, *arguments: str | Path) -> Answer:
        out, err, code = io.StringIO(), io.StringIO(), 0
        with (
            pytest.MonkeyPatch.context() as patch,
            contextlib.chdir(self.folder),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            patch.setattr(sys, "argv", ["pipeline", *map(str, arguments)])
            try:
                main()
            except SystemExit as ended:
                code = int(ended.code or 0)
        return Answer(code, out.getvalue(), err.getvalue())

    def json(self, *arguments: str) -> Any:
        return json.loads(self.pipeline(*arguments, "--json").out)

    def wait_until_idle(self) -> None:
        """Wait until every service has processed all events."""

        async def quiet(broker: Broker) -> bool:
            answers = [await broker.ask(InFlight(), service=service) for service in SERVICES]
            return not any(answer.in_flight for answer in answers)

        for _ in range(300):
            if talk(quiet):
                return
            time.sleep(0.1)
        raise AssertionError("events are still in flight")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("command-line")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PIPELINE_HOME", str(folder / "home"))
        environment.setenv("PIPELINE_ME", "bob")
        environment.setenv("PIPELINE_RETRY_DELAYS", "0.1,0.1")
        environment.setenv("PYTHONPATH", str(REPOSITORY))
        environment.delenv("PIPELINE_NATS_URL", raising=False)
        lifecycle.start("data", lambda _: None)
        try:
            running = Stack(folder, write_invented(packs.pack_folder(), folder / "invented", seed=1, days=10))
            imported = running.pipeline("import", "facilities", running.world.facilities, "--complete", "NY")
            assert imported.code == 0, imported.err
            running.wait_until_idle()
            yield running
        finally:
            lifecycle.wipe(stackfile.home(), lambda _: None)


def test_a_new_key_is_printed_with_the_address_for_openrefine(stack: Stack) -> None:
    printed = stack.pipeline("key", "add", "openrefine").out
    address = printed.split("For OpenRefine: ")[1].strip()

    with urllib.request.urlopen(address, timeout=10) as answer:
        manifest = json.load(answer)

    assert "0.2" in manifest["versions"]
    assert address.split("key=")[1] in manifest["preview"]["url"]
    assert "openrefine" in stack.pipeline("key", "list").out


def test_the_first_user_of_the_console_begins_by_the_printed_link(stack: Stack) -> None:
    added = stack.json("console", "user", "add", "olga", "--role", "operations", "--full-name", "Olga Berg")
    with urllib.request.urlopen(added["url"], timeout=10) as page:
        assert "Choose a password" in page.read().decode()
    again = stack.pipeline("console", "user", "link", "olga", "--reset-code")
    changed = stack.pipeline("console", "user", "role", "olga", "--role", "rep", "--rep", "rep-1")

    assert again.out.split()[-1].startswith(added["url"].partition("=")[0])
    assert "olga is rep (rep-1) now" in changed.out
    assert "Olga Berg" in stack.pipeline("console", "user", "list").out
    assert stack.pipeline("console", "user", "remove", "olga").code == 0
    assert stack.json("console", "user", "list") == []
    assert "There are no users yet" in stack.pipeline("console", "user", "list").out
    actions = [row["action"] for row in stack.json("audit", "list")]
    assert actions == ["remove_user", "change_role", "new_link", "add_user"]
    verified = stack.pipeline("audit", "verify")
    assert verified.out.startswith("All 4 rows follow from one another.")
    missing = stack.pipeline("audit", "verify", "--head", "0" * 63 + "1")
    assert (missing.code, "were removed" in missing.out) == (1, True)
    assert "bob" in stack.pipeline("audit", "list", "--user", "bob").out


def submit(stack: Stack, key: str, posting: dict[str, str]) -> dict[str, Any]:
    running = stackfile.read(stackfile.home())
    assert running is not None
    request = urllib.request.Request(
        f"http://127.0.0.1:{running.children['ingest'].http_port}/postings",
        json.dumps(posting).encode(),
        {"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as response:
        answer: dict[str, Any] = json.load(response)
    return answer


def test_importing_twice_changes_nothing_and_invalid_rows_are_written_to_a_file(stack: Stack) -> None:
    first = stack.pipeline("import", "postings", stack.world.postings)
    again = stack.pipeline("import", "postings", stack.world.postings)

    assert (first.code, again.code) == (0, 0)
    assert " new" in first.out
    assert " new" not in again.out
    with (stack.folder / f"{stack.world.postings.name}.rejects.csv").open() as file:
        rejects = list(csv.DictReader(file))
    assert len(rejects) == 3
    assert all(row["line"].isdigit() and row["reason"] for row in rejects)


CITATIONS = "ccn,survey date,tag\n335001,2026-03-01,F641\n"


def test_the_result_of_each_of_several_files_is_reported_and_a_refused_one_stops_no_other(stack: Stack) -> None:
    (stack.folder / "bad.csv").write_text("ccn,rain\n335001,3\n")
    (stack.folder / "broken.gz").write_bytes(b"\x1f\x8b\x08broken")
    (stack.folder / "good.csv").write_text(CITATIONS)

    answer = stack.pipeline("import", "quality", "bad.csv", "broken.gz", "good.csv")

    assert answer.code == 1
    assert "bad.csv: This is not a known quality file" in answer.err
    assert "broken.gz cannot be unpacked" in answer.err
    assert "good.csv: 1 rows" in answer.out
    assert "1 of 3 files were imported; not: bad.csv, broken.gz." in answer.out


def test_a_delisting_is_listed_first_with_the_command_that_confirms_it(stack: Stack) -> None:
    two_lines = '530009,"Two\nLines",Laramie,WY,9,2026-11-01'
    homes = [f"53{n:04d},Home {n},Laramie,WY,9,2026-11-01" for n in range(4)]
    listed = ["ccn,name,city,state,beds,as of", two_lines, *homes]
    (stack.folder / "wy.csv").write_text("\n".join(listed) + "\n")
    stack.pipeline("import", "facilities", "wy.csv")
    (stack.folder / "wy.csv").write_text("\n".join(listed[:-1]))

    shown = stack.pipeline("import", "facilities", "wy.csv", "--complete", "WY")
    done = stack.pipeline(*shown.out.split("If they are gone: pipeline ")[1].split())

    assert "may be truncated (line 6, the last one, does not end like the others); 1 of 5 listed" in shown.out
    assert "530003  Home 3, Laramie, WY" in shown.out
    assert "Line 2: the row continues to line 3" in shown.out
    assert "1 delisted" in done.out
    assert (shown.code, done.code) == (1, 0)


def test_every_posting_is_accounted_for_in_the_export(stack: Stack) -> None:
    stack.wait_until_idle()

    stack.pipeline("export", "postings", "--out", "postings.csv")

    with (stack.folder / "postings.csv").open() as file:
        rows = list(csv.DictReader(file))
    with stack.world.truth.open() as file:
        known = [row for row in csv.DictReader(file) if row["expected"] != "rejected"]
    from_feed = [row for row in rows if row["source"] != "board"]
    assert {row["source_posting_id"] for row in from_feed} == {row["source_posting_id"] for row in known}
    assert {row["outcome"] for row in rows} <= {"matched", "queued", "ignored"}
    assert tuple(rows[0]) == tuple(map(heading, EXPORTS["postings"][2]))


@pytest.mark.parametrize("what", sorted(EXPORTS))
def test_an_export_begins_with_the_names_of_its_columns(stack: Stack, what: str) -> None:
    answer = stack.pipeline("export", what, "--out", f"{what}.csv")

    assert answer.code == 0, answer.err
    header = (stack.folder / f"{what}.csv").read_text().splitlines()[0]
    assert header.startswith(",".join(map(heading, EXPORTS[what][2])) or "ccn,name,score,tier")


def test_an_accepted_inbox_entry_becomes_an_alias_and_matches_waiting_postings(stack: Stack) -> None:
    key = stack.pipeline("source", "add", "board").out.split(": ")[1].strip()
    posting = {"title": "MDS Coordinator", "employer_name": "An Unknown Employer", "city": "Albany", "state": "NY"}
    submit(stack, key, {**posting, "source_posting_id": "1"})
    stack.wait_until_idle()
    (group,) = [g for g in stack.json("inbox", "--limit", "500") if g["employer_name"] == posting["employer_name"]]

    accepted = stack.pipeline("inbox", "accept", group["key"], "33x001", "--by", "ann")
    submit(stack, key, {**posting, "source_posting_id": "2"})
    stack.wait_until_idle()

    assert "1 posting(s) matched to 33X001" in accepted.out
    stack.pipeline("export", "postings", "--out", "postings.csv")
    with (stack.folder / "postings.csv").open() as file:
        matched = [r["ccn"] for r in csv.DictReader(file) if r["source"] == "board"]
    assert matched == ["33X001", "33X001"]


def test_a_source_that_cannot_be_fetched_shows_why(stack: Stack) -> None:
    board = ("--set", "token=maple", "--set", "base=http://127.0.0.1:9")
    added = stack.pipeline("source", "add", "maple", "--adapter", "greenhouse", *board, "--paused")
    tested = stack.pipeline("source", "test", "maple")
    resumed = stack.pipeline("source", "resume", "maple")
    fetched = stack.pipeline("source", "fetch", "maple")
    listed = {each["name"]: each for each in stack.json("source", "list")}
    shown = stack.json("source", "show", "maple")
    ledger = stack.json("source", "ledger", "--source", "maple")
    removed = stack.pipeline("source", "remove", "maple")

    assert (added.code, resumed.code, fetched.code, removed.code) == (0, 0, 1, 0)
    assert (tested.code, "127.0.0.1" in tested.err) == (1, True)
    assert "maple: failed, nothing" in fetched.out
    assert "It has no open postings." in removed.out
    assert listed["maple"]["state"] == "failing"
    assert shown["options"] == {"token": "maple", "base": "http://127.0.0.1:9"}
    assert {row["outcome"] for row in ledger["rows"]} == {"test", "failed"}


def test_why_prints_the_factors_of_a_score_and_their_events(stack: Stack) -> None:
    answer = stack.json("why", "33x001")
    shown = stack.pipeline("why", "33x001")

    points = sum(float(factor["points"]) for factor in answer["breakdown"])
    assert float(answer["score"]) == pytest.approx(min(100, points * float(answer["multiplier"])), abs=0.06)
    assert any(factor["event_id"] for factor in answer["breakdown"])
    assert "Why this score" in shown.out


def test_the_linter_prints_the_share_of_facilities_without_data_by_factor(stack: Stack) -> None:
    shown = stack.pipeline("pack", "lint")

    assert "snf is sound: pack" in shown.out
    assert re.search(r"Unknown, of [1-9]\d* listed facilities", shown.out)
    assert re.search(r"mds_volume .* 100%", shown.out)


def test_an_outcome_is_recorded_once_and_counts_in_the_feedback(stack: Stack) -> None:
    first, again = (stack.pipeline("outcome", "33x002", "won", "--by", "ann") for _ in range(2))
    stack.wait_until_idle()
    feedback = stack.pipeline("score", "feedback")

    assert first.out == "Won is recorded for the lead of 33X002.\n"
    assert again.out == "That was recorded of 33X002 already; nothing was changed.\n"
    assert "1 leads are decided; nothing is concluded from fewer than 30." in feedback.out


def test_changes_of_tier_are_listed_without_calibrating(stack: Stack) -> None:
    assert stack.pipeline("calibrate").code == 0

    listed = [json.loads(stack.pipeline("crossings", "--json").out) for _ in range(2)]
    shown = stack.pipeline("crossings", "--limit", "2")

    assert listed[0] == listed[1]
    assert {"calibrated_on", "cuts", "crossings"} <= set(listed[0][0])
    assert f"Calibrated on {listed[0][0]['calibrated_on']}" in shown.out


def test_a_replay_of_several_days_reports_each_of_them(stack: Stack) -> None:
    shown = stack.pipeline("score", "replay", "--days", "2")

    yesterday, today = shown.out.splitlines()
    assert yesterday.startswith("There is nothing to replay: no facility had a score on ")
    assert today.endswith("every score equals what was stored.")
    assert shown.code == 0


def test_a_dead_letter_is_listed_shown_retried_and_discarded(stack: Stack) -> None:
    asyncio.run(_publish_poison())
    stack.wait_until_idle()

    names = [letter["name"] for letter in stack.json("dead", "list")]
    retried = stack.pipeline("dead", "retry", "matcher/1")
    shown = stack.pipeline("dead", "show", "matcher/1")
    discarded = "".join(stack.pipeline("dead", "discard", name).out for name in names)

    assert set(names) == {"matcher/1", "console/1", "courier/1"}
    assert (retried.code, "Nothing was changed" in retried.err) == (1, True)
    assert '"subject": "posting.seen"' in shown.out
    assert discarded.count("was discarded") == len(names)
    assert stack.json("dead", "list") == []


async def _publish_poison() -> None:
    running = stackfile.read(stackfile.home())
    assert running is not None
    broker = await connect(running.nats_urls["ingest"], "ingest")
    event_id = uuid4()
    headers = {"ce-id": str(event_id), "Nats-Msg-Id": str(event_id)}
    assert len(await broker.publish([Envelope(event_id, "posting.seen", headers, '{"broken": 1}')])) == 1
    await broker.close()


@pytest.mark.parametrize(
    "arguments, complaint",
    [
        (("why", "999999"), "999999"),
        (("outcome", "33X001", "lost"), "a lost lead needs a reason"),
        (("done", "00000000"), "There is no task"),
        (("done", "3"), "`pipeline worklist` prints it"),
        (("worklist", "--rep", "zoe"), "There is no rep 'zoe'; "),
        (("drafts", "--rep", "zoe"), "There is no rep 'zoe'; "),
        (("events", "nothing.*", "--since", "2026-07-01"), "No event is named 'nothing.*'; there are account.moved, "),
        (("inbox", "accept", "nosuchkey", "33X001"), "nosuchkey"),
        (("inbox", "reject", "nosuchkey"), "nosuchkey"),
        (("suppression", "why", "33X001"), "Who at 33X001? Add a role (administrator, don, regional);"),
        (("suppression", "why", "33X001", "chef"), "'chef' is not a role; roles are administrator, don, regional."),
        (("mail", "show", "zzz"), "'zzz' is not the id of a message; give at least the first four of its characters"),
        (("dead", "retry", "matcher/99"), "There is no such dead letter"),
        (("run", "scorer", "nonsense"), "it has: "),
        (("import", "postings", "nowhere.csv"), "There is no file"),
        (("import", "facilities", __file__, "--as-of", "13/1/2026"), "write it as YYYY-MM-DD"),
        (("import", "quality", __file__), "test_command_line.py: This is not a file about facilities"),
        (("why", "33X001", "--on", "yesterday"), "--on 'yesterday' is not a date"),
        (("picture", "--out", "/nowhere/scores.png"), "There is no folder /nowhere in which to write scores.png."),
        (("demo",), "Another stack is running"),
        (("up",), "Another stack is running"),
        (("simulate",), "`make demo` starts a simulation, with invented data or with your files; then `pipeline simul"),
    ],
)
def test_an_error_is_printed_as_a_sentence_with_exit_code_1(
    stack: Stack, arguments: tuple[str, ...], complaint: str
) -> None:
    answer = stack.pipeline(*arguments)

    assert answer.code == 1
    assert complaint in answer.err
    assert "Traceback" not in answer.err


def test_events_since_a_day_are_listed_in_order(stack: Stack) -> None:
    listed = stack.pipeline("events", "--since", "2026-01-01", "--json")
    none = stack.pipeline("events", "--since", "2099-01-01", "--json")

    events = [json.loads(line) for line in listed.out.splitlines()]
    assert {event["subject"] for event in events} >= {"facility.listed", "score.changed"}
    assert [event["id"] for event in events] == sorted(event["id"] for event in events)
    assert (none.code, none.out) == (0, "")


def test_events_of_one_facility_are_listed_and_of_one_kind(stack: Stack) -> None:
    listed = stack.pipeline("events", "facility.*", "--since", "2026-01-01", "--facility", "33X001", "--json")

    events = [json.loads(line) for line in listed.out.splitlines()]
    assert {event["key"] for event in events} == {"33X001"}
    assert {event["subject"].partition(".")[0] for event in events} == {"facility"}


def test_a_person_who_listens_sees_the_last_hour_in_order_and_counts_at_the_end(stack: Stack) -> None:
    command = [sys.executable, "-m", "cli.main", "listen", "facility.listed", "score.changed", "--since", "1h"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as listening:
        assert listening.stdout is not None
        lines = [listening.stdout.readline() for _ in range(1_000)]
        listening.send_signal(signal.SIGINT)
        _, noted = listening.communicate(timeout=20)

    assert sum("facility.listed" in line for line in lines) == 581
    assert [line[:16] for line in lines] == sorted(line[:16] for line in lines)
    assert (listening.returncode, noted.startswith("Events: ")) == (0, True)


def test_an_interrupted_import_reports_the_imported_rows_and_the_first_line_that_was_not(stack: Stack) -> None:
    rows = [
        {"source": "long", "source_posting_id": str(number), "title": "MDS Nurse", "employer_name": "Larkmoor Hollow"}
        for number in range(1_500)
    ]
    rows[3]["title"] = rows[4]["source"] = ""
    (stack.folder / "long.json").write_text("[\n" + ",\n".join(map(json.dumps, rows)) + ',\n{"source": "lo')

    answer = stack.pipeline("import", "postings", "long.json")

    assert answer.code == 1
    assert "long.json: 1000 rows; 998 new; 2 rejected" in answer.out
    assert "Nothing was imported from line 1002 on: long.json, line 1502: the JSON array" in " ".join(
        answer.err.split()
    )
    with (stack.folder / "long.json.rejects.csv").open() as file:
        rejects = [(row["line"], row["reason"]) for row in csv.DictReader(file)]
    assert rejects == [("5", "title: is missing"), ("6", "source: is missing; give --source NAME")]


def test_an_undated_registry_is_imported_with_a_note_and_the_state_in_lower_case(stack: Stack) -> None:
    header = "ccn,provider_name,city,state,npi,legal_business_name"
    (stack.folder / "registry.csv").write_text(f"{header}\n33X999,Larkmoor Far,Albany,NY,1,Larkmoor LLC\n")

    answer = stack.pipeline("import", "facilities", "registry.csv", "--state", "ny")

    assert answer.code == 0, answer.err
    assert "1 imported" in answer.out
    assert "The file does not state its date;" in answer.out
