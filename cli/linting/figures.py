"""Can every key figure be computed from the events, and can its occurrences exist?"""

from __future__ import annotations

from collections.abc import Iterator

from cli.linting.sections import Pack
from engines.figures.pack import FILE, faults
from engines.packs.files import Fault, suggestion


def figures(pack: Pack) -> Iterator[Fault]:
    section, rules = pack.get("kpis"), pack.get("roles")
    if not section:
        return
    yield from faults(section)
    families = [family.name for family in rules.families] if rules else []
    for at, kpi in enumerate(section.kpis):
        for name in kpi.where.get("role_family", ()) if families else ():
            if name not in families:
                problem = f"roles.yaml has no family {name}"
                yield Fault(FILE, f"kpis.{at}.where.role_family", problem, suggestion(name, families))
