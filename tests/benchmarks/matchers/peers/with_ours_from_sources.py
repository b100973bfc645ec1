"""Our engine on name, city and state, from its sources, not compiled: `measure` sets that up."""

from tests.benchmarks.matchers.peers.with_ours import BATCH, build

__all__ = ["BATCH", "build"]
