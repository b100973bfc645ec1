"""How is the scorer put together?"""

from services.scorer import asks, handlers, schedule, schemes
from services.scorer.publishing import publish_model
from shared.service import Service

service = Service.of("scorer", handlers.router, schedule.router, asks.router, schemes.router, on_start=publish_model)
