"""Does a sample name only headings, roles, families and files that the pack has?"""

from __future__ import annotations

from collections.abc import Iterator

from cli.linting.sections import Pack
from engines.datasets.headings import letters
from engines.packs.files import Fault, suggestion
from engines.packs.layers import in_force

FILE = "sample.yaml"


def samples(pack: Pack) -> Iterator[Fault]:
    sample = pack.get("sample")
    if not sample:
        return
    if fields := pack.get("fields"):
        headings = {letters(title): title for rule in fields.facts for title in rule.headings}
        headings |= {letters(title): title for titles in fields.identity.values() for title in titles}
        for heading in sample.columns:
            if letters(heading) not in headings:
                problem = "fields.yaml has no such heading"
                yield Fault(FILE, f"columns.{heading}", problem, suggestion(heading, headings.values()))
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


def _list(pack: Pack, name: str | None) -> Iterator[Fault]:
    lists = [path.name for path in in_force(pack.folder) if path.parent.as_posix() == "sample"]
    if name and name not in lists:
        yield Fault(FILE, "of", f"there is no file sample/{name}", suggestion(name, lists))
