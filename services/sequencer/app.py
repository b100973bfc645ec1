"""The sequencer, put together."""

from __future__ import annotations

from services.sequencer import handlers, schedule
from services.sequencer.asks import days, imports, outcomes, questions, suppressions, worklist
from services.sequencer.settings import names, playbook
from shared.runtime import App
from shared.storage.database import Tx


async def check_playbook(_: Tx) -> None:
    """A playbook that cannot be followed is found at start, not at six in the morning."""
    playbook()
    names()


app = App(
    "sequencer",
    modules=[handlers, schedule, worklist, days, outcomes, imports, suppressions, questions],
    on_start=check_playbook,
)
