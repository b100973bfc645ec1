"""What are the open leads worth, weighted by the probability of their stages?"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from cli.printing.leads import forecast
from shared.contracts.sequencer_leads import LeadRow

TODAY = date(2026, 7, 14)


def a_lead(amount: int | None, probability: int, currency: str = "USD", closed_on: date | None = None) -> LeadRow:
    stated: dict[str, Any] = {"amount": amount, "currency": currency, "probability": probability}
    return LeadRow(
        lead_id=uuid4(),
        facility_id="335001",
        lead_source="signal",
        stage="proposal",
        owner="ann",
        role_families=[],
        raised_on=TODAY,
        refreshed_on=TODAY,
        closed_on=closed_on,
        closed_reason=None,
        version=1,
        **stated,
    )


def test_open_leads_count_by_their_amount_and_probability_per_currency() -> None:  # R175
    leads = [a_lead(40_000, 50), a_lead(10_000, 25), a_lead(500, 10, "EUR"), a_lead(None, 50)]

    assert forecast([*leads, a_lead(90_000, 100, closed_on=TODAY)]) == [
        "Open leads with an amount (1): 500.00 EUR, 50.00 weighted by the probability of their stages.",
        "Open leads with an amount (2): 50,000.00 USD, 22,500.00 weighted by the probability of their stages.",
    ]


def test_without_amounts_there_is_nothing_to_add_up() -> None:
    assert forecast([a_lead(None, 50)]) == []
