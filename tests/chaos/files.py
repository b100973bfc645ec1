"""Does any of many mutated files crash an import, lose a line, or delist facilities against the rule?

`python -m tests.chaos.files --mutations 20000 --served 600` reads all of them as the imports do, and imports the last
600 into running services as `pipeline import` does. Prints the results; exits with 1 if there is a fault.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

import structlog

from tests.support.interpreting import read_file
from tests.support.mutations import many, mutated
from tests.support.servers import test_servers
from tests.support.serving import served


def read_all(folder: Path, count: int) -> tuple[Counter[str], list[str]]:
    total, faults = Counter[str](), list[str]()
    for file in many(0, count):
        path = folder / "file"
        path.write_bytes(file.content)
        try:
            total += read_file(path, file.kind)
        except Exception:
            faults.append(f"{file.kind}, {file.form}: {traceback.format_exc(limit=-3)}")
    return total, faults


async def serve_all(folder: Path, first: int, count: int) -> tuple[Counter[str], list[str]]:
    total, faults = Counter[str](), list[str]()
    with test_servers() as servers:
        async with served(servers, folder) as import_file:
            for seed in range(first, first + count):
                try:
                    total += await import_file(mutated(seed))
                except Exception:
                    faults.append(f"seed {seed}, served: {traceback.format_exc(limit=-3)}")
    return total, faults


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.chaos.files", description=__doc__)
    options.add_argument("--mutations", type=int, default=20_000)
    options.add_argument("--served", type=int, default=600)
    given = options.parse_args()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        total, faults = read_all(Path(folder), given.mutations)
        print(f"{given.mutations} files read in {time.monotonic() - began:.0f} s: {dict(total)}", flush=True)
        began = time.monotonic()
        total, more = asyncio.run(serve_all(Path(folder), given.mutations - given.served, given.served))
        print(f"{given.served} files served in {time.monotonic() - began:.0f} s: {dict(total)}")
    print(*faults, *more, f"{len(faults) + len(more)} faults", sep="\n")
    sys.exit(1 if faults or more else 0)


if __name__ == "__main__":
    main()
