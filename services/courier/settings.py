"""Which settings does the courier have?"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from urllib.parse import quote

from holidays import country_holidays
from pydantic import AfterValidator, SecretStr
from pydantic_settings import NoDecode

from engines import packs
from engines.crm import mapping
from shared.outbound import Limits, Outbound
from shared.outbound.settings import OutboundSettings, user_agent
from shared.outbound.webhooks import LIMITS
from shared.settings import Settings, settings_of, texts_by_name


@dataclass(frozen=True, slots=True)
class Role:
    """A role of contacts, and what people call it."""

    role: str
    label: str


@dataclass(frozen=True, slots=True)
class Contacts:
    roles: tuple[Role, ...]


SECTIONS: dict[str, Any] = {**mapping.SECTIONS}
"""The type of each section that no other service reads entirely. The linter validates packs with the same types."""
OBJECT_TYPES: Final = {"companies": "0-2", "contacts": "0-1", "tasks": "0-27", "notes": "0-46"}
"""What the addresses of HubSpot's pages call each kind of records."""
SHORTEST_KEY: Final = 32
LOCAL: Final = "127.0.0.1"
LONGEST_ANSWER: Final = 25_000_000
"""Bytes of an answer of a CRM: the results of a job have what was sent."""
AT_ONCE: Final = 10
"""Requests to one webhook at a time."""


def _is_key(key: SecretStr) -> SecretStr:
    if 0 < len(key.get_secret_value()) < SHORTEST_KEY:
        raise ValueError(f"is shorter than {SHORTEST_KEY} characters; use a random text")
    return key


def _is_address(url: str) -> str:
    if url and not url.startswith(("https://", "http://")):
        raise ValueError("is no address; it begins with https://")
    return url.rstrip("/")


_ADDRESSES: Final = texts_by_name("PIPELINE_COURIER_SLACK_URLS", '{"sales": "https://hooks.slack.com/..."}')


class CourierSettings(Settings, OutboundSettings):
    """The settings of the courier."""

    secret_key: Annotated[SecretStr, AfterValidator(_is_key)] = SecretStr("")
    """The key from which the secrets of all webhooks follow. A new one replaces all of them."""
    url: str | None = None
    """Where other systems reach the courier, such as `https://events.example`."""
    slack_urls: Annotated[Mapping[str, SecretStr], NoDecode, _ADDRESSES] = {}
    """The incoming webhooks of our own chats, by the names that recipients of notices refer to."""
    smtp_url: SecretStr = SecretStr("")
    """The mail server that accepts digests for our own people: `smtps://USER:PASSWORD@HOST`, or `smtp://`."""
    smtp_ca: Path | None = None
    """The certificates that sign the server's, if they are not the system's."""
    mail_from: str = ""
    """From which address digests are sent. Those of its domain, and of reps, are our own people."""
    console_url: str = ""
    """Where people reach the console, for the link in a notice."""
    crm: Literal["", "hubspot", "salesforce"] = ""
    """The CRM that accounts are exchanged with; without it, none is asked."""
    crm_pages: Annotated[str, AfterValidator(_is_address)] = ""
    """Where people open records of it: `https://app.hubspot.com/contacts/NUMBER` or `https://NAME.my.salesforce.com`."""
    hubspot_url: str = "https://api.hubapi.com"
    hubspot_token: SecretStr = SecretStr("")
    """The access token of a private app."""
    salesforce_url: str = ""
    """Where Salesforce gives tokens: `https://NAME.my.salesforce.com`. By default, that is
    `https://login.salesforce.com`, which gives none for a client's credentials."""
    salesforce_client_id: str = ""
    """The consumer key of the app by which we sign in."""
    salesforce_client_secret: SecretStr = SecretStr("")
    salesforce_refresh_token: SecretStr = SecretStr("")
    """Of the user as whom we sign in. Without it, we sign in with the client's credentials."""


@cache
def timezone() -> str:
    return packs.calendar().timezone


@cache
def crm_map() -> mapping.Crm | None:
    """The fields that are exchanged with a CRM; None if the pack has none."""
    return mapping.crm_of(packs.pack_folder())


@cache
def _role_labels() -> dict[str, str]:
    return {each.role: each.label for each in packs.section("contacts", Contacts).roles}


def role_label(role: str) -> str:
    """What people call a role of contacts; itself, if the pack has no such role."""
    return _role_labels().get(role, role)


@cache
def holidays() -> Container[date]:
    """The public holidays of the deployment, in any year."""
    place = packs.calendar()
    return country_holidays(place.country, subdiv=place.subdivision)


def deployed() -> CourierSettings:
    return settings_of("courier", CourierSettings)


def crm_page(kind: str, their_id: str) -> str | None:
    """Where people open a record of the CRM."""
    known = deployed()
    if not known.crm_pages:
        return None
    place = f"record/{OBJECT_TYPES[kind]}/" if known.crm == "hubspot" else ""
    return f"{known.crm_pages}/{place}{quote(their_id, safe='')}"


def mail_domain() -> str | None:
    """Whose addresses are our own people's, besides those of reps; None if no mail leaves."""
    known = deployed()
    leaves = known.smtp_url.get_secret_value() and known.mail_from
    return known.mail_from.lower().rpartition("@")[2] if leaves else None


def outbound() -> Outbound:
    """The client that asks receivers. In a simulation, whose days are none, it asks allowed pairs only."""
    agent = None if deployed().simulation else user_agent(deployed().outbound_contact)
    return Outbound(deployed().outbound_allow, agent, limits=LIMITS, per_host=AT_ONCE)


def crm_outbound() -> Outbound:
    """The client that asks a CRM, whose answers are longer than those of receivers."""
    agent = None if deployed().simulation else user_agent(deployed().outbound_contact)
    return Outbound(deployed().outbound_allow, agent, limits=Limits(seconds=60, body=LONGEST_ANSWER, redirects=0))


def base_url() -> str | None:
    """Where the courier is reached: as is set or, if only its own machine reaches it, there."""
    known = deployed()
    if known.url:
        return known.url.rstrip("/")
    return f"http://{LOCAL}:{known.http_port}" if known.http_host == LOCAL and known.http_port else None
