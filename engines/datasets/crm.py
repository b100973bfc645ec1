"""Which headings and stages in exports from CRM systems state which of ours?

The defaults of Salesforce, HubSpot, Pipedrive and Zoho, as column names ("Account Owner" is `account_owner`).
"""

from __future__ import annotations

from collections.abc import Mapping

from engines.datasets.headings import letters

ACCOUNTS = {
    "account_owner": "owner",
    "company_owner": "owner",
    "owner_name": "owner",
    "record_owner": "owner",
    "account_type": "status",
    "lifecycle_stage": "status",
    "lifecyclestage": "status",
    "type": "status",
    "next_activity_date": "next_follow_up_on",
    "next_activity": "next_follow_up_on",
    "next_follow_up": "next_follow_up_on",
    "follow_up_date": "next_follow_up_on",
    "description": "note",
    "notes": "note",
}
SUPPRESSIONS = {
    "email_address": "email",
    "e_mail": "email",
    "e_mail_address": "email",
    "address": "email",
    "subscriber": "email",
    "unsubscribe_reason": "reason",
    "suppression_reason": "reason",
    "channel": "channels",
}
CONTACTS = {
    "full_name": "name",
    "contact_name": "name",
    "email_address": "email",
    "e_mail": "email",
    "work_email": "email",
    "phone_number": "direct_phone",
    "business_phone": "direct_phone",
    "work_phone": "direct_phone",
    "direct_line": "direct_phone",
    "donotcall": "do_not_call",
    "email_opt_out": "do_not_email",
    "email_opted_out": "do_not_email",
    "has_opted_out_of_email": "do_not_email",
    "hasoptedoutofemail": "do_not_email",
    "unsubscribed_from_all_email": "do_not_email",
}
LEADS = {
    "deal_stage": "stage",
    "dealstage": "stage",
    "lead_status": "stage",
    "opportunity_stage": "stage",
    "stage_name": "stage",
    "status": "stage",
    "deal_owner": "owner",
    "lead_owner": "owner",
    "opportunity_owner": "owner",
    "owner_name": "owner",
    "record_owner": "owner",
    "deal_value": "amount",
    "value": "amount",
    "amount_currency": "currency",
    "currency_iso_code": "currency",
    "currencyisocode": "currency",
    "deal_currency_code": "currency",
    "close_date": "close_on",
    "closedate": "close_on",
    "closing_date": "close_on",
    "expected_close": "close_on",
    "expected_close_date": "close_on",
    "closed_lost_reason": "reason",
    "loss_reason": "reason",
    "lost_reason": "reason",
    "reason_for_loss": "reason",
    "next_activity_date": "next_follow_up_on",
    "next_follow_up": "next_follow_up_on",
    "follow_up_date": "next_follow_up_on",
    "lead_source": "source",
    "original_source": "source",
    "original_traffic_source": "source",
    "description": "note",
    "notes": "note",
}
REPS = {
    "alias": "rep",
    "user_name": "rep",
    "username": "rep",
    "full_name": "name",
    "e_mail": "email",
    "email_address": "email",
    "phone_number": "phone",
    "mobile_phone": "phone",
    "working_hours": "hours",
    "time_zone": "timezone",
    "zone": "timezone",
    "territory": "territories",
}


_STAGES = {
    "new": ("New", "Open", "Open - Not Contacted", "Prospecting", "Lead In", "Not Contacted"),
    "contacted": (
        "Contacted", "Working", "Working - Contacted", "Attempted to Contact", "Contacted in Future", "Connected",
        "In Progress", "Open Deal", "Contact Made", "Appointment Scheduled", "Demo Scheduled",
    ),
    "qualified": (
        "Qualified", "Qualification", "Qualified to Buy", "Needs Analysis", "Value Proposition", "Id. Decision Makers",
        "Perception Analysis", "Presentation Scheduled", "Needs Defined", "Pre-Qualified",
    ),
    "proposal": (
        "Proposal", "Proposal Made", "Proposal/Price Quote", "Proposal/Quote", "Negotiation", "Negotiation/Review",
        "Negotiations Started", "Decision Maker Bought-In", "Contract Sent",
    ),
    "won": ("Won", "Closed Won", "Closed - Converted"),
    "lost": ("Lost", "Closed Lost", "Closed - Not Converted", "Closed Lost to Competition", "Lost Lead", "Unqualified"),
}  # fmt: skip
"""The default stages of deals and leads, by the phase that they correspond to."""
_PHASES = {letters(stage): phase for phase, stages in _STAGES.items() for stage in stages}


def phase_of(stage: str) -> str | None:
    """The phase of a stage of a CRM system; None for an unknown one."""
    return _PHASES.get(letters(stage))


def renamed(columns: list[str], spellings: Mapping[str, str], key_spellings: Mapping[str, str]) -> list[str]:
    """The columns by our names; a heading of a CRM system counts only if the file has no column of that name."""
    taken = set(columns)
    names = []
    for column in columns:
        name = key_spellings.get(column) or spellings.get(column) or column
        if name != column and name in taken:
            name = column
        taken.add(name)
        names.append(name)
    return names
