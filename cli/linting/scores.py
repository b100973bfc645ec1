"""Does every factor of the scoring model get its input from the other sections?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cli.linting.scheme import out_of_reach, without_input
from cli.linting.sections import Pack
from engines.datasets.facts import FieldRule, Headings, canonical
from engines.datasets.states import STATES
from engines.packs import PackInvalid
from engines.packs.files import Fault, suggestion
from engines.scoring.dated_kinds import AnomalyFactor, RecencyFactor
from engines.scoring.kinds import BandsFactor, ClassesFactor, MapFactor, SignalFactor
from engines.scoring.model import Model
from engines.scoring.pack import Scheme, scheme_from
from shared.contracts import schemes as contract

FILE = "scoring.yaml"


def scores(pack: Pack, published: contract.Scheme | None = None) -> Iterator[Fault]:
    scheme = _scheme(pack, published)
    if isinstance(scheme, Fault):
        yield scheme
        return
    if scheme is None:
        return
    headings, rules = pack.get("fields"), pack.get("roles")
    known = {rule.name for rule in headings.facts} if headings else None
    families = {family.name for family in rules.families} if rules else None
    for text in [*out_of_reach(scheme), *without_input(scheme, known, families)]:
        file, _, problem = text.partition(": ")
        yield Fault(file, "", problem, "correct one of them")
    yield from _unweighed(scheme.model, pack)
    yield from _places(scheme.model, pack)
    if headings:
        yield from _of_another_kind(scheme.model, headings)


def _scheme(pack: Pack, published: contract.Scheme | None) -> Scheme | Fault | None:
    if published:
        try:
            return scheme_from(published.pack, published.model, published.policy)
        except PackInvalid as invalid:
            return Fault(FILE, "", str(invalid), "publish a model that can be read")
    model, policy = pack.get("scoring"), pack.get("tiers")
    return Scheme("", model, policy) if model and policy else None


def _unweighed(model: Model, pack: Pack) -> Iterator[Fault]:
    """Relevant role families without a weight in any signal factor."""
    policy = pack.get("matching")
    weighed = [factor for factor in model.parts if isinstance(factor, SignalFactor)]
    if not policy or not weighed:
        return
    for role in policy.relevant_roles:
        if not any(role in factor.roles for factor in weighed):
            yield Fault(FILE, f"{weighed[0].factor}.roles", f"{role} of matching.yaml is missing", "give it a weight")


def _places(model: Model, pack: Pack) -> Iterator[Fault]:
    """Unknown roles of contacts, and unknown states."""
    contacts = pack.get("contacts")
    for factor in model.parts:
        for dated in factor.dates if isinstance(factor, RecencyFactor) else ():
            if contacts and dated.contact and dated.contact not in contacts.names:
                yield Fault(
                    FILE,
                    f"{factor.factor}.dates",
                    f"contacts.yaml has no role {dated.contact}",
                    suggestion(dated.contact, contacts.names),
                )
        classes = factor.classes if isinstance(factor, ClassesFactor) and factor.by else ()
        for state in (state for each in classes for state in each.any):
            if state not in STATES:
                yield Fault(FILE, f"{factor.factor}.classes", f"{state} is not a state", suggestion(state, STATES))
    for state in model.multiplier.states if model.multiplier else ():
        if state not in STATES:
            yield Fault(FILE, "multiplier.states", f"{state} is not a state", suggestion(state, STATES))


def _of_another_kind(model: Model, headings: Headings) -> Iterator[Fault]:
    rules = {rule.name: rule for rule in headings.facts}
    for factor in model.parts:
        if isinstance(factor, RecencyFactor):
            yield from _typed(factor.factor, rules, (d.fact for d in factor.dates), ("date",))
            yield from _typed(factor.factor, rules, (d.rises for d in factor.dates), ("integer", "number"))
        if isinstance(factor, AnomalyFactor | BandsFactor):
            yield from _typed(factor.factor, rules, [factor.field], ("integer", "number"))
        if isinstance(factor, MapFactor) and factor.field in rules:
            yield from _values(factor, rules[factor.field])
    if model.multiplier:
        yield from _typed("multiplier", rules, [model.multiplier.field], ("integer", "number"))
    for composite, parts in model.composites.items():
        for name in (composite, *parts):
            if name not in rules:
                yield Fault(
                    FILE, f"composites.{composite}", f"fields.yaml does not know {name}", suggestion(name, rules)
                )


def _typed(
    factor: str, rules: dict[str, FieldRule], names: Iterable[str | None], types: tuple[str, ...]
) -> Iterator[Fault]:
    for name in names:
        if name in rules and rules[name].type not in types:
            problem = f"{name} is of type {rules[name].type} in fields.yaml, and this needs {' or '.join(types)}"
            yield Fault(FILE, factor, problem, "name another field")


def _values(factor: MapFactor, rule: FieldRule) -> Iterator[Fault]:
    """Values that the field cannot have, according to fields.yaml."""
    for value in factor.values:
        key = f"{factor.factor}.values.{value}"
        try:
            kept = canonical(rule, value)
        except ValueError as error:
            yield Fault(
                FILE, f"{factor.factor}.values.{value}", f"is not a value of the field: {error}", "correct the value"
            )
            continue
        if kept != value:
            yield Fault(FILE, key, f"the field has {kept}", f"write {kept}")
