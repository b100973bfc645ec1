"""How are suppressions printed?"""

from __future__ import annotations

from collections.abc import Sequence

from cli.printing import show
from shared.contracts.sequencer_replies import SuppressionRow


def by_channel(channels: Sequence[str]) -> str:
    return "by any channel" if "all" in channels else f"by {' or '.join(channels)}"


def in_force(found: Sequence[SuppressionRow], title: str) -> None:
    rows = [
        (each.scope, each.label, by_channel(each.channels), each.reason, each.stated_by, each.stated_on)
        for each in found
    ]
    if rows:
        show.table(title, ["who", "", "channels", "reason", "stated by", "on"], rows)
