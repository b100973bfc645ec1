"""What is the scoring scheme of a pack, and is it sound?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from engines import packs
from engines.datasets.facts import Headings
from engines.packs.layers import file_in
from engines.scoring.kinds import ZERO, SignalFactor
from engines.scoring.known import EstimateFactor, FactFactor
from engines.scoring.pack import Scheme, scheme_in
from engines.scoring.policies import CalibratedPolicy, FixedPolicy
from shared.contracts import schemes as contract


def scheme_of(folder: Path) -> contract.Scheme:
    """A pack's scheme for requests to the scorer; raises `PackInvalid` before any request."""
    scheme = scheme_in(folder)
    return contract.Scheme(pack=scheme.pack, model=_yaml(folder, "scoring"), policy=_yaml(folder, "tiers"))


def _yaml(folder: Path, name: str) -> Any:
    file = file_in(folder, name)
    return yaml.safe_load(file.read_text(encoding="utf-8")) if file else None


def problems(folder: Path) -> list[str]:
    """The problems of a pack's scoring, including references to its other sections.

    Weights and double counts are checked when the model is read.
    """
    try:
        scheme = scheme_in(folder)
    except packs.PackInvalid as invalid:
        return [str(invalid)]
    headings = packs.section_of(folder, "fields", Headings) if file_in(folder, "fields") else None
    roles = _yaml(folder, "roles")
    known = {rule.name for rule in headings.facts} if headings else None
    families = {family["name"] for family in roles["families"]} if roles else None
    return [*out_of_reach(scheme), *without_input(scheme, known, families)]


def out_of_reach(scheme: Scheme) -> Iterator[str]:
    """Tiers that no score can reach, or that are empty because of other tiers."""
    most = scheme.model.most
    match scheme.policy:
        case FixedPolicy(cuts=cuts):
            bounds = cuts
        case CalibratedPolicy(min_score=floors):
            bounds = floors
        case _:
            bounds = {}
    for tier, bound in bounds.items():
        if bound > most:
            yield f"tiers.yaml: Tier {tier} begins at {bound}, and no facility can have more than {most.normalize():f}"
    if isinstance(scheme.policy, FixedPolicy):
        yield from _between_cuts(scheme.policy)


def _between_cuts(policy: FixedPolicy) -> Iterator[str]:
    """Tiers that are always empty, because fixed cuts are equal or not above 0."""
    cuts = [*policy.cuts.values(), ZERO]
    for tier, (better, own) in enumerate(pairwise(cuts), start=2):
        if own >= better:
            yield f"tiers.yaml: no facility can be in Tier {tier}, because Tier {tier - 1} begins at {better}"


def without_input(scheme: Scheme, known: set[str] | None, families: set[str] | None) -> Iterator[str]:
    """Factors without any input: the pack has no such field, role family or contact role.

    `known` fields and role families are None if the pack does not list them.
    """
    for factor in scheme.model.parts:
        if known is not None:
            yield from (
                f"scoring.yaml: {factor.factor} reads {name}, which fields.yaml does not know"
                for name in factor.fields
                if name not in known
            )
        if isinstance(factor, SignalFactor) and families is not None:
            yield from (
                f"scoring.yaml: {factor.factor} weighs {role}, which roles.yaml never finds"
                for role in factor.roles
                if role not in families
            )
        if not factor.weight * factor.most and not isinstance(factor, FactFactor | EstimateFactor):
            yield f"scoring.yaml: {factor.factor} never gives any points"
    multiplier = scheme.model.multiplier
    if multiplier and known is not None and multiplier.field not in known:
        yield f"scoring.yaml: the multiplier reads {multiplier.field}, which fields.yaml does not know"
