"""What does the pack define about matching and signals? The values are in `matching.yaml`."""

from __future__ import annotations

from dataclasses import dataclass

from services.matcher.domain.verdicts import VerdictKind

STRICT = {"extra": "forbid"}
"""Unknown keys are refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """How the probability of the fitted matcher is used."""

    __pydantic_config__ = STRICT

    accept_at: float

    def __post_init__(self) -> None:
        if not 0 < self.accept_at <= 1:
            raise ValueError("accept_at is a probability: above 0, and at most 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class ByRule:
    """How the similarity of the source's rule is used (R14), where no weights were fitted."""

    __pydantic_config__ = STRICT

    accept_at: float = 0.90

    def __post_init__(self) -> None:
        if not 0 < self.accept_at <= 1:
            raise ValueError("accept_at is a similarity: above 0, and at most 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """Limits in days, which are inclusive (R18 to R20)."""

    __pydantic_config__ = STRICT

    join_days: int
    chronic_days: int
    expiry_days: int
    chronic_expiry_days: int
    max_urgency: int

    def __post_init__(self) -> None:
        if min(self.join_days, self.chronic_days, self.expiry_days, self.chronic_expiry_days, self.max_urgency) < 0:
            raise ValueError("numbers of days and urgency are at least 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """The description of the directory in the Reconciliation Service API."""

    __pydantic_config__ = STRICT

    name: str
    type: str
    """The type of an entry, in the singular."""
    identifiers: str
    """The URL that identifies the kind of the ids."""
    view: str
    """The URL of a facility's page, with `{{id}}` for its key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    __pydantic_config__ = STRICT

    relevant_roles: tuple[str, ...]
    fitted: Fitted | None = None
    source_rule: ByRule | None = None
    """Instead of `fitted`."""
    signals: Signals
    dismiss_after_days: int
    reconciliation: Reconciliation
    verdicts: tuple[VerdictKind, ...]
    """The reasons that a person may give for naming no facility; the first one is the most common."""
    resample_share: float = 0.01
    """The share of automatic matches that people judge; 0 turns it off."""

    def __post_init__(self) -> None:
        if (self.fitted is None) == (self.source_rule is None):
            raise ValueError("state either fitted, with the weights in matching/, or source_rule: {accept_at: 0.90}")
        if not 0 <= self.resample_share <= 1:
            raise ValueError("resample_share is a share: from 0 to 1")
        if self.dismiss_after_days < 0:
            raise ValueError("dismiss_after_days is at least 0")
        if len({verdict.name for verdict in self.verdicts}) != len(self.verdicts):
            raise ValueError("each verdict needs its own name")
        if not any(verdict.is_final for verdict in self.verdicts):
            raise ValueError("at least one verdict must be final; otherwise a group without a facility waits forever")

    @property
    def accept_at(self) -> float:
        """From which confidence the first candidate is accepted."""
        return (self.fitted or self.source_rule or ByRule()).accept_at
