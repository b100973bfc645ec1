"""Through which stages do leads go, and what must be stated before they enter one?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from services.sequencer.domain.task_rules import TaskRule, check

Phase = Literal["new", "contacted", "qualified", "proposal", "won", "lost"]
Cause = Literal["touch", "meeting"]
Need = Literal["intake", "reason"]

PHASES: tuple[Phase, ...] = ("new", "contacted", "qualified", "proposal", "won", "lost")
DECIDED: tuple[Phase, ...] = ("won", "lost")
BY_HAND = ("qualified", "proposal")
"""The phases in which a person works a lead, and no sequence does."""

STRICT = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the pack, with the phase by which funnels of different packs compare (K4)."""

    __pydantic_config__ = STRICT

    stage: str
    label: str
    phase: Phase
    probability: int
    """Of a win, in percent."""
    entered_by: tuple[Cause, ...] = ()
    """What moves a lead here from an earlier stage, without a person."""
    needs: tuple[Need, ...] = ()
    """What must be stated before a lead enters (R50, K20)."""
    tasks: tuple[TaskRule, ...] = ()
    """What is to be done while a lead is here."""
    limit_days: int | None = None
    """After more calendar days here, pages show a lead as over its limit."""

    def __post_init__(self) -> None:
        if self.limit_days is not None and self.limit_days < 1:
            raise ValueError("limit_days is at least 1")
        if not 0 <= self.probability <= 100:
            raise ValueError("probability is a percentage, from 0 to 100")
        if self.phase == "lost" and "reason" not in self.needs:
            raise ValueError("a lost lead has a reason: needs: [reason]")
        if self.entered_by and (self.needs or self.phase in DECIDED):
            raise ValueError("a stage that needs something, or that ends a lead, is entered by a person only")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the intake form (R50)."""

    __pydantic_config__ = STRICT

    field: str
    label: str
    type: Literal["text", "integer", "number", "date"]
    required: bool = True

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9_]*", self.field):
            raise ValueError("field: small letters, digits and _, as it is written in `FIELD=VALUE`")


@dataclass(frozen=True)
class Stages:
    """The stages of prospects' leads and of upsell leads, with the tasks of each; the intake form; terms of leads."""

    __pydantic_config__ = STRICT

    prospect: tuple[Stage, ...]
    upsell: tuple[Stage, ...]
    intake: tuple[Field, ...]
    currency: str
    """Of amounts, three letters (ISO 4217)."""
    engaged_days: int
    """The days after a meeting on which no sequence starts."""
    clients: tuple[TaskRule, ...] = ()
    """The recurring tasks of active clients."""
    slip_days: int = 3
    """The business days by which a task of a stage or a client may be later than its day."""
    lost_reasons: tuple[str, ...] = ()
    """What people choose from when a lead is lost."""

    def __post_init__(self) -> None:
        """Raises `ValueError` if leads cannot begin or end, or if a name is ambiguous."""
        for name, stages in (("prospect", self.prospect), ("upsell", self.upsell)):
            _check(name, stages)
        if len({each.field for each in self.intake}) < len(self.intake):
            raise ValueError("intake: each field needs its own name")
        if not re.fullmatch("[A-Z]{3}", self.currency):
            raise ValueError("currency has three capital letters, such as USD")
        if self.engaged_days < 0 or self.slip_days < 0:
            raise ValueError("engaged_days and slip_days are at least 0")
        check("clients", self.clients)
        if any(each.every is None or each.after for each in self.clients):
            raise ValueError("clients: a task of clients recurs: it has `every`, and no `after`")

    @cached_property
    def with_tasks(self) -> dict[tuple[str, str], Stage]:
        """The stages with tasks, by the source of a lead and their names."""
        of_sources = (("signal", self.prospect), ("upsell", self.upsell))
        return {(source, each.stage): each for source, stages in of_sources for each in stages if each.tasks}

    @property
    def rules(self) -> list[tuple[str, TaskRule]]:
        """Every task of the pack, with the place where it stands."""
        of_lists = (("prospect", self.prospect), ("upsell", self.upsell))
        return [
            *(
                (f"{name}.{at}.tasks.{nth}", rule)
                for name, stages in of_lists
                for at, stage in enumerate(stages)
                for nth, rule in enumerate(stage.tasks)
            ),
            *((f"clients.{at}", rule) for at, rule in enumerate(self.clients)),
        ]

    def of(self, lead_source: str) -> tuple[Stage, ...]:
        """The stages of a lead, in order."""
        return self.upsell if lead_source == "upsell" else self.prospect

    def first(self, lead_source: str) -> Stage:
        return self.of(lead_source)[0]

    def in_phase(self, lead_source: str, phase: Phase) -> Stage:
        """The stage of a phase that has one stage only: new, won or lost."""
        return next(each for each in self.of(lead_source) if each.phase == phase)

    def named(self, lead_source: str, name: str) -> Stage | None:
        return next((each for each in self.of(lead_source) if each.stage == name), None)

    def entered_by(self, lead_source: str, cause: Cause, current: str, phase: Phase) -> Stage | None:
        """The stage that something moves a lead to; None if it is there already, or further.

        A lead in a stage that the pack no longer has has passed all stages up to its phase.
        """
        stages = self.of(lead_source)
        names = [each.stage for each in stages]
        up_to = sum(PHASES.index(each.phase) <= PHASES.index(phase) for each in stages)
        passed = names.index(current) + 1 if current in names else up_to
        return next((each for each in stages[passed:] if cause in each.entered_by), None)


def _check(name: str, stages: tuple[Stage, ...]) -> None:
    phases = [each.phase for each in stages]
    if len({each.stage for each in stages}) < len(stages):
        raise ValueError(f"{name}: each stage needs its own name")
    if phases != sorted(phases, key=PHASES.index):
        raise ValueError(f"{name}: the phases of the stages must be in the order {', '.join(PHASES)}")
    once: tuple[Phase, ...] = ("new", *DECIDED)
    for phase in once:
        if phases.count(phase) != 1:
            raise ValueError(f"{name}: exactly one stage is of phase {phase}")
    for each in stages:
        _check_tasks(name, each)
    if any("touch" in each.entered_by or "meeting" in each.entered_by for each in stages[:1]):
        raise ValueError(f"{name}: a lead begins in its first stage; nothing enters it")


def _check_tasks(name: str, stage: Stage) -> None:
    where = f"{name}: {stage.stage}"
    check(where, stage.tasks)
    if stage.tasks and stage.phase in DECIDED:
        raise ValueError(f"{where}: a lead that is won or lost has no tasks")
    if stage.tasks and name == "prospect" and stage.phase not in BY_HAND:
        raise ValueError(f"{where}: tasks are for the phases {' and '.join(BY_HAND)}; before, sequences do the touches")
