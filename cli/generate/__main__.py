"""Write the files that are generated from the manifest, the events, the topology and the sections of packs.

`python -m cli.generate` writes them; `--check` only checks whether they are up to date. A change of an event that is
not additive is refused without `--breaking`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from cli.generate.asyncapi import asyncapi
from cli.generate.dashboard import files as dashboards
from cli.generate.kubernetes import FOLDER as KUBERNETES
from cli.generate.kubernetes import manifests
from cli.generate.packs import schemas as schemas_of_packs
from cli.generate.page import page
from cli.generate.permissions import nats_conf
from cli.generate.schemas import breaking_changes, schema_of
from cli.generate.services import files_of_services, former_requirements
from cli.generate.views import documented
from cli.stack.target import REPOSITORY
from shared.contracts.events import every_event
from shared.contracts.services import MANIFEST

NATS_CONF = REPOSITORY / "deploy" / "nats" / "nats.conf"
# Kustomize reads no file outside its folders.
IN_CLUSTER = KUBERNETES / "components" / "nats" / "nats.conf"
SCHEMAS = REPOSITORY / "docs" / "events"
PACKS = REPOSITORY / "docs" / "packs"


def files() -> dict[Path, str]:
    """Every generated file and its content."""
    schemas = {SCHEMAS / f"{e.SUBJECT}.json": schema_of(e) for e in every_event()} | schemas_of_packs(PACKS)
    written = {path: json.dumps(schema, indent=2) + "\n" for path, schema in schemas.items()}
    described = {SCHEMAS / "asyncapi.yaml": asyncapi(), SCHEMAS / "index.html": page()}
    return {
        **files_of_services(MANIFEST),
        **manifests(MANIFEST),
        **dashboards(),
        **documented(),
        NATS_CONF: nats_conf(),
        IN_CLUSTER: nats_conf(),
        **described,
        **written,
    }


def committed_of(generated: dict[Path, str]) -> dict[Path, str]:
    """What the generated files contain now."""
    return {path: path.read_text(encoding="utf-8") for path in generated if path.exists()}


def problems(committed: dict[Path, str], generated: dict[Path, str]) -> list[str]:
    """The differences between the committed files and the generated ones; `committed` has the existing files."""
    found = []
    for path, content in generated.items():
        if path not in committed:
            found.append(f"{path.name} is missing")
        elif committed[path] != content:
            found.append(f"{path.name} is out of date")
            if path.suffix == ".json" and path.is_relative_to(SCHEMAS):
                found += [
                    f"{path.name}: {change}"
                    for change in breaking_changes(json.loads(committed[path]), json.loads(content))
                ]
    found += [f"{path.name}: its event was removed" for path in sorted(set(SCHEMAS.glob("*.json")) - set(generated))]
    found += [f"{path.name} is a file that packs no longer have" for path in former_schemas() if path not in generated]
    return found + [f"{path.name} belongs to no service" for path in former_requirements() if path not in generated]


def former_schemas() -> list[Path]:
    """The schemas of files of packs that are there, which may be too many."""
    return sorted(PACKS.rglob("*.json"))


def main() -> int:
    generated = files()
    found = problems(committed_of(generated), generated)
    if "--check" in sys.argv:
        print("\n".join([*found, "Run `make generate`."] if found else ["Generated files are up to date."]))
        return 1 if found else 0
    breaking = [line for line in found if ": " in line]
    if breaking and "--breaking" not in sys.argv:
        print(
            "\n".join(breaking), "\nEvents change additively only: add a field with a default, or a new event.", sep=""
        )
        return 1
    for path, content in generated.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    for path in former_schemas():
        if path not in generated:
            path.unlink()
    print(f"{len(generated)} files written.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
