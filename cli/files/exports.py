"""Which lists does the pack write about the running stack: its playbooks and its reports?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from cli.files import reports as files
from cli.files.accounts import of_stack
from engines.reports.pack import Playbook, Report, playbooks_in, reports_in
from engines.reports.rows import listed


@dataclass(frozen=True, slots=True)
class Written:
    """A list of the pack with its command, the number of its accounts, and its file if it has one."""

    title: str
    command: str
    accounts: int
    path: Path | None


def write_all(folder: Path, out: Path) -> list[Written]:
    """Write every list of the pack in a folder, as the commands do."""
    playbooks, reports = playbooks_in(folder), reports_in(folder)
    if not (playbooks or reports):
        return []
    out.mkdir(parents=True, exist_ok=True)
    found = of_stack(folder)
    written = []
    for title, command, report, file in _lists(playbooks, reports):
        rows = listed(report, found.accounts, found.words, found.more)
        path = out / file if file else None
        if path:
            files.write_csv(rows, path)
        written.append(Written(title, command, len(rows.rows), path))
    return written


def _lists(playbooks: dict[str, Playbook], reports: dict[str, Report]) -> Iterator[tuple[str, str, Report, str | None]]:
    for name, playbook in playbooks.items():
        report = reports[playbook.report]
        chosen = replace(report, where=(*report.where, *playbook.where))
        yield f"Playbook {playbook.title}", f"pipeline playbook export {name}", chosen, f"{name}.csv"
    for name, report in reports.items():
        yield report.title, f"pipeline report {name}", report, report.file
