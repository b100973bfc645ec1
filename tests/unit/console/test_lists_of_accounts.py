"""Does an address name the rows of a list, and is a file of them harmless?"""

from __future__ import annotations

import csv
import io

import pytest

from services.console.domain.filtering import Filter
from services.console.rendering.sheets import inert, lines


def test_an_address_and_the_filter_that_it_names_are_the_same() -> None:
    query = {"q": "troy", "tier": "1", "owner": "rep-1", "sort": "name", "page": "3"}

    asked = Filter.of(query)

    assert asked.as_query() == query
    assert Filter.of({}).href() == "/facilities"
    assert asked.href("/facilities.csv") == "/facilities.csv?q=troy&tier=1&owner=rep-1&sort=name&page=3"


def test_a_filter_is_chosen_once_and_removed_by_choosing_it_again() -> None:
    chosen = Filter.of({"page": "2"}).with_facet("tier", "1")

    assert chosen.href() == "/facilities?tier=1"
    assert chosen.with_facet("tier", "2").href() == "/facilities?tier=2"
    assert chosen.with_facet("tier", "1").href() == "/facilities"


def test_a_column_sorts_and_sorts_the_other_way_round() -> None:
    by_name = Filter.of({}).sorted_by("name")

    assert by_name.as_query() == {"sort": "name"}
    assert by_name.sorted_by("name").as_query() == {"sort": "-name"}
    assert by_name.sorted_by("score").as_query() == {}


@pytest.mark.parametrize("query", [{"sort": "password"}, {"page": "0"}, {"page": "x"}, {"tier": "one"}])
def test_an_address_that_no_page_links_to_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        Filter.of(query)


@pytest.mark.parametrize("typed", ["(518) 555-0142", "518.555.0142", "+1 518 555 0142", "5185550142"])
def test_a_telephone_number_is_found_however_it_is_spelled(typed: str) -> None:
    assert Filter(query=typed).patterns() == ["%5185550142%"]


def test_each_word_is_searched_for_and_none_is_a_pattern() -> None:
    assert Filter(query="Alder 50%_").patterns() == ["%alder%", "%50\\%\\_%"]


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "\n=1", "\uff1d1+1"])
def test_no_program_takes_a_text_for_a_formula(value: str) -> None:
    assert inert(value) == f"'{value}"
    assert (inert(-1.5), inert(None), inert("Alder - Creek")) == (-1.5, "", "Alder - Creek")


def test_a_file_has_a_row_for_each_row() -> None:
    text = "".join(lines(("name", "score"), [(f'A "{number}", Inc', number) for number in range(450)]))

    found = list(csv.reader(io.StringIO(text)))

    assert len(found) == 451
    assert found[450] == ['A "449", Inc', "449"]
