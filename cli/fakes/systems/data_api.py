"""What does the fake of data.cms.gov answer: its catalogue, rows of a dataset page by page, and its files?"""

from __future__ import annotations

from typing import Any, Final

from cli.fakes import tables
from cli.fakes.asking import Asked
from cli.fakes.replies import Reply, as_json, remembered, status
from cli.fakes.world import Vintage

_DATASETS: Final = "/data-api/v1/dataset/"
_FILES: Final = "/sites/default/files/"
_LARGEST: Final = 5_000
_UUID: Final = 36


def answer(asked: Asked) -> Reply:
    offered = [each for each in asked.world.datasets() if len(each.id) == _UUID]
    if asked.path == "/data.json":
        return as_json({"conformsTo": "https://project-open-data.cio.gov/v1.1/schema",
                        "dataset": [_dataset(asked, each) for each in offered]})  # fmt: skip
    if asked.path.startswith(_FILES):
        for each in offered:
            if asked.path == f"{_FILES}{_file_name(each)}":
                reply = Reply(200, tables.read(each.file), (("content-type", "text/csv"),))
                return remembered(reply, asked.headers.get("if-none-match", ""))
        return status(404)
    parts = asked.path.removeprefix(_DATASETS).split("/")
    vintage = asked.vintage(parts[0])
    if vintage is None or parts[1:2] != ["data"]:
        return status(404)
    return _rows(asked, vintage, parts[2:] == ["stats"])


def _file_name(vintage: Vintage) -> str:
    return f"{vintage.offered_from.isoformat()}/{vintage.id}.csv"


def _dataset(asked: Asked, vintage: Vintage) -> dict[str, Any]:
    changed = vintage.offered_from.isoformat()
    titled = f"{vintage.title} : {changed}"
    return {
        "@type": "dcat:Dataset",
        "identifier": f"{asked.base}{_DATASETS}{vintage.id}/data-viewer",
        "title": vintage.title,
        "modified": changed,
        "distribution": [
            {
                "@type": "dcat:Distribution",
                "accessURL": f"{asked.base}{_DATASETS}{vintage.id}/data",
                "description": "latest",
                "format": "API",
                "modified": changed,
                "title": titled,
            },
            {
                "@type": "dcat:Distribution",
                "downloadURL": f"{asked.base}{_FILES}{_file_name(vintage)}",
                "mediaType": "text/csv",
                "modified": changed,
                "title": titled,
            },
        ],
    }


def _rows(asked: Asked, vintage: Vintage, only_counted: bool) -> Reply:
    every = found = tables.rows(vintage.file)
    for name, value in asked.query.items():
        if name.startswith("filter[") and name.endswith("]"):
            column = name[len("filter[") : -1]
            found = [row for row in found if row.get(column) == value]
    if only_counted:
        return as_json({"found_rows": len(found), "total_rows": len(every)})
    offset, size = asked.number("offset", 0, 10**7), asked.number("size", 1_000, _LARGEST)
    return as_json(found[offset : offset + size])
