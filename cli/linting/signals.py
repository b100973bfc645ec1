"""Are calendar, role families, sources and fields consistent?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from zoneinfo import available_timezones

import holidays

from cli.linting.sections import Pack
from engines.datasets.facts import Headings
from engines.datasets.listing import KINDS
from engines.datasets.registry import IDENTITY
from engines.packs.files import Fault, suggestion
from engines.scoring.kinds import URGENCIES

FIELDS = "fields.yaml"


def signals(pack: Pack) -> Iterator[Fault]:
    yield from _calendar(pack)
    yield from _families(pack)
    if headings := pack.get("fields"):
        yield from _fields(headings)


def _calendar(pack: Pack) -> Iterator[Fault]:
    if not (calendar := pack.get("calendar")):
        return
    zones = time_zones()
    if calendar.timezone not in zones:
        remedy = suggestion(calendar.timezone, sorted(zones))
        remedy = remedy if remedy.startswith("did") else "give one like America/New_York"
        yield Fault("calendar.yaml", "timezone", f"{calendar.timezone!r} is not a time zone", remedy)
    places = holidays.list_supported_countries()
    if calendar.country not in places:
        yield Fault("calendar.yaml", "country", f"no holidays are known for {calendar.country!r}", "give one like US")
    elif calendar.subdivision is not None and calendar.subdivision not in places[calendar.country]:
        remedy = suggestion(calendar.subdivision, places[calendar.country])
        problem = f"no holidays are known for {calendar.subdivision!r} in {calendar.country}"
        yield Fault("calendar.yaml", "subdivision", problem, remedy)


@cache
def time_zones() -> set[str]:
    """The IANA time zones; finding them takes a while."""
    return available_timezones()


def _families(pack: Pack) -> Iterator[Fault]:
    rules, policy = pack.get("roles"), pack.get("matching")
    if not rules:
        return
    names = [family.name for family in rules.families]
    for name, count in Counter([*names, rules.otherwise]).items():
        if count > 1:
            yield Fault("roles.yaml", "families", f"{name} is listed more than once", "give each a unique name")
    if rules.urgency.most >= URGENCIES:
        problem = f"is {rules.urgency.most}, and urgency goes up to {URGENCIES - 1}"
        yield Fault("roles.yaml", "urgency.most", problem, "lower it")
    for role in policy.relevant_roles if policy else ():
        if role not in names:
            yield Fault("matching.yaml", "relevant_roles", f"roles.yaml has no family {role}", suggestion(role, names))


def _fields(headings: Headings) -> Iterator[Fault]:
    identity = (*IDENTITY, *KINDS)
    for name in headings.identity:
        if name not in identity:
            yield Fault(
                "fields.yaml", f"identity.{name}", "is not a part of a facility's identity", suggestion(name, identity)
            )
    for name in IDENTITY:
        if name not in headings.identity:
            yield Fault(FIELDS, f"identity.{name}", "is missing", "add it, with its headings")
    for name, count in Counter(rule.name for rule in headings.facts).items():
        if count > 1:
            yield Fault(FIELDS, "facts", f"{name} is listed more than once", "give each field a unique name")
    computed = [field for rule in headings.computed for field in rule.fields]
    for rule in headings.facts:
        if rule.type != "date" and not rule.headings and rule.name not in computed:
            yield Fault(FIELDS, f"facts.{rule.name}.headings", "has no headings, so it is never known", "add some")
    dates = [rule.name for rule in headings.facts if rule.type == "date"]
    for event in headings.events:
        if event.field not in dates:
            yield Fault(
                "fields.yaml",
                f"events.{event.dataset}.field",
                f"{event.field} is not a date",
                suggestion(event.field, dates),
            )
    numbers = [rule.name for rule in headings.facts if rule.type in ("integer", "number")]
    for stated in headings.computed:
        for field in stated.fields:
            if field not in numbers:
                remedy = suggestion(field, numbers)
                yield Fault(
                    FIELDS, f"{stated.KIND}.{stated.dataset}", f"{field} is not a number among the facts", remedy
                )
