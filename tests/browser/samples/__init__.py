"""What would each screen show on a typical day? Facilities and people are invented."""

from __future__ import annotations

from collections.abc import Mapping

from tests.browser.samples import access, errors, facility, worklist
from tests.browser.samples.frames import Sample

SAMPLES: Mapping[str, Sample] = {**worklist.SAMPLES, **facility.SAMPLES, **access.SAMPLES, **errors.SAMPLES}
"""The page of each sample by its name, which is also its address in tests."""
