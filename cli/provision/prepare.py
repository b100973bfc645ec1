"""What must be prepared once on an operator's servers, in containers or in a cluster?

The set-up image runs `python -m cli.provision.prepare`. It needs `PIPELINE_NATS_URL` (the user `setup`) and a
`PIPELINE_<SERVICE>_DATABASE_URL` for each service, or files with those names in lower case in `PIPELINE_SECRETS_DIR`.
`PIPELINE_DATABASE_URL`, a role that can create databases, is needed only if the databases do not exist yet,
and for analysts, whom `PIPELINE_ANALYST_PASSWORD` lets in.
"""

from __future__ import annotations

import asyncio
import sys

import nats.errors
import psycopg

from cli.provision.settings import setting
from cli.provision.setup import set_up
from cli.stack.target import StackError, Target
from shared.contracts import topology


def target() -> Target:
    """The servers to prepare; raises `LookupError` with the name of a setting that is missing."""
    urls = {service: _needed(f"PIPELINE_{service.upper()}_DATABASE_URL") for service in topology.SERVICES}
    return Target(_needed("PIPELINE_NATS_URL"), setting("PIPELINE_DATABASE_URL"), urls)


def _needed(name: str) -> str:
    value = setting(name)
    if not value:
        raise LookupError(f"{name} is not set, and PIPELINE_SECRETS_DIR has no file {name.lower()}.")
    return value


def main() -> int:
    try:
        asyncio.run(set_up(target(), print))
    except (LookupError, StackError, OSError, ValueError, psycopg.Error, nats.errors.Error) as error:
        print(f"Set-up failed: {str(error) or type(error).__name__}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
