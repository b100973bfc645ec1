"""What would each screen show on a typical day? Facilities and people are invented."""

from __future__ import annotations

from collections.abc import Mapping

from tests.browser.samples import (
    access,
    accounts,
    crm,
    dashboards,
    datasets,
    drafts,
    errors,
    facility,
    inbox,
    notices,
    operating,
    pipeline,
    planning,
    settings,
    sourcing,
    webhooks,
    worklist,
)
from tests.browser.samples.frames import Sample

SAMPLES: Mapping[str, Sample] = {
    **worklist.SAMPLES,
    **facility.SAMPLES,
    **inbox.SAMPLES,
    **drafts.SAMPLES,
    **pipeline.SAMPLES,
    **accounts.SAMPLES,
    **planning.SAMPLES,
    **dashboards.SAMPLES,
    **settings.SAMPLES,
    **operating.SAMPLES,
    **sourcing.SAMPLES,
    **datasets.SAMPLES,
    **webhooks.SAMPLES,
    **crm.SAMPLES,
    **notices.SAMPLES,
    **access.SAMPLES,
    **errors.SAMPLES,
}
"""The page of each sample by its name, which is also its address in tests."""
