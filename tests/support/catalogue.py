"""How does ingest poll a catalogue in a test? The catalogue is a process, and the pack's checks are of small files."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.fakes import Fakes, fakes

PACKS = Path(__file__).parents[2] / "packs"
HOST = "data.cms.gov"


@dataclass(frozen=True)
class Catalogue:
    """A fake catalogue, and the datasets of the pack by name."""

    fakes: Fakes
    folder: Path
    pack: Mapping[str, Mapping[str, Any]]

    def offer(self, today: date, files: Mapping[str, Path]) -> None:
        """Offer a file for each of these datasets from a day on, and nothing else."""
        rows = [
            {
                "id": self.pack[name]["id"],
                "title": self.pack[name]["title"],
                "file": str(file),
                "offered_from": str(today),
            }
            for name, file in files.items()
        ]
        self.fakes.client.put("/_fake/datasets", json=rows).raise_for_status()
        self.fakes.day(today)

    def file(self, name: str, header: str, rows: Sequence[str], encoding: str = "utf-8") -> Path:
        path = self.folder / name
        path.write_text("\n".join([header, *rows]) + "\n", encoding=encoding)
        return path

    def downloads(self) -> list[str]:
        """The paths of the files that were downloaded."""
        return [
            each["path"] for each in self.fakes.requests(HOST) if "/files/" in each["path"] and each["status"] == 200
        ]


@contextmanager
def catalogue(
    folder: Path, monkeypatch: pytest.MonkeyPatch, today: date, checks: Mapping[str, Any] | None = None
) -> Iterator[Catalogue]:
    """A catalogue that ingest polls once it is started; `checks` replaces those of each dataset."""
    packs = folder / "packs"
    shutil.copytree(PACKS, packs, symlinks=True)
    path = packs / "snf" / "datasets.yaml"
    section = yaml.safe_load(path.read_text())
    for each in section["datasets"]:
        each["checks"] = dict(checks or {"least_rows": 1})
    path.write_text(yaml.safe_dump(section))
    with fakes([], folder, today) as running:
        base = running.base(HOST)
        monkeypatch.setenv("PIPELINE_PACKS_DIR", str(packs))
        monkeypatch.setenv("PIPELINE_OUTBOUND_ALLOW", f"127.0.0.1:{running.port}")
        monkeypatch.setenv("PIPELINE_INGEST_CATALOGUES", f"pdc={base}/provider-data/api/1,data_api={base}")
        yield Catalogue(running, folder, {each["name"]: each for each in section["datasets"]})
