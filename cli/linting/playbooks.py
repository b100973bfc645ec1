"""Can every list be written, and does a playbook name a letter, a passage and a list that exist?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cli.linting.accounts import stated
from cli.linting.sections import Pack
from engines.drafting.accounts import COMPUTED, SCORED
from engines.drafting.language import names_in
from engines.drafting.outreach import Outreach
from engines.drafting.templates import Template, Version
from engines.packs.files import Fault, suggestion
from engines.reports.pack import Condition, Playbook, Report
from engines.reports.rows import OF_LISTS
from engines.scoring.model import Model

OF_ACCOUNTS = ("company", "facility", "place", "city", "state")
SUBJECTS = 3
"""Fewer subjects make the letters of a playbook alike."""


def playbooks(pack: Pack) -> Iterator[Fault]:
    for name, report in pack.folders["reports"].items():
        if report:
            yield from _report(pack, f"reports/{name}.yaml", report)
    for name, playbook in pack.folders["playbooks"].items():
        if playbook:
            yield from _conditions(pack, f"playbooks/{name}.yaml", playbook.where)
            yield from _references(pack, f"playbooks/{name}.yaml", playbook)
            yield from _letter(pack, f"playbooks/{name}.yaml", playbook)


def _report(pack: Pack, file: str, report: Report) -> Iterator[Fault]:
    yield from _conditions(pack, file, report.where)
    known = _facts(pack.get("scoring"), pack.get("outreach"))
    texts = {f"columns.{heading}": names_in(source) for heading, source in report.columns.items()}
    if report.chart:
        texts["chart.label"] = names_in(report.chart.label)
    texts |= {key: frozenset([name]) for key in ("count", "call_out") if (name := getattr(report, key))}
    for key, names in texts.items() if known else ():
        for name in sorted(set(names) - set(known)):
            yield Fault(file, key, f"there is no fact {name}", suggestion(name, known))


def _facts(model: Model | None, outreach: Outreach | None) -> list[str]:
    """What lists can state of an account; empty if the pack cannot be read."""
    if not model or not outreach:
        return []
    points = [f"{factor.factor}_points" for factor in model.factors if factor.weight]
    records = [name for record in outreach.records if record.anyone for name in record.names]
    of_pack = [*stated(model), *points, *outreach.claims, *records, *outreach.passages]
    return [*OF_ACCOUNTS, *SCORED, *COMPUTED, *OF_LISTS, *of_pack]


def _conditions(pack: Pack, file: str, where: Iterable[Condition]) -> Iterator[Fault]:
    model, headings = pack.get("scoring"), pack.get("fields")
    if not model:
        return
    shown, scored = stated(model), [factor.factor for factor in model.factors if factor.weight]
    fields = [rule.name for rule in headings.facts] if headings else []
    for at, condition in enumerate(where):
        if condition.field and condition.field not in shown:
            problem = f"scoring.yaml shows no fact {condition.field}"
            fact = f"add {{factor: {condition.field}, kind: fact, label: ...}} to its factors"
            remedy = fact if condition.field in fields else suggestion(condition.field, shown)
            yield Fault(file, f"where.{at}.field", problem, remedy)
        if condition.factor and condition.factor not in scored:
            problem = f"scoring.yaml has no factor {condition.factor} with points"
            yield Fault(file, f"where.{at}.factor", problem, suggestion(condition.factor, scored))


def _references(pack: Pack, file: str, playbook: Playbook) -> Iterator[Fault]:
    outreach, reports = pack.get("outreach"), pack.folders["reports"]
    if outreach and playbook.snippet not in outreach.passages:
        problem = f"outreach.yaml has no passage {playbook.snippet}"
        yield Fault(file, "snippet", problem, suggestion(playbook.snippet, outreach.passages))
    if playbook.report not in reports:
        problem = f"there is no reports/{playbook.report}.yaml"
        yield Fault(file, "report", problem, suggestion(playbook.report, reports))


def _letter(pack: Pack, file: str, playbook: Playbook) -> Iterator[Fault]:
    """Its letter is a template with a version for its situation."""
    templates = pack.folders["templates"]
    if playbook.letter not in templates:
        problem = f"there is no templates/{playbook.letter}.yaml"
        yield Fault(file, "letter", problem, suggestion(playbook.letter, templates))
    elif (template := templates[playbook.letter]) and not _version(template, playbook):
        needed = dict.fromkeys(name for version in template.versions for name in version.needs)
        needs = f"needs {playbook.situation}" if playbook.situation else "is without needs"
        problem = f"no version of templates/{playbook.letter}.yaml {needs}"
        yield Fault(file, "situation", problem, suggestion(playbook.situation or "", needed))


def few_subjects(pack: Pack) -> Iterator[Fault]:
    """Playbooks whose letters have few subjects, so that many are alike."""
    for name, playbook in pack.folders["playbooks"].items():
        template = pack.folders["templates"].get(playbook.letter) if playbook else None
        version = _version(template, playbook) if template else None
        if version and len(version.subjects) < SUBJECTS:
            which = f"its version of {playbook.letter}"
            problem = f"{which} has {len(version.subjects)} of {SUBJECTS} subjects, so its letters are alike"
            yield Fault(
                f"playbooks/{name}.yaml", "letter", problem, f"add subjects to templates/{playbook.letter}.yaml"
            )


def _version(template: Template, playbook: Playbook) -> Version | None:
    """The version that is written for a playbook."""
    wanted = playbook.situation
    return next((each for each in template.versions if (wanted in each.needs if wanted else not each.needs)), None)
