"""Which names can the texts of a pack state, and do they state others?"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from engines.drafting.accounts import COMPUTED, SCORED
from engines.drafting.outreach import Outreach
from engines.drafting.templates import Template, unknown_in_passages, unknown_names
from services.notifier.domain.facts import NAMES

OF_EVERY_PACK = (*NAMES, *COMPUTED, *SCORED)


def facts_in(section: Outreach, stated: Collection[str]) -> list[str]:
    """What texts of the pack can state: facts of every pack, its own ones, and its passages.

    `stated` has the lines of the score that weigh nothing.
    """
    return [*_facts(section, stated), *section.passages]


def _facts(section: Outreach, stated: Collection[str]) -> list[str]:
    return [*OF_EVERY_PACK, *stated, *section.own_names]


def unknown_facts(
    section: Outreach, templates: Mapping[str, Template], stated: Collection[str]
) -> Iterator[tuple[str, str, str]]:
    """What texts mention and is no fact: the file, the key and the name."""
    found = unknown_in_passages(section.passages, _facts(section, stated))
    yield from (("outreach.yaml", at, name) for at, name in found)
    names = facts_in(section, stated)
    for stem, template in templates.items():
        yield from ((f"templates/{stem}.yaml", at, name) for at, name in unknown_names(template, names))
