"""What does the fake of the Provider Data Catalog answer: metadata of a dataset, its file, and rows by a query?

Which vintage of a dataset is offered depends on the day. The id of its file changes with each vintage.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final

from cli.fakes import tables
from cli.fakes.asking import Asked
from cli.fakes.replies import Reply, as_json, remembered, status
from cli.fakes.world import Vintage

_ITEMS: Final = "/provider-data/api/1/metastore/schemas/dataset/items"
_QUERY: Final = "/provider-data/api/1/datastore/query/"
_FILES: Final = "/provider-data/sites/default/files/resources/"
_LARGEST: Final = 1_500


def answer(asked: Asked) -> Reply:
    if asked.path == _ITEMS:
        return as_json([_item(asked, each) for each in asked.world.datasets()])
    if asked.path.startswith(f"{_ITEMS}/"):
        vintage = asked.vintage(asked.path.removeprefix(f"{_ITEMS}/"))
        return as_json(_item(asked, vintage)) if vintage else status(404, "Error retrieving dataset: not found.")
    if asked.path.startswith(_FILES):
        return _file(asked)
    if asked.path.startswith(_QUERY):
        return _query(asked)
    return status(404)


def _file_name(vintage: Vintage) -> str:
    made = hashlib.sha256(f"{vintage.id}{vintage.offered_from}".encode()).hexdigest()[:32]
    return f"{made}_{vintage.offered_from.toordinal()}/{vintage.id}_{vintage.offered_from.isoformat()}.csv"


def _item(asked: Asked, vintage: Vintage) -> dict[str, Any]:
    file = {
        "@type": "dcat:Distribution",
        "downloadURL": f"{asked.base}{_FILES}{_file_name(vintage)}",
        "mediaType": "text/csv",
    }
    return {
        "@type": "dcat:Dataset",
        "accessLevel": "public",
        "identifier": vintage.id,
        "title": vintage.title,
        "modified": vintage.offered_from.isoformat(),
        "released": vintage.offered_from.isoformat(),
        "nextUpdateDate": "",
        "distribution": [file],
    }


def _file(asked: Asked) -> Reply:
    named = asked.path.removeprefix(_FILES)
    for vintage in asked.world.datasets():
        if named == _file_name(vintage):
            reply = Reply(200, tables.read(vintage.file), (("content-type", "text/csv"),))
            return remembered(reply, asked.headers.get("if-none-match", ""))
    return status(404)  # the file of an earlier vintage is gone


def _query(asked: Asked) -> Reply:
    parts = asked.path.removeprefix(_QUERY).split("/")
    vintage = asked.vintage(parts[0])
    if vintage is None or parts[1:2] != ["0"]:
        return status(404, "Error retrieving dataset: not found.")
    if parts[2:] == ["download"]:
        return Reply(200, tables.read(vintage.file), (("content-type", "text/csv"),))
    found = [{tables.name_of(key): value for key, value in row.items()} for row in tables.rows(vintage.file)]
    for number in range(10):
        column = asked.query.get(f"conditions[{number}][property]")
        if column is not None:
            wanted = asked.query.get(f"conditions[{number}][value]", "")
            found = [row for row in found if row.get(column) == wanted]
    offset, size = asked.number("offset", 0, 10**7), asked.number("limit", 500, _LARGEST)
    return as_json({"results": found[offset : offset + size], "count": len(found), "schema": {}, "query": {}})
