"""Does a list of leads have one line for each?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from cli.printing import leads, show
from shared.contracts.sequencer_leads import LeadRow

LEAD = LeadRow(
    lead_id=UUID(int=1),
    facility_id="335001",
    facility="Larkmoor Rehabilitation and Nursing Center of the Upper Hudson Valley",
    lead_source="prospect",
    stage="contacted",
    stage_since=date(2026, 7, 1),
    phase="contacted",
    owner="rep-1",
    role_families=[],
    raised_on=date(2026, 7, 1),
    refreshed_on=date(2026, 7, 1),
    closed_on=None,
    closed_reason=None,
    version=1,
    tier=1,
    probability=20,
    next_follow_up_on=date(2026, 7, 9),
)
WORTH = {"amount": Decimal(48_000), "currency": "USD", "close_on": date(2026, 10, 1)}


@pytest.mark.parametrize("more", [{}, WORTH, WORTH | {"lead_source": "upsell"}, {"owner": None, "unassigned": "why"}])
def test_a_lead_has_one_line_at_a_hundred_columns(more: dict[str, object], capsys: pytest.CaptureFixture[str]) -> None:
    show.console.width = 100
    try:
        leads.listed([LEAD.model_copy(update=more), LEAD], date(2026, 7, 8))
    finally:
        show.console.width = show.WIDE

    title, head, *rows = [line for line in capsys.readouterr().out.splitlines() if not line.startswith("Open leads")]
    assert title.strip() == "2 leads"
    assert ("amount" in head) == ("amount" in more)
    of_leads = [row for row in rows if row.startswith("335001")]
    assert [row.count("Larkmoor") for row in of_leads] == [1, 1]
    assert max(map(len, [head, *of_leads])) <= 100
    assert rows[2:] == (["Without an owner (1): why."] if "unassigned" in more else [])
