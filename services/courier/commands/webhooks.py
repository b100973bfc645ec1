"""Which webhooks are there, and what do they get?"""

from __future__ import annotations

from services.courier.usecases import webhooks
from shared.service import Router

router = Router()

router.command(webhooks.add_webhook)
router.command(webhooks.pause_webhook)
router.command(webhooks.resume_webhook)
router.command(webhooks.remove_webhook)
router.command(webhooks.rotate_secret)
router.command(webhooks.send_test)
router.command(webhooks.replay)
