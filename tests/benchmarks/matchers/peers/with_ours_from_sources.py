"""Our engine on name, city and state, as it is where nothing is compiled: the frame sets that up."""

from tests.benchmarks.matchers.peers.with_ours import BATCH, build

__all__ = ["BATCH", "build"]
