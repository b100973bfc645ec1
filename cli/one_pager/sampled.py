"""What does an export of a pack look like, with the accounts of its sample?"""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from cli.demo.invented import START, Invented, write_invented
from cli.files.listed import of_file
from cli.linting.sections import Pack
from engines.reports.pack import Report, playbooks_in, reports_in
from engines.reports.rows import Listed, listed
from engines.scoring.kinds import SignalFactor

SEED = 7
OPEN_UNTIL = "2026-08-31"
SIGNALS = ("role_family", "urgency", "last_seen_on", "expires_on")


def sampled(pack: Pack) -> tuple[str, str, Listed]:
    """A command, the file that it writes, and its list of the sample's accounts with the sample's open postings."""
    command, file, report = _export(pack)
    with TemporaryDirectory() as temporary:
        invented = write_invented(pack.folder, Path(temporary), SEED)
        signals = _signals(pack, invented, Path(temporary, "signals.csv"))
        found = of_file(invented.facilities, pack.folder, START, signals)
    return command, file, listed(report, found.accounts, found.words, found.more)


def _export(pack: Pack) -> tuple[str, str, Report]:
    """The list of the first playbook, else the first report with a file, else all scores."""
    reports = reports_in(pack.folder)
    for name, playbook in playbooks_in(pack.folder).items():
        report = reports[playbook.report]
        chosen = replace(report, where=(*report.where, *playbook.where))
        return f"pipeline playbook export {name}", f"{name}.csv", chosen
    for name, report in reports.items():
        if report.file:
            return f"pipeline report {name}", report.file, report
    columns = {pack.get("fields").key.column: "{{ key }}", "name": "{{ facility }}"}
    columns |= {"score": "{{ score }}", "tier": "{{ tier }}"}
    columns |= {factor.factor: f"{{{{ {factor.factor}_points }}}}" for factor in pack.get("scoring").factors}
    return "pipeline export scores --out scores.csv", "scores.csv", Report("scores", "Scores", columns)


def _signals(pack: Pack, invented: Invented, path: Path) -> Path | None:
    """The sample's postings as open signals; None for a model that scores none."""
    scored = {role for each in pack.get("scoring").parts if isinstance(each, SignalFactor) for role in each.roles}
    if not scored:
        return None
    column = pack.get("fields").key.column
    with invented.truth.open(encoding="utf-8", newline="") as truth, path.open("w", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow((column, *SIGNALS))
        for row in csv.DictReader(truth):
            if row["expected"] == "account" and row["role_family"] in scored:
                writer.writerow((row[column], row["role_family"], 1, START, OPEN_UNTIL))
    return path
