"""Which questions does the matcher reply to?"""

from __future__ import annotations

from services.matcher.queries import counts, facility, inbox, keys, outcomes, resampling, signals, verdicts

routers = tuple(module.router for module in (counts, facility, inbox, keys, outcomes, resampling, signals, verdicts))
