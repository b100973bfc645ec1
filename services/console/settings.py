"""Which settings and sections of the pack does the console use?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Self

from pydantic import AfterValidator, SecretStr, ValidationError, model_validator

from engines.naming.capitals import Spellings, usual_case
from engines.packs import headings, section, sections
from engines.problems import problems
from engines.reports.pack import Playbook, Report
from services.console.domain.deployment import is_address, is_issuer
from services.console.domain.sealing import SHORTEST_KEY
from shared.settings import LIST, Settings, settings_of

SECTIONS: dict[str, Any] = {}
"""The type of each section, by file of the pack. The linter validates packs with the same types."""
FOLDERS: dict[str, Any] = {"playbooks": Playbook, "reports": Report}


A_KEY = f"a random text of at least {SHORTEST_KEY} characters"


def _are_keys(keys: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
    if any(len(key.get_secret_value()) < SHORTEST_KEY for key in keys):
        raise ValueError(f"is not {A_KEY}, or several with commas between")
    return keys


class ConsoleSettings(Settings):
    """The settings of the console."""

    url: Annotated[str | None, AfterValidator(is_address)] = None
    """Where people reach the console, such as `https://console.example`; without it, only on its own machine."""
    secret_keys: Annotated[tuple[SecretStr, ...], *LIST, AfterValidator(_are_keys)] = ()
    """The keys that encrypt the secrets of authenticators: the first one encrypts, and all of them decrypt."""
    oidc_issuer: Annotated[str, AfterValidator(is_issuer)] = ""
    """The identity provider (OpenID Connect) by which people may sign in, exactly as it names itself."""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_name: str = ""
    """What the sign-in page calls the provider; by default, its host."""

    @model_validator(mode="after")
    def _provider_is_complete(self) -> Self:
        if self.oidc_issuer and not (self.oidc_client_id and self.url):
            raise ValueError(
                "PIPELINE_CONSOLE_OIDC_ISSUER needs PIPELINE_CONSOLE_OIDC_CLIENT_ID, and PIPELINE_CONSOLE_URL, to"
                " which people come back from it"
            )
        return self


def deployed() -> ConsoleSettings:
    return settings_of("console", ConsoleSettings)


def refuse_invalid() -> None:
    """End the process with a message that names each setting that is invalid, or missing."""
    try:
        if not deployed().secret_keys:
            raise SystemExit(f"PIPELINE_CONSOLE_SECRET_KEYS: is missing; it is {A_KEY}")
    except ValidationError as invalid:
        wrong = problems(invalid, "settings").items()
        raise SystemExit("; ".join(f"PIPELINE_CONSOLE_{name.upper()}: {problem}" for name, problem in wrong)) from None


@dataclass(frozen=True, slots=True)
class Titled:
    """Something that the pack names."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class TouchWords:
    """What can come of a touch, by channel."""

    outcomes: Mapping[str, tuple[Titled, ...]]


@dataclass(frozen=True, slots=True)
class SequenceWords:
    """A sequence, as far as pages name it."""

    name: str
    title: str
    steps: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class NameWords:
    """How the trade spells words that registries have in capitals."""

    spellings: tuple[str, ...] = ()
    clipped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Role:
    """A role of contacts, and what people call it."""

    role: str
    label: str


@dataclass(frozen=True, slots=True)
class Contacts:
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class RoleFamily:
    """A need that postings state."""

    label: str


@dataclass(frozen=True, slots=True)
class FactorWords:
    """A factor of the score, as far as pages name it."""

    factor: str
    label: str
    roles: Mapping[str, RoleFamily] = field(default_factory=dict)
    parts: tuple[FactorWords, ...] = ()
    """The factors whose sum it is."""


@dataclass(frozen=True, slots=True)
class MultiplierWords:
    label: str


@dataclass(frozen=True, slots=True)
class ScoringWords:
    factors: tuple[FactorWords, ...]
    multiplier: MultiplierWords | None = None


@dataclass(frozen=True, slots=True)
class StageTask:
    """What is to be done while a lead is in a stage."""

    title: str


