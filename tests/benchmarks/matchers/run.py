"""`make bench-matcher`: how accurately, how fast and in how much memory do other matchers find the right facility?

Every peer gets the same facilities, name forms and employers, one after the other, each in a process and an environment
of its own. What is measured already stays in the JSON file: a run that was stopped goes on, and `--only` measures anew.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from engines.datasets.paths import file_to_read, file_to_write, folder_of
from engines.datasets.reading import Unreadable
from engines.matching.facilities import Facility
from engines.matching.fitting.rows import LabeledRow, labeled_rows
from engines.matching.pack import WORDS, trade, vocabulary_in
from engines.matching.rows import read_registry
from engines.packs import headings, pack_folder, section
from tests.benchmarks.matchers import inflate, invent, judge, rows, table
from tests.benchmarks.matchers.measure import PEERS, Failed, Peer, cross_validated, measured
from tests.benchmarks.matchers.picture import drawn

INVENTED_ROWS = 3_000
THE_REGISTRY = 0
"""The size of the registry as it is; others are thousands of name forms."""
Results = dict[str, Any]


@dataclass(frozen=True)
class World:
    facilities: list[Facility]
    rows: list[LabeledRow]
    labeled: Path | None


def main() -> None:
    asked = options()
    try:
        world = a_world(asked)
    except (Unreadable, ValueError) as error:
        raise SystemExit(f"make bench-matcher: {error}") from error
    results = kept(asked.json, world)
    for size in asked.sizes:
        missing = [peer for peer in asked.peers if size <= peer.largest and is_missing(results, peer, size, asked.only)]
        if missing:
            measure_all(missing, size, world, asked, results)
    print("\n" + table.markdown(results, PEERS))
    if asked.plot:
        asked.plot.write_text(drawn(results, PEERS), encoding="utf-8")


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-matcher", description=__doc__)
    parser.add_argument("--registry", type=file_to_read, help="as `pipeline match` takes it; invented without")
    parser.add_argument("--labeled", help="folder of the labeled rows that the pack's trade.yaml names")
    parser.add_argument("--json", type=file_to_write, help="where results are kept, and looked for")
    parser.add_argument("--plot", type=file_to_write, help="the SVG file to draw")
    parser.add_argument(
        "--only", default="", help=f"peers to measure anew, by comma: {', '.join(p.name for p in PEERS)}"
    )
    parser.add_argument("--sizes", default="", help="thousands of name forms, by comma; 0 is the registry as it is")
    parser.add_argument("--rows", type=int, default=0, help="so many employers only")
    parser.add_argument("--states", type=int, default=len(invent.STATES), help="so many invented states only")
    parser.add_argument("--seconds", type=float, default=60, help="after which a peer is judged by what it answered")
    parser.add_argument("--minutes", type=float, default=15, help="after which a peer is given up")
    asked = parser.parse_args()
    if bool(asked.registry) != bool(asked.labeled):
        parser.error("--registry and --labeled go together: the rows say which facility of the registry is meant")
    asked.sizes = [int(size) for size in (asked.sizes or ("0,200,1000" if asked.registry else "0")).split(",")]
    names = asked.only.split(",") if asked.only else [peer.name for peer in PEERS]
    unknown = set(names) - {peer.name for peer in PEERS}
    if unknown:
        parser.error(f"no such peer: {', '.join(sorted(unknown))}")
    asked.peers = [peer for peer in PEERS if peer.name in names]
    return asked


def a_world(asked: argparse.Namespace) -> World:
    if asked.registry:
        files = vocabulary_in(pack_folder()).labeled
        if not files:
            raise ValueError("the pack's trade.yaml does not say which rows are `labeled`")
        folder = folder_of(*files.names)(asked.labeled)
        facilities = read_registry(asked.registry, None, headings(), trade()).facilities
        employers = labeled_rows(folder, headings().key.column, files)
        return World(facilities, rows.sample(employers, asked.rows), folder)
    print(
        "No registry was given, so the facilities and the employers are invented; the figures say nothing of real ones."
    )
    facilities, invented = invent.invented_country(asked.rows or INVENTED_ROWS, asked.states)
    return World(facilities, invented, None)


def kept(path: Path | None, world: World) -> Results:
    """The results so far; a file with those of other facilities or employers is not changed."""
    of = {
        "facilities": len(world.facilities),
        "forms": rows.forms_in(world.facilities),
        "rows": len(world.rows),
        "invented": world.labeled is None,
        "digest": digest(world),
    }
    if path and path.exists():
        try:
            content: Any = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            raise SystemExit(f"{path} holds no results: remove it, or name another file.") from None
        if not isinstance(content, dict) or content.get("of") != of:
            raise SystemExit(f"{path} holds results of other facilities or employers: remove it, or name another file.")
        return dict(content)
    return {"of": of, "machine": {"cores": os.cpu_count(), "python": platform.python_version()}, "sizes": {}}


def digest(world: World) -> str:
    facilities = [(each.facility_id, each.state, each.city, rows.names_of(each)) for each in world.facilities]
    employers = [(row.facility_id, row.employer.name, row.employer.city, row.employer.state) for row in world.rows]
    return sha256(json.dumps([facilities, employers]).encode()).hexdigest()[:16]


def is_missing(results: Results, peer: Peer, size: int, only: str) -> bool:
    return bool(only) or "per_second" not in results["sizes"].get(str(size), {}).get("peers", {}).get(peer.name, {})


def measure_all(peers: Sequence[Peer], size: int, world: World, asked: argparse.Namespace, results: Results) -> None:
    facilities = inflate.inflated(world.facilities, size * 1_000, trade())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lay_out(folder, facilities, world, any(peer.is_ours for peer in peers))
        of_size = results["sizes"].setdefault(str(size), {"peers": {}})
        of_size |= {"facilities": len(facilities), "forms": rows.forms_in(facilities)}
        for peer in peers:
            print(f"{of_size['forms']:>9,} name forms  {peer.name:22}", end="", flush=True)
            of_size["peers"][peer.name] = found = one(peer, folder, world.rows, asked)
            print("  ".join(f"{figure} {value}" for figure, value in found.items()), flush=True)
            if asked.json:
                asked.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


def lay_out(folder: Path, facilities: Sequence[Facility], world: World, with_ours: bool) -> None:
    rows.write_queries(folder / "queries.jsonl", world.rows)
    rows.write_trade(folder / "trade.json", vocabulary_in(pack_folder()), section(WORDS, dict))
    settings: dict[str, Any] = {"models": [], "accept_at": section("matching", dict)["fitted"]["accept_at"]}
    if with_ours and world.labeled:
        rows.write_facilities(folder / "facilities.jsonl", world.facilities)
        settings["models"] = cross_validated(folder / "facilities.jsonl", world.labeled)
    (folder / "settings.json").write_text(json.dumps(settings), encoding="utf-8")
    rows.write_facilities(folder / "facilities.jsonl", facilities)


def one(peer: Peer, folder: Path, asked_rows: Sequence[LabeledRow], asked: argparse.Namespace) -> dict[str, Any]:
    try:
        found = measured(peer, folder, asked.seconds, asked.minutes * 60)
    except Failed as failed:
        return {"failed": str(failed)}
    return {**judge.figures(asked_rows, found.pop("answers")), **found, "load": round(os.getloadavg()[0], 1)}


if __name__ == "__main__":
    main()
