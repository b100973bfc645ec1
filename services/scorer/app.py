"""How is the scorer put together?"""

from services.scorer import asks, handlers, schedule, schemes
from services.scorer.publishing import publish_model
from shared.runtime import App

app = App("scorer", modules=[handlers, schedule, asks, schemes], on_start=publish_model)
