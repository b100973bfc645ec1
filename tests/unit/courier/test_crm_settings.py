"""Is stated what an operator has to set before records are exchanged with a CRM, and where people open one?"""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from services.courier.settings import crm_page, deployed
from services.courier.usecases.asking import lacking


def test_without_a_crm_that_is_what_an_operator_sets() -> None:
    [missing] = lacking()
    assert "PIPELINE_COURIER_CRM is not set" in missing


@pytest.mark.parametrize(
    "crm, secret",
    [("hubspot", "HUBSPOT_TOKEN"), ("salesforce", "SALESFORCE_CLIENT_ID")],
)
def test_of_a_crm_without_credentials_their_names_are_stated(
    monkeypatch: pytest.MonkeyPatch, crm: str, secret: str
) -> None:
    monkeypatch.setenv("PIPELINE_COURIER_CRM", crm)

    [missing] = lacking()
    assert f"PIPELINE_COURIER_{secret}" in missing


def test_an_id_of_theirs_can_lead_nowhere_but_to_a_page_of_the_crm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIPELINE_COURIER_CRM", "hubspot")
    assert crm_page("companies", "7") is None, "where people open records is not set"

    monkeypatch.setenv("PIPELINE_COURIER_CRM_PAGES", "https://app.hubspot.com/contacts/12345/")
    assert crm_page("companies", "7") == "https://app.hubspot.com/contacts/12345/record/0-2/7"
    assert crm_page("companies", "../?x") == "https://app.hubspot.com/contacts/12345/record/0-2/..%2F%3Fx"

    monkeypatch.setenv("PIPELINE_COURIER_CRM_PAGES", "javascript:alert(1)")
    with pytest.raises(ValidationError, match="begins with https://"):
        deployed()
