"""Which sections of the pack and settings of the deployment does the notifier use?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Field, SecretStr, model_validator

from engines.drafting.outreach import Outreach
from engines.drafting.templates import Template
from engines.packs import invalid, pack_folder, pack_hash, section, sections
from engines.packs.files import Fault, suggestion
from services.notifier.domain.known import facts_in, unknown_facts
from services.notifier.domain.pacing import Sending
from services.notifier.domain.privacy import Private
from services.notifier.domain.writing import Stationery
from shared.settings import LIST, Settings, settings_of

SECTIONS: dict[str, Any] = {"outreach": Outreach, "privacy": Private, "sending": Sending}
"""The type of each section, by file of the pack. The linter validates packs with the same types."""
FOLDERS: dict[str, Any] = {"templates": Template}
"""The type of each file, by folder of the pack."""


@dataclass(frozen=True, slots=True)
class Factor:
    """A line of a score, as far as texts need it."""

    factor: str
    kind: str


@dataclass(frozen=True, slots=True)
class Scores:
    """Pack section `scoring`, which the scorer reads in full."""

    factors: tuple[Factor, ...]


class NotifierSettings(Settings):
    """The settings of the notifier."""

    smtp_url: SecretStr = SecretStr("")
    """The mail server that accepts letters: `smtps://USER:PASSWORD@HOST`, or `smtp://` with STARTTLS."""
    smtp_ca: Path | None = None
    """The certificates that sign the server's, if they are not the system's."""
    public_url: str | None = None
    """Where recipients reach this deployment: the link in a letter that ends all letters begins with it."""
    token_keys: Annotated[tuple[SecretStr, ...], *LIST] = ()
    """The keys that sign these links: the first one signs, and all of them verify."""
    mail_return: str | None = None
    """The address to which answers and failure reports go, with the id of the letter behind a plus."""
    dkim_key: SecretStr | None = None
    """The private key (PEM) with which letters are signed; the domain is that of the sender."""
    dkim_selector: str | None = None
    postmark_login: SecretStr = SecretStr("")
    """`USER:PASSWORD` with which Postmark calls `/mail/postmark`; without it, there is no such address."""
    ses_topic: str = ""
    """The topic of SNS through which SES calls `/mail/ses`; without it, there is no such address."""
    sns_server: str = ""
    """Where the certificates of SNS are; by default, its server in the region of the topic."""
    imap_url: SecretStr = SecretStr("")
    """The mailbox in which answers arrive: `imaps://USER:PASSWORD@HOST/INBOX`; without one, none is read."""
    drafter_url: str = ""
    """A language model behind OpenAI's interface, as in `https://HOST/v1`, that words drafts; without it, none does."""
    drafter_model: str = ""
    drafter_key: SecretStr = SecretStr("")
    drafter_seconds: float = Field(default=60.0, gt=0, le=90)
    """How long a draft waits for the model."""
    imap_ca: Path | None = None
    """The certificates that sign those of the mailbox's server, if they are not the system's."""
    postal_address: str | None = None
    """In the foot of every e-mail, instead of the one of the pack."""

    @model_validator(mode="after")
    def _names_a_model(self) -> Self:
        if self.drafter_url and not self.drafter_url.startswith(("https://", "http://")):
            raise ValueError("PIPELINE_DRAFTER_URL must be like https://HOST/v1")
        if self.drafter_url and not self.drafter_model:
            raise ValueError("PIPELINE_DRAFTER_URL needs PIPELINE_DRAFTER_MODEL, the name of the model")
        return self


def deployed() -> NotifierSettings:
    return settings_of("notifier", NotifierSettings)


def stationery() -> Stationery:
    """Raises `PackInvalid` if the pack lacks what drafts need."""
    return Stationery(templates(), outreach(), pack_hash(), deployed().postal_address)


def templates() -> dict[str, Template]:
    """All templates by name. Raises `PackInvalid` for one whose file has another name."""
    found = sections("templates", Template)
    for stem, template in found.items():
        if template.name != stem:
            fault = Fault(f"templates/{stem}.yaml", "name", f"is {template.name!r}", "name and file must agree")
            raise invalid(pack_folder(), fault)
    return found


def outreach() -> Outreach:
    """The sender, the facts that only this pack has, and the rules of texts."""
    return section("outreach", Outreach)


def stated() -> list[str]:
    """What a score states of an account without weighing it."""
    return [each.factor for each in section("scoring", Scores).factors if each.kind in ("fact", "estimate")]


def private() -> Private:
    """By what data of a person in care is recognized."""
    return section("privacy", Private)


def sending() -> Sending:
    """When letters leave, and how many."""
    return section("sending", Sending)


def check_pack() -> None:
    """What startup does with the pack besides reading its sections; raises `PackInvalid`."""
    private()
    sending()
    for file, at, name in unknown_facts(outreach(), templates(), stated()):
        remedy = suggestion(name, facts_in(outreach(), stated()))
        raise invalid(pack_folder(), Fault(file, at, f"there is no fact {name}", remedy))
