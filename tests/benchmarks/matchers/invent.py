"""Which registry and which employers does the benchmark invent if no real ones are given?

A country of the demo's invented facilities: every state has a cohort of its own seed, and the demo's spellings of it.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random

from cli.demo.invented import facilities as invented
from cli.demo.invented.spellings import spell, typo
from cli.demo.invented.words import STRANGERS
from engines.matching.facilities import Employer, Facility, OtherName
from engines.matching.fitting.rows import LabeledRow

STATES = tuple("AL AZ AR CA CO CT FL GA IL IN IA KS KY LA MA MI MN MO NJ NY NC OH OR PA TX".split())
A_STRANGER = 0.2
TELLS_CITY = 0.8


def invented_country(rows: int, states: int = len(STATES)) -> tuple[list[Facility], list[LabeledRow]]:
    """Facilities, and as many employers; a fifth of the employers match no facility."""
    rng = Random("matchers")
    cohorts = {state: invented.invent_facilities(seed) for seed, state in enumerate(STATES[:states], 1)}
    facilities = [_listed(each, state, at) for at, (state, some) in enumerate(cohorts.items(), 10) for each in some]
    cohort = list(zip(facilities, (each for some in cohorts.values() for each in some), strict=True))
    return facilities, [_employer(rng, *rng.choice(cohort)) for _ in range(rows)]


def _listed(one: invented.Facility, state: str, number: int) -> Facility:
    return Facility(
        facility_id=f"{number}{one.facility_id[2:]}",
        name=one.name,
        city=one.town.name,
        state=state,
        chain=one.chain,
        names=(OtherName(one.legal_name, "legal"),),
        address=one.address,
        zip=one.town.zip,
    )


def _employer(rng: Random, facility: Facility, one: invented.Facility) -> LabeledRow:
    city = facility.city if rng.random() < TELLS_CITY else None
    employer = Employer(spell(rng, one), city, facility.state, zip=facility.zip, address=facility.address)
    if rng.random() >= A_STRANGER:
        return LabeledRow(employer, facility.facility_id)
    trade = rng.choice(STRANGERS)
    name = typo(rng, f"{one.place} {trade}") if rng.random() < 0.2 else f"{one.place} {trade}"
    stranger = replace(employer, name=name, address=f"{rng.randrange(2400, 9900)} Mill Lane")
    return LabeledRow(stranger, "", is_parent="ospital" in trade)
