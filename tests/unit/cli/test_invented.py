"""Is the invented world of the shipped pack invented, repeatable, and as varied as a real one?"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from cli.demo.invented import START, Invented, write_invented
from cli.demo.invented.values import quarter_ends
from engines import packs

SNF = Path(packs.__file__).parents[2] / "packs" / "snf"

Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Invented:
    return write_invented(SNF, tmp_path_factory.mktemp("world"), seed=1)


def read(path: Path | None) -> Rows:
    assert path
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def files(world: Invented) -> list[bytes]:
    registry, feed = (
        (world.facilities, world.facts, world.clients, world.contacts),
        (world.postings, world.listed, world.undecided),
    )
    return [path.read_bytes() for path in (*registry, *feed, world.truth) if path]


def test_the_same_seed_gives_the_same_bytes(world: Invented, tmp_path: Path) -> None:
    again = write_invented(SNF, tmp_path, seed=1)

    assert files(again) == files(world)


def test_another_seed_gives_another_world(world: Invented, tmp_path: Path) -> None:
    other = write_invented(SNF, tmp_path, seed=2)

    assert all(mine != theirs for mine, theirs in zip(files(world), files(other), strict=True))


def test_a_shorter_demo_has_the_same_facilities_and_fewer_postings(world: Invented, tmp_path: Path) -> None:
    short = write_invented(SNF, tmp_path, seed=1, days=10)

    assert short.facilities.read_bytes() == world.facilities.read_bytes()
    assert len(read(short.truth)) == 153


@pytest.mark.parametrize("seed", range(1, 6))
def test_the_last_morning_has_an_ambiguous_name_an_ambiguous_place_and_a_hospital(seed: int, tmp_path: Path) -> None:
    world = write_invented(SNF, tmp_path, seed, days=1)
    homes = Counter(row["Provider Name"] for row in read(world.facilities))

    namesake, place, hospital = read(world.undecided)

    assert (homes[namesake["employer_name"]], namesake["city"]) == (2, "")
    assert sum(name.split()[0] == place["employer_name"].split()[0] for name in homes) >= 2
    assert hospital["employer_name"].endswith("General Hospital")


def test_no_name_can_be_mistaken_for_one_that_exists(world: Invented) -> None:
    names = [row["Provider Name"] for row in read(world.facilities)]
    people = [row["name"].split()[1] for row in read(world.contacts)]
    chains = [row["Chain Name"] for row in read(world.facilities) if row["Chain Name"]]

    assert all(re.match(r"(X|Z|Q(?!u))[a-z]{5}", name) for name in names + people + chains)


def test_no_phone_number_or_email_address_reaches_a_real_person(world: Invented) -> None:
    phones = [row["Telephone Number"] for row in read(world.facilities)]
    phones += [row["direct_phone"] for row in read(world.contacts) if row["direct_phone"]]
    emails = [row["email"] for row in read(world.contacts) if row["email"]]

    assert all(re.fullmatch(r"\d{3}55501\d\d", re.sub(r"\D", "", phone)) for phone in phones)
    assert all(email.endswith(".example") for email in emails)


def test_the_registry_has_581_facilities_of_new_york_with_unassigned_ccns(world: Invented) -> None:
    facilities = read(world.facilities)

    assert len({row["CMS Certification Number (CCN)"] for row in facilities}) == 581
    assert all(re.fullmatch(r"33X\d{3}", row["CMS Certification Number (CCN)"]) for row in facilities)
    assert {row["State"] for row in facilities} == {"NY"}


def test_a_few_facilities_share_a_name_but_never_a_city(world: Invented) -> None:
    facilities = read(world.facilities)
    shared = [name for name, count in Counter(row["Provider Name"] for row in facilities).items() if count > 1]

    assert len(shared) == 2
    for name in shared:
        towns = [row["City/Town"] for row in facilities if row["Provider Name"] == name]
        assert len(set(towns)) == len(towns)


@pytest.mark.parametrize(
    "counts,low,high",
    [
        (lambda row: row["QM Rating"] in ("1", "2"), 0.07, 0.18),
        (lambda row: row["Staffing Rating"] in ("1", "2"), 0.38, 0.55),
        (lambda row: row["QM Rating"] == "", 0.03, 0.09),
        (lambda row: row["Chain Name"] != "", 0.50, 0.60),
        (lambda row: row["Number of Fines"] != "0", 0.20, 0.32),
    ],
)
def test_facilities_are_distributed_like_real_ones(
    world: Invented, counts: Callable[[dict[str, str]], bool], low: float, high: float
) -> None:
    facilities = read(world.facilities)

    assert low < sum(map(counts, facilities)) / len(facilities) < high


def test_only_an_unknown_rating_has_a_footnote(world: Invented) -> None:
    for row in read(world.facilities):
        for column in ("Overall Rating", "QM Rating", "Staffing Rating"):
            assert bool(row[column]) != bool(row[f"{column} Footnote"])


def test_a_fine_is_dated_where_a_fine_is_counted_and_nowhere_else(world: Invented) -> None:
    fined = {row["CMS Certification Number (CCN)"] for row in read(world.facilities) if row["Number of Fines"] != "0"}

    assert {row["ccn"] for row in read(world.facts) if row["field"] == "last_fine_on"} == fined


def test_hardly_any_home_has_more_residents_than_beds(world: Invented) -> None:
    homes = [
        (row["Average Number of Residents per Day"], row["Number of Certified Beds"]) for row in read(world.facilities)
    ]

    assert sum(float(residents) > float(beds) for residents, beds in homes) < 0.02 * len(homes)


def test_a_volume_is_known_for_nine_quarters_or_for_none(world: Invented) -> None:
    volumes = Counter(row["ccn"] for row in read(world.facts) if row["field"] == "mds_volume")

    assert set(volumes.values()) == {9}
    assert 0.65 < len(volumes) / 581 < 0.85


def test_nothing_is_known_before_it_happened(world: Invented) -> None:
    assert all(row["as_of"] < START.isoformat() for row in read(world.facts))
    assert all(row["source_date"] < START.isoformat() for row in read(world.contacts))
    assert all(row["value"] <= row["as_of"] for row in read(world.facts) if row["field"].endswith("_on"))


@pytest.mark.parametrize(
    "start,last",
    [(START, date(2026, 3, 31)), (date(2026, 2, 14), date(2025, 12, 31)), (date(2026, 2, 13), date(2025, 9, 30))],
)
def test_a_quarter_is_published_six_weeks_after_its_end(start: date, last: date) -> None:
    quarters = quarter_ends(start, 9)

    assert (len(quarters), quarters[-1]) == (9, last)


def test_five_clients_are_active_and_some_of_them_are_hiring(world: Invented) -> None:
    clients = {row["ccn"] for row in read(world.clients)}
    hiring = {row["ccn"] for row in read(world.truth) if row["role_family"] != "other"}

    assert len(clients) == 5
    assert len(clients & hiring) >= 3


def test_most_homes_have_a_known_administrator_and_fewer_a_direct_phone(world: Invented) -> None:
    contacts = read(world.contacts)
    known = {row["ccn"] for row in contacts if row["role"] == "administrator"}
    reachable = [row for row in contacts if row["direct_phone"]]

    assert 0.54 < len(known) / 581 < 0.66
    assert 0.6 < len(reachable) / len(contacts) < 0.74
    assert all(bool(row["ccn"]) != bool(row["chain"]) and row["source"] for row in contacts)


def test_some_people_have_a_successor(world: Invented) -> None:
    roles = Counter((row["ccn"], row["role"]) for row in read(world.contacts) if row["ccn"])

    assert 15 < sum(count > 1 for count in roles.values()) < 70


def test_the_feed_spans_all_of_its_days_in_order(world: Invented) -> None:
    seen = [row["seen_at"] for row in read(world.postings)]

    assert (seen[0][:10], seen[-1][:10]) == ("2026-07-01", (START + timedelta(days=59)).isoformat())
    assert seen == sorted(seen)


def test_the_feed_has_noise_strangers_and_three_invalid_rows(world: Invented) -> None:
    truth = read(world.truth)
    expected = Counter(row["expected"] for row in truth)

    assert expected == {"account": 810, "stranger": 90, "rejected": 3}
    assert 0.33 < sum(row["role_family"] == "other" for row in truth) / len(truth) < 0.39


def test_every_row_of_the_feed_has_an_expected_result_and_every_result_a_row(world: Invented) -> None:
    rows = {(row["source"], row["source_posting_id"]) for row in read(world.postings)}
    truth = [(row["source"], row["source_posting_id"]) for row in read(world.truth)]

    assert len(truth) == len(set(truth))
    assert set(truth) == rows


def test_a_source_that_is_fetched_lists_each_of_its_postings_from_the_day_on_which_it_is_seen(world: Invented) -> None:
    first = {row["source_posting_id"]: row for row in reversed(read(world.postings))}
    listed = [json.loads(line) for line in world.listed.read_text().splitlines()]
    fetched = [row for row in first.values() if world.sources[row["source"]].adapter]

    assert {row["source_posting_id"] for row in listed} == {row["source_posting_id"] for row in fetched}
    assert len({row["at"] for row in listed}) == len(world.sources) - 1 == 7
    for row in listed:
        seen = first[row["source_posting_id"]]
        stated = {
            name: value for name, value in row.items() if name in ("title", "employer_name", "state", "posted_on")
        }
        assert stated == {name: seen[name] for name in stated}
        assert row["listed_from"] == seen["seen_at"][:10] <= row["listed_until"]


def test_a_posting_is_gone_from_the_list_once_it_is_closed(world: Invented) -> None:
    until = {
        row["source_posting_id"]: row["listed_until"] for row in map(json.loads, world.listed.read_text().splitlines())
    }
    closed = [row for row in read(world.postings) if row["closed_on"] and row["source_posting_id"] in until]

    assert len(closed) > 50
    assert all(until[row["source_posting_id"]] < row["closed_on"] for row in closed)


def test_a_stated_ccn_is_the_true_one(world: Invented) -> None:
    truth = {row["source_posting_id"]: row["ccn"] for row in read(world.truth)}
    stated = [row for row in read(world.postings) if row["ccn"] and not row["source_posting_id"].startswith("BAD")]

    assert len(stated) > 20
    assert all(truth[row["source_posting_id"]] == row["ccn"] for row in stated)


def test_a_posting_is_closed_on_the_last_day_on_which_it_is_reported(world: Invented) -> None:
    last = {row["source_posting_id"]: row for row in read(world.postings)}
    closed = [row for row in read(world.postings) if row["closed_on"]]

    assert len(closed) > 50
    assert all(last[row["source_posting_id"]] == row and row["closed_on"] == row["seen_at"][:10] for row in closed)
