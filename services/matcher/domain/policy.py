"""What may a deployment choose about matching and signals? The values are the pack's, `matching.yaml`."""

from __future__ import annotations

from dataclasses import dataclass

STRICT = {"extra": "forbid"}
"""A key that nothing reads is a mistake."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blend:
    """R14: a weighted similarity of names, raised in the same city."""

    __pydantic_config__ = STRICT

    token_set: float
    trigram: float
    same_city: float
    accept_at: float
    candidates: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Certainty:
    """How sure an exact answer is, by how it was found."""

    __pydantic_config__ = STRICT

    ccn: float
    alias: float
    name: float
    core: float
    chain_in_city: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The trade's words, which say what kind of place an employer is."""

    __pydantic_config__ = STRICT

    generic: tuple[str, ...]
    """Shared by many facilities: they tell no two of them apart."""
    own_trade: tuple[str, ...]
    """Only a facility of this trade says so of itself."""
    parent: tuple[str, ...]
    """A larger institution, of which a facility may be one unit."""
    other_trade: tuple[str, ...]
    """Another kind of care, often under the same roof and name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """Days are compared as dates, both ends included (R18 to R20)."""

    __pydantic_config__ = STRICT

    join_days: int
    chronic_days: int
    expiry_days: int
    chronic_expiry_days: int
    max_urgency: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    __pydantic_config__ = STRICT

    relevant_roles: tuple[str, ...]
    blend: Blend
    certainty: Certainty
    words: Words
    signals: Signals
    dismiss_after_days: int
