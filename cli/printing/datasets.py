"""How are datasets and their vintages printed?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from cli.printing import show
from shared.contracts.ingest_datasets import Dataset, DatasetHistory, Vintage

At = Callable[[datetime], str]


def datasets(found: Sequence[Dataset], at: At) -> None:
    if not found:
        show.say("The pack names no datasets; files are imported by hand, with `pipeline import`.")
        return
    rows = [(each.name, _time(each.asked_at, at), _time(each.next_at, at), *_latest(each.vintage)) for each in found]
    show.table("Datasets", ["name", "asked", "next", "vintage", "changed", "state", "rows"], rows)
    for each in found:
        if each.vintage and each.vintage.state == "waiting":
            _reasons(each, each.vintage)
        if each.error:
            show.problem(f"{each.name}: {each.error}")
    if not any(each.polled for each in found):
        show.say("None is asked for: set PIPELINE_OUTBOUND_CONTACT to an address to which publishers can write.")


def history(found: DatasetHistory, at: At) -> None:
    dataset = found.dataset
    show.say(f"{dataset.title} ({dataset.catalogue} {dataset.id}), imported as {dataset.imports}.")
    show.say(f"Asked for {_time(dataset.asked_at, at)}, next {_time(dataset.next_at, at)}.")
    if dataset.error:
        show.problem(dataset.error)
    for each in found.vintages:
        show.line(f"\nVintage {each.vintage}, changed {each.modified or 'on an unknown day'}: {each.state}")
        show.line(f"  {each.rows:,} rows about {each.facilities:,} accounts, {each.size:,} bytes, sha256 {each.sha256}")
        show.line(f"  found {at(each.found_at)}" + (f" at {each.url}" if each.url else ""))
        for reason in each.reasons:
            show.line(f"  doubtful: {reason}")
        if each.decided_by and each.decided_at:
            show.line(f"  decided by {each.decided_by}, {at(each.decided_at)}")
        if each.imported_at:
            counts = ", ".join(f"{value:,} {name.replace('_', ' ')}" for name, value in each.counts.items() if value)
            show.line(f"  imported {at(each.imported_at)}: {counts or 'nothing new'}")
        if each.note:
            show.line(f"  {each.note}")
    if not found.vintages:
        show.say("Nothing was downloaded yet.")


def _reasons(dataset: Dataset, vintage: Vintage) -> None:
    show.say(f"Vintage {vintage.vintage} of {dataset.name} waits for a person:")
    for reason in vintage.reasons:
        show.line(f"  {reason}")
    accept, refuse = (f"`pipeline dataset {what} {dataset.name} {vintage.vintage}`" for what in ("accept", "refuse"))
    show.line(f"  {accept} imports it, {refuse} does not.")


def _latest(vintage: Vintage | None) -> tuple[str, str, str, str]:
    if vintage is None:
        return "", "", "", ""
    return str(vintage.vintage), vintage.modified, vintage.state, f"{vintage.rows:,}"


def _time(instant: datetime | None, at: At) -> str:
    return at(instant) if instant else "never"
