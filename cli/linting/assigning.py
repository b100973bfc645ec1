"""Does every state have one territory, or a person who assigns its accounts? (R121, K16)"""

from __future__ import annotations

from collections.abc import Iterator

from cli.linting.sections import Pack
from engines.datasets.states import STATES
from engines.packs.files import Fault, suggestion
from services.sequencer.domain.assignment import Assignment

FILE = "assignment.yaml"


def assigning(pack: Pack) -> Iterator[Fault]:
    rules = pack.get("assignment")
    if not rules:
        return
    yield from _unknown(rules)
    yield from _in_several(rules)
    left_out = [state for state in STATES if rules.territory_of(state) is None]
    missing = [state for state in left_out if not rules.naming(state) and state not in rules.by_hand]
    if missing:
        problem = f"{', '.join(missing)} {'are' if len(missing) > 1 else 'is'} in no territory"
        yield Fault(FILE, "territories", problem, "add them to one, or to by_hand if a person assigns their accounts")


def _in_several(rules: Assignment) -> Iterator[Fault]:
    for state in STATES:
        named = rules.naming(state)
        if len(named) > 1 and rules.territory_of(state) is None:
            problem = f"{' and '.join(named)} name {state}, and neither has precedence"
            yield Fault(FILE, "precedence", problem, "list the one first that has the state")
        if named and state in rules.by_hand:
            yield Fault(FILE, "by_hand", f"{state} is in territory {named[0]} as well", "remove it from one of them")


def _unknown(rules: Assignment) -> Iterator[Fault]:
    for at, each in enumerate(rules.territories):
        for state in () if each.states == "rest" else each.states:
            if state not in STATES:
                yield Fault(FILE, f"territories.{at}.states", f"there is no state {state}", suggestion(state, STATES))
    for state in rules.by_hand:
        if state not in STATES:
            yield Fault(FILE, "by_hand", f"there is no state {state}", suggestion(state, STATES))
