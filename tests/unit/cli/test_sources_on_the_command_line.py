"""Is it shown what came from a source, which rule allowed it, and what is wrong with an option?"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from cli.main import app
from cli.printing import sources as printed
from shared.contracts.ingest_sources import (
    LedgerRow,
    LedgerSums,
    PostingAccount,
    Sighting,
    SourceDetail,
    SourceState,
    TestedSource,
)

AT = datetime(2026, 7, 1, 9, 30, tzinfo=UTC)


def a_row(**fields: Any) -> LedgerRow:
    given = {
        "fetch_no": 7, "source": "maple", "kind": "fetch", "adapter": "career_site", "rule": "robots",
        "rule_sha256": "ab" * 32, "detail": "robots.txt of maple.example allowed it", "actor": None, "import_id": None,
        "started_at": AT, "finished_at": AT, "requests": 12, "bytes": 900, "outcome": "complete", "note": None,
        "new": 3, "seen": 0, "again": 1_040, "refused": 1, "refusals": {"title: is missing": 1}, "closed": 2,
    }  # fmt: skip
    return LedgerRow.model_validate({**given, **fields})


def a_state(**fields: Any) -> SourceState:
    given = {
        "name": "maple", "kind": "fetched", "adapter": "career_site", "state": "stopped", "listed": 1_043,
        "warning": "5 fetches in a row failed", "next_at": AT, "last_at": AT, "last": a_row(),
    }  # fmt: skip
    return SourceState.model_validate({**given, **fields})


def shown(capsys: pytest.CaptureFixture[str]) -> str:
    captured = capsys.readouterr()
    return " ".join((captured.out + captured.err).split())


def test_sources_are_listed_with_what_came_last_and_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    printed.sources([a_state(), SourceState(name="board", kind="pushed", state="ready")], str)

    text = shown(capsys)
    assert "3 new, 1,040 unchanged, 1 refused, 2 closed" in text
    assert "board pushed ready never" in text
    assert "maple: 5 fetches in a row failed" in text


def test_without_a_source_it_is_explained_how_to_add_one(capsys: pytest.CaptureFixture[str]) -> None:
    printed.sources([], str)

    assert "pipeline source add NAME --adapter KIND" in shown(capsys)


def test_a_source_is_shown_with_its_options_its_rule_and_its_last_failure(capsys: pytest.CaptureFixture[str]) -> None:
    options = {"sitemaps": ["https://maple.example/a.xml", "https://maple.example/b.xml"]}
    detail = SourceDetail(
        state=a_state(rule="robots", failures=5, error="status 503"), options=options, hosts=["maple.example"]
    )

    printed.source(detail, str)

    text = shown(capsys)
    assert "career_site (sitemaps=https://maple.example/a.xml,https://maple.example/b.xml)" in text
    assert "The last of 5 failures in a row: status 503" in text


def test_text_of_a_source_cannot_control_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    printed.came(a_row(note="\x1b[2Jhello", refusals={"title: \x1b]0;x": 1}))

    assert "\x1b" not in shown(capsys)


def test_a_test_that_has_not_happened_yet_is_not_taken_for_an_empty_one(capsys: pytest.CaptureFixture[str]) -> None:
    printed.test(TestedSource(name="maple", asked_at=AT, tested_at=None))

    assert "was not tested yet" in shown(capsys)


def test_an_account_of_a_posting_names_the_rule_and_its_hash(capsys: pytest.CaptureFixture[str]) -> None:
    account = PostingAccount(
        posting_id=uuid4(),
        source="maple",
        source_posting_id="4001",
        title="Cook",
        employer_name="Maple Manor",
        first_seen_on=date(2026, 7, 1),
        last_seen_on=date(2026, 7, 2),
        closed_on=None,
        sightings=[Sighting(seen_at=AT, seen_on=AT.date(), title="Cook", closed_on=None, row=a_row())] * 3,
    )

    printed.account(account, str)

    text = shown(capsys)
    assert "fetch 7, robots: robots.txt of maple.example allowed it, sha256 abababababab; seen again 2 times" in text
    assert text.count("fetch 7") == 1


def test_postings_that_the_ledger_does_not_account_for_are_a_problem(capsys: pytest.CaptureFixture[str]) -> None:
    printed.totals(LedgerSums(postings=10, missing=1, sums=[]))

    assert "1 of 10 postings have no row of the ledger." in shown(capsys)


@pytest.mark.parametrize(
    "arguments,problem",
    [
        (("--set", "token=maple"), "--adapter"),
        (("--adapter", "greenhouse", "--set", "maple"), "is not like OPTION=VALUE"),
        (("--adapter", "ukg", "--accept-terms", "yes"), "is not like 'Dana Reyes, 2026-07-01'"),
        (("--adapter", "ukg", "--accept-terms", "Dana, July"), "is not a date"),
        (("--adapter", "coresignal", "--licence-until", "soon"), "is not a date"),
    ],
)
def test_an_option_that_cannot_be_meant_is_refused_before_anything_is_sent(
    arguments: tuple[str, ...], problem: str
) -> None:
    done = CliRunner().invoke(app, ["source", "add", "maple", *arguments])

    assert done.exit_code != 0
    assert problem in " ".join((done.output + str(done.exception)).replace("│", " ").split())
