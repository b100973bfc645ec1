"""Invented facilities and employers for the matcher's unit tests, and the pack as shipped."""

from __future__ import annotations

from engines.matching.directory import Directory as Known
from services.matcher.domain.directory import Alias, Directory, Facility, OtherName, Verdict
from services.matcher.domain.policy import Policy
from services.matcher.domain.resolve import Decision, Employer, resolve
from services.matcher.settings import model, policy, trade

__all__ = ["TRADE", "Alias", "Verdict", "a_directory", "a_facility", "decide", "shipped"]

TRADE = trade()


def shipped() -> Policy:
    return policy()


def a_facility(
    facility_id: str,
    name: str,
    city: str = "Albany",
    state: str = "NY",
    *,
    listed: bool = True,
    chain: str | None = None,
    **names: str,
) -> Facility:
    """`legal="..."` and the like add names of that kind."""
    other = tuple(OtherName(text, kind) for kind, text in names.items())
    return Facility(facility_id, name, city, state, chain, listed, other)


def a_directory(*facilities: Facility) -> Directory:
    directory = Directory(Known(TRADE))
    directory.replace(facilities)
    return directory


def decide(
    directory: Directory, name: str, city: str | None = None, state: str | None = "NY", facility_id: str | None = None
) -> Decision:
    return resolve(Employer(name, city, state, facility_id), directory, model(), shipped().accept_at)
