"""How do the figures look in a document?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.benchmarks.matchers.measure import Peer

HEADER = (
    "| {} | acc@1 | R@99 | accepted: precision / recall | lookups/s | ours is × as fast | p50 / p99 ms "
    "| MB: process, grown |"
)


def markdown(results: dict[str, Any], peers: Sequence[Peer]) -> str:
    """A table for each size."""
    sizes = sorted(results["sizes"].items(), key=lambda each: int(each[1]["forms"]))
    return "\n".join(_of_size(content, peers) for _, content in sizes)


def _of_size(content: dict[str, Any], peers: Sequence[Peer]) -> str:
    found = content["peers"]
    ours = found.get("ours", {}).get("per_second")
    lines = [_line(peer, found[peer.name], ours) for peer in peers if peer.name in found]
    title = f"{content['forms']:,} name forms, {content['facilities']:,} facilities"
    return "\n".join([HEADER.format(title), "|---" * 8 + "|", *lines, ""])


def _line(peer: Peer, one: dict[str, Any], ours: float | None) -> str:
    title = peer.title if one.get("compiled", True) == peer.compiled else f"{peer.title} (not compiled here)"
    title = f"**{title}**" if peer.is_ours else title
    if "failed" in one:
        return f"| {title} | {one['failed']} ||||||| "
    share = "–" if one["precision"] is None else f"{_rate(one['precision'])} / {_rate(one['recall'])}"
    times = "batch" if one["p50_ms"] is None else f"{one['p50_ms']:.2f} / {one['p99_ms']:.2f}"
    ratio = f"{ours / one['per_second']:.1f}" if ours and not peer.is_ours else ""
    cells = [_rate(one["acc_at_1"]), _rate(one["recall_at_99"]), share, f"{one['per_second']:,.0f}", ratio, times]
    return f"| {title} | " + " | ".join([*cells, f"{one['process_mb']:,}, {one['grown_mb']:,}"]) + " |"


def _rate(share: float) -> str:
    return f"{share:.3f}".lstrip("0")
