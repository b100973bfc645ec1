"""Which ports do servers of tests have that may be down for a while?"""

from __future__ import annotations

import random

from cli.stack.processes import is_free

OWN_PORTS = range(12_000, 20_000)


def own_port() -> int:
    """A free port of a range that no other test uses, because servers that are down do not hold theirs."""
    return next(port for port in random.sample(OWN_PORTS, len(OWN_PORTS)) if is_free(port))
