"""What does the notifier do outside?"""

from __future__ import annotations

from services.notifier.workers import mailbox, sending, wording

routers = (mailbox.router, sending.router, wording.router)
