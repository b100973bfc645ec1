"""Which registry and which employers does the benchmark invent if no real ones are given?

A country of the demo's invented facilities: every state has a cohort of its own seed, and the demo's spellings of it.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random

from cli.demo.invented.accounts import Account, invented_accounts
from cli.demo.invented.spellings import spelled, typo
from cli.demo.invented.words import STREETS
from engines import packs
from engines.matching.facilities import Employer, Facility, OtherName
from engines.matching.fitting.rows import LabeledRow
from engines.packs.sample import Sample

STATES = tuple("AL AZ AR CA CO CT FL GA IL IN IA KS KY LA MA MI MN MO NJ NY NC OH OR PA TX".split())
A_STRANGER = 0.2
TELLS_CITY = 0.8


def invented_country(rows: int, states: int = len(STATES)) -> tuple[list[Facility], list[LabeledRow]]:
    """Facilities, and as many employers; a fifth of the employers match no facility."""
    rng = Random("matchers")
    sample, key = packs.section("sample", Sample), packs.account_key()
    cohorts = {state: invented_accounts(seed, sample, key) for seed, state in enumerate(STATES[:states], 1)}
    facilities = [
        _listed(rng, each, state, at) for at, (state, some) in enumerate(cohorts.items(), 10) for each in some
    ]
    cohort = list(zip(facilities, (each for some in cohorts.values() for each in some), strict=True))
    return facilities, [_employer(rng, sample, *rng.choice(cohort)) for _ in range(rows)]


def _listed(rng: Random, one: Account, state: str, number: int) -> Facility:
    return Facility(
        facility_id=f"{number}{one.key[2:]}",
        name=one.name,
        city=one.town.city,
        state=state,
        chain=one.group or None,
        names=(OtherName(one.legal, "legal"),),
        address=f"{rng.randrange(1, 2400)} {rng.choice(STREETS)}",
        zip=one.town.zip,
    )


def _employer(rng: Random, sample: Sample, facility: Facility, one: Account) -> LabeledRow:
    city = facility.city if rng.random() < TELLS_CITY else None
    employer = Employer(spelled(rng, sample, one), city, facility.state, zip=facility.zip, address=facility.address)
    if rng.random() >= A_STRANGER:
        return LabeledRow(employer, facility.facility_id)
    trade = rng.choice(sample.postings.strangers_are)
    name = typo(rng, f"{one.place} {trade}") if rng.random() < 0.2 else f"{one.place} {trade}"
    stranger = replace(employer, name=name, address=f"{rng.randrange(2400, 9900)} Mill Lane")
    return LabeledRow(stranger, "", is_parent="ospital" in trade)
