"""May an account that had a run have another one?"""

from __future__ import annotations

from datetime import date, timedelta

from services.sequencer.domain.pack import Sequence


def may_start(sequence: Sequence, last_started_on: date | None, today: date) -> bool:
    """From the day of the last run that the pack names (K25); a run that never started holds nothing up."""
    return last_started_on is None or today >= last_started_on + timedelta(days=sequence.again_from_day - 1)
