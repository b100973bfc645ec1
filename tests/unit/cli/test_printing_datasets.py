"""Is it shown which datasets were downloaded, why one waits, and what to do?"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from cli.printing import datasets as printed
from shared.contracts.ingest_datasets import Dataset, DatasetHistory, Vintage

AT = datetime(2026, 7, 1, 9, 30, tzinfo=UTC)


def a_vintage(**fields: Any) -> Vintage:
    given = {
        "vintage": 3, "state": "waiting", "modified": "2026-06-30", "as_of": date(2026, 6, 30), "sha256": "ab12",
        "url": "https://data.example/f.csv", "size": 9_000, "rows": 7_300, "unreadable": 0, "facilities": 7_300,
        "reasons": ["The last vintage had 14,700 rows, and this one has 7,300 (-50%)."], "found_at": AT,
        "decided_by": None, "decided_at": None, "imported_at": None, "counts": {}, "note": None,
    }  # fmt: skip
    return Vintage.model_validate({**given, **fields})


def a_dataset(**fields: Any) -> Dataset:
    given = {
        "name": "provider-information", "title": "Provider Information", "catalogue": "pdc", "id": "4pq5-n9py",
        "imports": "facilities", "polled": True, "modified": "2026-06-30", "asked_at": AT, "next_at": None,
        "error": None, "vintage": a_vintage(),
    }  # fmt: skip
    return Dataset.model_validate({**given, **fields})


def shown(capsys: pytest.CaptureFixture[str]) -> str:
    captured = capsys.readouterr()
    return " ".join((captured.out + captured.err).split())


def test_what_waits_is_listed_with_its_reasons_and_the_commands_that_decide(capsys: pytest.CaptureFixture[str]) -> None:
    printed.datasets([a_dataset(error="data.example answers 503")], str)

    text = shown(capsys)
    assert "Vintage 3 of provider-information waits for a person: The last vintage had 14,700 rows" in text
    assert "`pipeline dataset accept provider-information 3` imports it" in text
    assert "provider-information: data.example answers 503" in text


def test_without_anyone_to_contact_it_is_stated_why_nothing_arrives(capsys: pytest.CaptureFixture[str]) -> None:
    printed.datasets([a_dataset(polled=False, vintage=None, asked_at=None)], str)

    assert "set PIPELINE_OUTBOUND_CONTACT" in shown(capsys)


def test_the_history_states_who_decided_and_what_came_of_it_without_codes_that_control_a_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    done = a_vintage(
        state="imported", decided_by="ann", decided_at=AT, imported_at=AT, counts={"imported": 7_300, "rejected": 0},
        note="Nothing was delisted.", url="https://data.example/\x1b[2Jf.csv",
    )  # fmt: skip

    printed.history(DatasetHistory(dataset=a_dataset(), vintages=[done]), str)

    text = shown(capsys)
    assert "decided by ann, 2026-07-01 09:30:00+00:00" in text
    assert "imported 2026-07-01 09:30:00+00:00: 7,300 imported Nothing was delisted." in text
    assert "\x1b" not in text
