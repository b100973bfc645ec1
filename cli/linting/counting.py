"""Does a fact count once in a score?"""

from __future__ import annotations

from collections.abc import Iterator

from cli.linting.sections import Pack
from engines.packs.files import Fault
from engines.scoring.model import Model

FILE = "scoring.yaml"


def counted_twice(pack: Pack) -> Iterator[Fault]:
    """Facts that several factors weigh, unless the pack states with `composites` how they are related."""
    model: Model | None = pack.get("scoring")
    if not model:
        return
    related = {*model.composites, *(part for parts in model.composites.values() for part in parts)}
    first = dict[str, str]()
    for factor in model.factors:
        for field in dict.fromkeys(factor.fields if factor.weight else ()):
            if field in first and field not in related:
                problem = f"{field} counts here and in {first[field]}, so one fact moves the score twice"
                remedy = "let one of them read it, or make both parts of one sum"
                yield Fault(FILE, factor.factor, problem, remedy)
            first.setdefault(field, factor.factor)
