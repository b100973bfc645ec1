"""Can every text be written, and does it keep to the rules, with the fewest and with the most facts about a task?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from cli.linting.accounts import accounts, stated
from cli.linting.sections import Pack
from engines.datasets.states import STATES
from engines.drafting.accounts import Line
from engines.drafting.facts import Fact
from engines.drafting.language import names_in
from engines.drafting.outreach import Outreach
from engines.drafting.templates import EMAIL, Template
from engines.drafting.writing import FOOT, GREETING, NotWritten, problems, with_passages, write
from engines.packs.files import Fault, suggestion
from services.notifier.domain.facts import facts_of
from services.notifier.domain.history import POSTED, Touch
from services.notifier.domain.known import OF_EVERY_PACK, facts_in, unknown_facts
from services.notifier.domain.tasks import Home, Posting, Task
from services.notifier.domain.writing import SCRIPTED, WRITTEN_CHANNELS, chosen

FILE = "outreach.yaml"
SOME_DAY = date(2026, 1, 1)
NO_ID = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known of a task."""

    when: str
    task: Task
    everything: bool = False
    """All texts for it must keep to the rules, not only one of them."""
    before: tuple[Touch, ...] = ()
    """The letters that the person got."""


def letters(pack: Pack) -> Iterator[Fault]:
    outreach = pack.get("outreach")
    if not outreach:
        return
    yield from _names(pack, outreach)
    yield from _own_facts(pack, outreach)
    yield from _rules(outreach)
    templates = {name: each for name, each in pack.folders["templates"].items() if each}
    model = pack.get("scoring")
    known = stated(model) if model else []
    for file, at, name in unknown_facts(outreach, templates, known) if model else ():
        yield Fault(file, at, f"there is no fact {name}", suggestion(name, facts_in(outreach, known)))
    for name in outreach.closing:
        if name not in templates:
            yield Fault(FILE, "closing", f"there is no templates/{name}.yaml", suggestion(name, templates))
    for name, template in templates.items():
        yield from _subjects(name, template, outreach)
        yield from _introduction(name, template, templates)


def texts(pack: Pack) -> Iterator[Fault]:
    """Templates must not need facts that some tasks do not have. This needs a pack without other faults."""
    outreach, templates, of_accounts = pack.get("outreach"), pack.folders["templates"].values(), list(accounts(pack))
    for channel, given in groupby(sorted(templates, key=lambda each: each.channel), key=lambda each: each.channel):
        situations = [(each, _known(each, outreach)) for each in _situations(channel, outreach, of_accounts)]
        for template in given:
            for situation, known in situations:
                if situation.before or not template.introduction:
                    yield from _in_situation(template, situation, known, outreach)


def _names(pack: Pack, outreach: Outreach) -> Iterator[Fault]:
    contacts, policy, rules = pack.get("contacts"), pack.get("matching"), pack.get("roles")
    if contacts:
        yield from _named("personas", outreach.personas, contacts.names, contacts.names)
    if policy and rules:
        families = [family.name for family in rules.families]
        yield from _named("roles", outreach.roles, families, [one for one in policy.relevant_roles if one in families])


def _named(key: str, given: Iterable[str], known: Iterable[str], needed: Iterable[str]) -> Iterator[Fault]:
    given, known = list(given), list(known)
    for name in given:
        if name not in known:
            yield Fault(FILE, f"{key}.{name}", "is not named anywhere else, and never used", suggestion(name, known))
    for name in needed:
        if name not in given:
            yield Fault(FILE, f"{key}.{name}", "is missing", "add its name for letters")


def _own_facts(pack: Pack, outreach: Outreach) -> Iterator[Fault]:
    """Claims and records have names of their own, and refer to states, factors and outcomes that exist."""
    model, touches = pack.get("scoring"), pack.get("touches")
    lines = stated(model) if model else []
    for name in [*outreach.own_names, *outreach.passages]:
        if name in OF_EVERY_PACK:
            yield Fault(FILE, name, "is a fact of every pack", "choose another name")
        if name in lines:
            yield Fault(FILE, name, "is a line of the score", "choose another name")
    for name in lines:
        if name in OF_EVERY_PACK:
            yield Fault("scoring.yaml", name, "is a fact of every pack", "choose another name")
    for name, claim in outreach.claims.items():
        for state in claim.states if claim else ():
            if state not in STATES:
                yield Fault(FILE, f"claims.{name}.states", f"there is no state {state}", suggestion(state, STATES))
    factors = [each.factor for each in model.factors] if model else []
    for name in outreach.drivers if model else ():
        if name not in model.shares:
            problem = f"scoring.yaml has no factor {name} that gives points"
            yield Fault(FILE, "drivers", problem, suggestion(name, sorted(model.shares)))
    for at, record in enumerate(outreach.records if model else ()):
        if record.factor not in factors:
            problem = f"scoring.yaml has no factor {record.factor}"
            yield Fault(FILE, f"records.{at}.factor", problem, suggestion(record.factor, factors))
    for key, channel in (("voicemail", SCRIPTED), ("spoke", SCRIPTED), ("mailed", EMAIL)) if touches else ():
        known = [each.id for each in touches.outcomes.get(channel, ())]
        for outcome in getattr(outreach.logged, key):
            if outcome not in known:
                problem = f"touches.yaml has no outcome {outcome} of a {channel}"
                yield Fault(FILE, f"logged.{key}", problem, suggestion(outcome, known))


