"""Can every template be rendered, with the fewest and with the most facts about a task?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from cli.linting.sections import Pack
from engines.datasets.states import STATES
from engines.packs.files import Fault, suggestion
from services.notifier.domain.facts import Outreach, Posting, Task, facts_of
from services.notifier.domain.writing import Template, write

FILE = "outreach.yaml"
SOME_DAY = date(2026, 1, 1)


def letters(pack: Pack) -> Iterator[Fault]:
    outreach, policy, rules = pack.get("outreach"), pack.get("matching"), pack.get("roles")
    if not outreach:
        return
    if contacts := pack.get("contacts"):
        yield from _named("personas", outreach.personas, contacts.names, contacts.names)
    if policy and rules:
        families = [family.name for family in rules.families]
        yield from _named("roles", outreach.roles, families, [one for one in policy.relevant_roles if one in families])
    yield from _named("context", outreach.context, STATES, ())
    for template in pack.folders["templates"].values():
        if template:
            yield from _written(template, outreach)


def _named(key: str, given: Iterable[str], known: Iterable[str], needed: Iterable[str]) -> Iterator[Fault]:
    given, known = list(given), list(known)
    for name in given:
        if name not in known:
            yield Fault(FILE, f"{key}.{name}", "is not named anywhere else, and never used", suggestion(name, known))
    for name in needed:
        if name not in given:
            yield Fault(FILE, f"{key}.{name}", "is missing", "add its name for letters")


def _written(template: Template, outreach: Outreach) -> Iterator[Fault]:
    """A template must not need facts that some tasks do not have."""
    for task, known in _extremes(template, outreach):
        text = write(task, facts_of(task, outreach), {template.name: template})
        if text.reason or not text.body or (template.subject and not text.subject):
            problem = f"cannot be written when {known}: {text.reason or 'nothing is left of it'}"
            remedy = "put facts that may be unknown between {% if FACT is defined %} and {% endif %}"
            yield Fault(f"templates/{template.name}.yaml", "", problem, remedy)


def _extremes(template: Template, outreach: Outreach) -> Iterator[tuple[Task, str]]:
    persona = next(iter(outreach.personas), "")
    least = Task(template.channel, template.name, "Home", "City", "-", persona, "rep", "Ann Lee", "Ann", "a@x.example")
    posting = Posting(next(iter(outreach.roles), ""), "Nurse", SOME_DAY, SOME_DAY, chronic=True)
    signed = {"rep_email": "r@x.example", "rep_phone": "(518) 555-0100"}
    yield least, "no posting, chain or context is known"
    yield (
        replace(least, state=next(iter(outreach.context), "-"), chain="Chain", homes=2, posting=posting, **signed),
        "all is known",
    )
