"""What may a deployment choose about matching and signals? The values are the pack's, `matching.yaml`."""

from __future__ import annotations

from dataclasses import dataclass

STRICT = {"extra": "forbid"}
"""A key that nothing reads is a mistake."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """What is done with the fitted matcher's probability."""

    __pydantic_config__ = STRICT

    accept_at: float

    def __post_init__(self) -> None:
        if not 0 < self.accept_at <= 1:
            raise ValueError("accept_at is a probability: above 0, and 1 at most")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """Days are compared as dates, both ends included (R18 to R20)."""

    __pydantic_config__ = STRICT

    join_days: int
    chronic_days: int
    expiry_days: int
    chronic_expiry_days: int
    max_urgency: int

    def __post_init__(self) -> None:
        if min(self.join_days, self.chronic_days, self.expiry_days, self.chronic_expiry_days, self.max_urgency) < 0:
            raise ValueError("no number of days is below 0, and no urgency")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """What the Reconciliation Service API tells of the directory to programs that reconcile lists with it."""

    __pydantic_config__ = STRICT

    name: str
    type: str
    """What each of them is, in the singular."""
    identifiers: str
    """The URL that says what the ids are."""
    view: str
    """Where a facility is shown, with `{{id}}` for its key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    __pydantic_config__ = STRICT

    relevant_roles: tuple[str, ...]
    fitted: Fitted
    signals: Signals
    dismiss_after_days: int
    reconciliation: Reconciliation
    resample_share: float = 0.01
    """Of the matches that nobody looked at, so many are put before a person; 0 turns it off."""

    def __post_init__(self) -> None:
        if not 0 <= self.resample_share <= 1:
            raise ValueError("resample_share is a share: from 0 to 1")
        if self.dismiss_after_days < 0:
            raise ValueError("dismiss_after_days is 0 at least")
