"""Are rows written to the columns of their names, the newest of each key, in any order?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from random import Random
from typing import Any, NamedTuple

import psycopg
import pytest
from pydantic import BaseModel

from shared.storage.database import Tx, rows
from shared.storage.writing import columns_of, insert, recordset, upsert, upsert_newest
from tests.support.probe import probe
from tests.support.running import Running, run_service
from tests.support.servers import TestServers


@dataclass(frozen=True)
class Thing:
    name: str
    version: int
    color: str | None = None


@pytest.fixture
async def service(servers: TestServers) -> AsyncIterator[Running]:
    async with run_service("matcher", servers, probe()) as running:
        async with running.app.begin() as tx:
            await tx.run(
                "CREATE TABLE things (name text PRIMARY KEY, version int NOT NULL, color text, size int DEFAULT 7)"
            )
        yield running


@pytest.fixture
async def tx(service: Running) -> AsyncIterator[Tx]:
    async with service.app.begin() as tx:
        yield tx


async def things(tx: Tx) -> list[dict[str, Any]]:
    return await tx.dicts("SELECT * FROM things ORDER BY name")


async def test_the_newest_row_of_each_key_is_stored_and_written_keys_are_returned(tx: Tx) -> None:
    await upsert_newest(tx, "things", [Thing("a", 2, "red"), Thing("b", 1, "blue")], key=("name",))

    written = await upsert_newest(
        tx, "things", [Thing("a", 1, "old"), Thing("b", 2, "green"), Thing("b", 3, "gold")], key=("name",)
    )

    assert written == [{"name": "b"}]
    assert await things(tx) == [
        {"name": "a", "version": 2, "color": "red", "size": 7},
        {"name": "b", "version": 3, "color": "gold", "size": 7},
    ]


async def test_a_column_that_rows_do_not_have_is_unchanged(tx: Tx) -> None:
    await upsert_newest(tx, "things", [Thing("a", 1, "red")], key=("name",))

    await upsert_newest(tx, "things", [{"name": "a", "version": 2, "size": 9}], key=("name",))

    assert await things(tx) == [{"name": "a", "version": 2, "color": "red", "size": 9}]


@pytest.mark.parametrize("write", ["insert", "upsert"])
async def test_a_misspelled_name_is_an_error_and_never_a_null(service: Running, write: str) -> None:
    rows = [{"name": "a", "version": 1, "colr": "red"}]

    with pytest.raises(psycopg.errors.UndefinedColumn, match="colr"):
        async with service.app.begin() as tx:
            await (
                insert(tx, "things", rows) if write == "insert" else upsert_newest(tx, "things", rows, key=("name",))
            )


async def test_a_custom_statement_reads_only_the_columns_of_its_rows(service: Running) -> None:
    given = [{"name": "b", "version": 1}, {"name": "a", "version": 2}]

    async with service.app.begin() as tx:
        found = await tx.dicts(
            f"SELECT name, version FROM {recordset('things', given)} AS given ORDER BY ordinality", rows=rows(given)
        )
        none = await tx.dicts(f"SELECT name, color FROM {recordset('things', [])} AS given", rows=rows([]))
    assert (found, none) == (given, [])

    for wrong in ([{"nam": "a", "color": "red"}], [{"name": "a", "colr": "red"}], [{"name": "a"}]):
        with pytest.raises(psycopg.errors.UndefinedColumn):
            async with service.app.begin() as tx:
                await tx.dicts(f"SELECT name, color FROM {recordset('things', wrong)} AS given", rows=rows(wrong))


async def test_inserting_an_existing_row_changes_nothing(tx: Tx) -> None:
    assert await insert(tx, "things", [Thing("a", 1, "red"), Thing("b", 1)]) == 2

    assert await insert(tx, "things", [Thing("a", 2, "blue"), Thing("c", 1)]) == 1
    assert [row["color"] for row in await things(tx)] == ["red", None, None]


class Named(NamedTuple):
    name: str
    version: int


async def test_named_tuples_are_rows(tx: Tx) -> None:
    assert await upsert(tx, "things", [Named("a", 1), Named("b", 2)], key=("name",)) == 2

    assert [(row["name"], row["version"], row["size"]) for row in await things(tx)] == [("a", 1, 7), ("b", 2, 7)]


async def test_no_rows_are_no_statement(tx: Tx) -> None:
    assert await insert(tx, "nowhere", []) == 0
    assert await upsert_newest(tx, "nowhere", [], key=("name",)) == []


class Model(BaseModel):
    name: str
    version: int


def test_rows_with_different_columns_are_refused() -> None:
    assert columns_of([Model(name="a", version=1)]) == ("name", "version")
    assert columns_of([Named("a", 1)]) == ("name", "version")
    with pytest.raises(ValueError, match="same columns"):
        columns_of([{"name": "a"}, {"name": "a", "version": 1}])
    with pytest.raises(TypeError, match="str is not a row"):
        columns_of(["a"])


async def test_the_result_is_the_same_in_any_order(service: Running) -> None:
    """Versions decide, so that redelivery and reordering change nothing (equal versions are equal states)."""

    async def end(order: list[Thing]) -> list[dict[str, Any]]:
        async with service.app.begin() as tx:
            await tx.run("DELETE FROM things")
            for thing in order:
                await upsert_newest(tx, "things", [thing], key=("name",))
            return await things(tx)

    states = [Thing(name, version, f"{name}{version}") for name in "ab" for version in (1, 2, 3)]
    ends = [await end(Random(seed).sample(states, 6)) for seed in range(20)]

    assert all(found == ends[0] for found in ends)


async def test_rows_replace_those_with_their_keys_and_equal_rows_are_not_changes(tx: Tx) -> None:
    await insert(tx, "things", [Thing("a", 1, "red"), Thing("b", 1, "blue")])

    written = await upsert(tx, "things", [Thing("a", 1, "red"), Thing("b", 1), Thing("c", 1)], key=("name",))

    assert written == 2
    assert [(each["name"], each["color"]) for each in await things(tx)] == [("a", "red"), ("b", None), ("c", None)]