def _rules(outreach: Outreach) -> Iterator[Fault]:
    channels = (*WRITTEN_CHANNELS, SCRIPTED)
    for key in ("words", "characters"):
        for channel in getattr(outreach.rules, key):
            if channel not in channels:
                yield Fault(FILE, f"rules.{key}.{channel}", "is no channel", suggestion(channel, channels))
    for name in (GREETING, FOOT):
        if name not in outreach.passages:
            yield Fault(FILE, f"passages.{name}", "is missing", "add what an e-mail begins with and ends with")


def _subjects(name: str, template: Template, outreach: Outreach) -> Iterator[Fault]:
    """No subject states a record: it is read by others than its recipient."""
    records = {each for record in outreach.records for each in record.names}
    for at, version in enumerate(template.versions):
        for subject in version.subjects:
            for fact in sorted(names_in(subject) & records):
                problem = f"states {fact}, which is a record"
                yield Fault(f"templates/{name}.yaml", f"versions.{at}.subjects", problem, "state it in the text only")


def _introduction(name: str, template: Template, templates: Mapping[str, Template]) -> Iterator[Fault]:
    """What is written instead for a person who never got an e-mail is an e-mail for everybody."""
    given = [each for each, other in templates.items() if other.channel == EMAIL and not other.introduction]
    if template.introduction and (template.channel != EMAIL or template.introduction not in given):
        problem = f"no e-mail without an introduction of its own is called {template.introduction}"
        yield Fault(f"templates/{name}.yaml", "introduction", problem, suggestion(template.introduction, given))


def _in_situation(
    template: Template, situation: Situation, known: dict[str, Fact], outreach: Outreach
) -> Iterator[Fault]:
    file = f"templates/{template.name}.yaml"
    template = chosen(template, known, {})
    try:
        write(template, known, outreach.rules, "")
    except NotWritten as problem:
        remedy = "add a version without `needs`, with facts that are always known"
        yield Fault(file, "versions", f"cannot be written when {situation.when}: {problem}", remedy)
        return
    for why in problems(template, known, outreach.rules) if situation.everything else ():
        yield Fault(file, "versions", f"when {situation.when}, a text {why}", "change its words")


def _known(situation: Situation, outreach: Outreach) -> dict[str, Fact]:
    return with_passages(facts_of(situation.task, outreach, SOME_DAY, situation.before), outreach.passages, "")


def _situations(
    channel: str, outreach: Outreach, of_accounts: Sequence[tuple[str, tuple[Line, ...]]]
) -> Iterator[Situation]:
    persona = next(iter(outreach.personas), "")
    posting = Posting(next(iter(outreach.roles), ""), SOME_DAY, SOME_DAY)
    sender: dict[str, Any] = {"rep": "Ann Lee", "rep_phone": "(518) 555-0100"}
    least = Task(
        task_id=NO_ID,
        enrollment_id=NO_ID,
        step_no=1,
        channel=channel,
        template=None,
        facility_id="1",
        facility="Oak Hill",
        city="Albany",
        state="-",
        persona=persona,
        rep_id="rep",
        email="a@x.example",
    )
    named = replace(least, person="Ada Moss", greeting="Ada", **sender)
    homes = tuple(Home(name, hiring=True) for name in ("Oak Hill", "Elm Court", "Ash Park"))
    yield Situation("neither a posting nor the name of a person is known", least)
    yield Situation("no posting is known", named, everything=True)
    yield Situation("a posting is known", replace(named, posting=posting), everything=True)
    of_chain = replace(named, chain="Moss Group", homes=homes)
    yield Situation("a person of a chain has several facilities", of_chain, everything=True)
    if channel == EMAIL and outreach.logged.mailed:
        before = (_letter(named, outreach),)
        about_it = (replace(before[0], states=(POSTED,)),)
        yield Situation("the person got a letter before", least, before=before)
        yield Situation("the person got a letter before, and no posting is known", named, True, before)
        yield Situation("the letter before was about the posting", replace(named, posting=posting), True, about_it)
        yield Situation("the person of several facilities got a letter before", of_chain, True, before)
    for when, lines in of_accounts:
        yield Situation(f"{when}, and no name of a person", replace(least, lines=lines), everything=True)
        yield Situation(when, replace(named, posting=posting, lines=lines), everything=True)
    yield Situation("a person of a chain has one facility", replace(of_chain, homes=homes[:1]))


def _letter(task: Task, outreach: Outreach) -> Touch:
    """An earlier letter of the same rep to the person of a task."""
    return Touch(
        draft_id=NO_ID,
        task_id=NO_ID,
        facility_id=task.facility_id,
        enrollment_id=task.enrollment_id,
        rep=task.rep_id,
        channel=EMAIL,
        template=None,
        person=task.person,
        to_email=task.email,
        subject=None,
        letter=None,
        status="done",
        outcome=outreach.logged.mailed[0],
        done_on=SOME_DAY,
    )
