"""Does a sample name only headings, fields, roles, families and files that the pack has, and values that fit them?"""

from __future__ import annotations

from collections.abc import Iterator

from cli.linting.sections import Pack
from engines.datasets.facts import FieldRule, Headings, canonical
from engines.datasets.headings import letters
from engines.packs.files import Fault, suggestion
from engines.packs.layers import in_force
from engines.packs.sample import Drawn, Sample

FILE = "sample.yaml"


def samples(pack: Pack) -> Iterator[Fault]:
    sample = pack.get("sample")
    if not sample:
        return
    if fields := pack.get("fields"):
        yield from _columns(sample, fields)
        yield from _facts(sample, fields)
        if sample.legal and not fields.identity.get("legal"):
            yield Fault(FILE, "legal", "fields.yaml has no heading for it", "add identity.legal, or leave it out")
        if sample.count and not (fields.key.made_of or sample.key):
            yield Fault(FILE, "key", f"fields.yaml makes no {fields.key.name}", "state how, as in key: X-{n:04d}")
    if contacts := pack.get("contacts"):
        for role in sample.contacts:
            if role not in contacts.names:
                problem = f"contacts.yaml has no role {role}"
                yield Fault(FILE, f"contacts.{role}", problem, suggestion(role, contacts.names))
    if roles := pack.get("roles"):
        names = [family.name for family in roles.families]
        for family in sample.postings.families:
            if family not in names:
                problem = f"roles.yaml has no family {family}"
                yield Fault(FILE, f"postings.families.{family}", problem, suggestion(family, names))
    yield from _list(pack, sample.of)


def _columns(sample: Sample, fields: Headings) -> Iterator[Fault]:
    rules = {letters(title): rule for rule in fields.facts for title in rule.headings}
    titles = {letters(title): title for rule in fields.facts for title in rule.headings}
    titles |= {letters(title): title for found in fields.identity.values() for title in found}
    for heading, drawn in sample.columns.items():
        if letters(heading) not in titles:
            problem = "fields.yaml has no such heading"
            yield Fault(FILE, f"columns.{heading}", problem, suggestion(heading, titles.values()))
        elif rule := rules.get(letters(heading)):
            yield from _values(f"columns.{heading}", rule, drawn)


def _facts(sample: Sample, fields: Headings) -> Iterator[Fault]:
    names = [rule.name for rule in fields.facts]
    for name, drawn in sample.facts.items():
        if rule := fields.fact(name):
            yield from _values(f"facts.{name}", rule, drawn)
        else:
            yield Fault(FILE, f"facts.{name}", "fields.yaml has no such field", suggestion(name, names))


def _values(place: str, rule: FieldRule, drawn: Drawn) -> Iterator[Fault]:
    """What is stated that the field does not take."""
    is_number = drawn.between is not None or drawn.around is not None
    if is_number and rule.type == "date":
        yield Fault(FILE, place, f"{rule.name} is a date", "state days_ago")
    if drawn.decimals and rule.type == "integer":
        yield Fault(FILE, place, f"{rule.name} is a whole number", "leave decimals out")
    if drawn.days_ago and rule.type in ("integer", "number"):
        yield Fault(FILE, place, f"{rule.name} is a number", "state between, or around with spread")
    for value in (*(drawn.one_of or ()), *(drawn.some_of or ())):
        try:
            canonical(rule, value)
        except ValueError as error:
            yield Fault(FILE, place, str(error), "correct it")


def _list(pack: Pack, name: str | None) -> Iterator[Fault]:
    lists = [path.name for path in in_force(pack.folder) if path.parent.as_posix() == "sample"]
    if name and name not in lists:
        yield Fault(FILE, "of", f"there is no file sample/{name}", suggestion(name, lists))
