"""Which names can the texts of a pack state, and do they state others?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engines.drafting.outreach import Outreach
from engines.drafting.templates import Template, unknown_in_passages, unknown_names
from services.notifier.domain.facts import NAMES


def facts_in(section: Outreach) -> list[str]:
    """What texts of the pack can state: facts of every pack, its own ones, and its passages."""
    return [*NAMES, *section.own_names, *section.passages]


def unknown_facts(section: Outreach, templates: Mapping[str, Template]) -> Iterator[tuple[str, str, str]]:
    """What texts mention and is no fact: the file, the key and the name."""
    found = unknown_in_passages(section.passages, [*NAMES, *section.own_names])
    yield from (("outreach.yaml", at, name) for at, name in found)
    for stem, template in templates.items():
        yield from ((f"templates/{stem}.yaml", at, name) for at, name in unknown_names(template, facts_in(section)))
