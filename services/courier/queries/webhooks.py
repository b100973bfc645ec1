"""Which webhooks are there, and what did they get?"""

from __future__ import annotations

from services.courier.usecases import showing
from shared.service import Router

router = Router()

router.question(showing.webhooks)
router.question(showing.webhook_details)
router.question(showing.webhook_secret)
router.question(showing.deliveries)
router.question(showing.delivery_details)
