"""Can every template be rendered, with the fewest and with the most facts about a task?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from cli.linting.sections import Pack
from cli.linting.touches import templates_used
from engines.datasets.states import STATES
from engines.packs.files import Fault, suggestion
from services.notifier.domain.facts import Outreach, Posting, Task, facts_of
from services.notifier.domain.writing import Template, write

FILE = "outreach.yaml"
SOME_DAY = date(2026, 1, 1)


def letters(pack: Pack) -> Iterator[Fault]:
    outreach, policy, rules = pack.get("outreach"), pack.get("matching"), pack.get("roles")
    contacts = pack.get("contacts")
    if not outreach:
        return
    if contacts:
        yield from _named("personas", outreach.personas, contacts.names, contacts.names)
    if policy and rules:
        families = [family.name for family in rules.families]
        yield from _named("roles", outreach.roles, families, [one for one in policy.relevant_roles if one in families])
    yield from _named("context", outreach.context, STATES, ())
    for template in pack.folders["templates"].values():
        if template:
            yield from _written(template, outreach)
    if contacts and any(each.of == "chain" for each in contacts.roles):
        yield from _of_chains(pack, outreach)


def _of_chains(pack: Pack, outreach: Outreach) -> Iterator[Fault]:
    """Every text that is used may go to a person of a chain, who runs no single facility."""
    if outreach.of_chain is None:
        remedy = "add what letters call the facilities of a chain, as in {one: your shop in, several: your shops in}"
        yield Fault(FILE, "of_chain", "is missing, and contacts.yaml has a role of a chain", remedy)
        return
    used = {name: pack.folders["templates"].get(name) for name in sorted(templates_used(pack))}
    for template in filter(None, used.values()):
        least, _ = next(_extremes(template, outreach))
        facts = facts_of(replace(least, towns=("Town", "Ville"), homes=2), outreach)
        text = write(least, facts, {template.name: template})
        if text.body and (facts.homes_of_chain or "") not in text.body:
            problem = "speaks to a person of a chain as if that person ran one facility"
            yield Fault(f"templates/{template.name}.yaml", "body", problem, "use {{ place }} or {{ homes_of_chain }}")


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
    signed: dict[str, Any] = {"rep_email": "r@x.example", "rep_phone": "(518) 555-0100"}
    yield least, "no posting, chain or context is known"
    yield (
        replace(least, state=next(iter(outreach.context), "-"), chain="Chain", homes=2, posting=posting, **signed),
        "all is known",
    )
    of_chain = replace(least, chain="Chain", posting=posting, **signed)
    yield replace(of_chain, towns=("Town",)), "a person of a chain has one facility"
    yield replace(of_chain, towns=("Town", "Ville", "Burg"), homes=3), "a person of a chain has several facilities"
