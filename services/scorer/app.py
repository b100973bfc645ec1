"""How is the scorer put together?"""

from services.scorer import asks, handlers, schedule
from services.scorer.publishing import publish_model
from shared.app import App

app = App("scorer", modules=[handlers, schedule, asks], on_start=publish_model)