@dataclass(frozen=True, slots=True)
class StageWords:
    """A stage of leads, and what it asks for before a lead enters it."""

    stage: str
    label: str
    phase: str
    needs: tuple[str, ...] = ()
    tasks: tuple[StageTask, ...] = ()
    limit_days: int | None = None


@dataclass(frozen=True, slots=True)
class IntakeWords:
    """A field of the form that some stages ask for."""

    field: str
    label: str
    type: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class MatchingWords:
    """How long people have to decide what an employer is."""

    dismiss_after_days: int


@dataclass(frozen=True, slots=True)
class Stages:
    prospect: tuple[StageWords, ...]
    upsell: tuple[StageWords, ...] = ()
    intake: tuple[IntakeWords, ...] = ()
    lost_reasons: tuple[str, ...] = ()

    def of(self, lead_source: str) -> tuple[StageWords, ...]:
        return self.upsell if lead_source == "upsell" else self.prospect


@dataclass(frozen=True, slots=True)
class NoContact:
    """Phrases in the reason of a loss that forbid contact on these channels."""

    phrases: tuple[str, ...] = ()
    channels: tuple[str, ...] = ("all",)


@dataclass(frozen=True, slots=True)
class OutcomeWords:
    no_contact: tuple[NoContact, ...] = ()


@dataclass(frozen=True, slots=True)
class TierWords:
    """How many accounts a tier should have, and how far below its cut one stays in it."""

    targets: Mapping[int, int] = field(default_factory=dict)
    hysteresis: Decimal = Decimal(0)


@cache
def sequences() -> dict[str, SequenceWords]:
    """By name."""
    return {each.name: each for each in sections("sequences", SequenceWords).values()}


@cache
def outcome_titles() -> dict[str, dict[str, str]]:
    """By channel and id."""
    outcomes = section("touches", TouchWords).outcomes
    return {channel: {each.id: each.title for each in those} for channel, those in outcomes.items()}


@cache
def choices() -> frozenset[str]:
    """The outcomes of touches and the reasons of losses that people choose from; any other is typed."""
    outcomes = (each for those in outcome_titles().values() for each in those)
    return frozenset((*outcomes, *stages().lost_reasons))


@cache
def role_labels() -> dict[str, str]:
    return {each.role: each.label for each in section("contacts", Contacts).roles}


@cache
def scoring() -> ScoringWords:
    return section("scoring", ScoringWords)


@cache
def family_labels() -> dict[str, str]:
    """What the needs that postings state are called."""
    parts = (part for factor in scoring().factors for part in (factor, *factor.parts))
    return {name: family.label for part in parts for name, family in part.roles.items()}


@cache
def tiers() -> TierWords:
    return section("tiers", TierWords)


@cache
def days_to_decide() -> int:
    return section("matching", MatchingWords).dismiss_after_days


@cache
def stages() -> Stages:
    return section("stages", Stages)


@cache
def suppressed_by(reason: str) -> str:
    """What the reason of a loss suppresses: `all`, `call`; empty: nothing."""
    rules = section("outcomes", OutcomeWords).no_contact
    return next((", ".join(each.channels) for each in rules if any(p in reason.lower() for p in each.phrases)), "")


@cache
def stage_labels() -> dict[str, str]:
    return {each.stage: each.label for each in (*stages().prospect, *stages().upsell)}


@cache
def fact_titles() -> dict[str, str]:
    """By field, in the order of the pack: the first heading that datasets have for it, or else its name in words."""
    return {rule.name: next(iter(rule.headings), "") or _in_words(rule.name) for rule in headings().facts}


def _in_words(name: str) -> str:
    """`last_f641_on` as `Last F641`."""
    words = [word.upper() if any(map(str.isdigit, word)) else word for word in name.removesuffix("_on").split("_")]
    text = " ".join(words)
    return text[:1].upper() + text[1:]


def usual_name(name: str) -> str:
    """The name of a facility or chain in its usual spelling."""
    return usual_case(name, _spellings())


@cache
def _spellings() -> Spellings:
    names = section("names", NameWords)
    return Spellings(names.spellings, names.clipped)
