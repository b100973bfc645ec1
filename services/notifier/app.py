"""What is the notifier made of?"""

from __future__ import annotations

from services.notifier import asks, handlers, settings
from shared.runtime import App
from shared.storage.database import Tx


async def refuse_a_bad_pack(tx: Tx) -> None:
    """A template that cannot be written stops the service at its start, not a touch on its day."""
    settings.stationery()


app = App("notifier", modules=[handlers, asks], on_start=refuse_a_bad_pack)
