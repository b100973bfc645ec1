"""Which sections do the settings have, and what is each for?"""

from __future__ import annotations

from dataclasses import dataclass

from services.console.domain.sessions import Session


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    key: str
    """The last part of its address."""
    action: str
    """Of `PERMISSIONS`."""
    what: str
    """By which it is found, too."""

    @property
    def href(self) -> str:
        return f"/settings/{self.key}"


SECTIONS = (
    Section("Me", "me", "oneself", "password, authenticator, security keys, sessions, theme, time zone"),
    Section("Users", "users", "administration", "who may sign in: roles, second factors, sessions, reviews"),
    Section("Keys", "keys", "administration", "access of programs and sources over HTTP"),
    Section("Sources", "sources", "sources", "where postings come from: fetches, rules, robots.txt, the ledger"),
    Section("Datasets", "datasets", "sources", "published files that arrive: vintages, what waits, accept and refuse"),
    Section("Packs", "packs", "packs", "scoring, weights, tiers and cuts: compare and publish"),
    Section("Suppressions", "suppressions", "suppressions", "who is not contacted, why, and lifting it"),
    Section("Deliveries", "deliveries", "administration", "letters that were sent, bounced or failed; calls outside"),
    Section("Webhooks", "webhooks", "administration", "other systems that get events: deliveries, replay, secrets"),
    Section("CRM", "crm", "crm", "HubSpot, Salesforce: exchange, conflicts, differences, refused records, sync"),
    Section("Calendars", "calendars", "calendars", "whose tasks calendar programs read, at secret addresses"),
    Section("Notices", "notices", "notices", "who of the team hears of what, in Slack or by mail: quiet hours, tests"),
    Section("Services", "services", "administration", "health, lag, jobs, dead letters, rebuild of read models"),
    Section("Audit", "audit", "audit", "who did what, and when"),
)


def sections_for(session: Session) -> tuple[Section, ...]:
    """Those that the role may open."""
    return tuple(each for each in SECTIONS if session.can_see(each.action))
