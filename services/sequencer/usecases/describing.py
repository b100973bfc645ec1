"""What does the pack state about a lead, and why has it no owner?"""

from __future__ import annotations

from datetime import date

from services.sequencer.domain.reps import Team
from services.sequencer.domain.stages import Stages
from services.sequencer.settings import playbook, usual_name
from shared.contracts.sequencer_leads import LeadRow


def described(row: LeadRow, team: Team, today: date) -> LeadRow:
    """A lead with what the pack states about its stage, and the reason for a missing owner."""
    stages = playbook().stages
    stage = stages.named(row.lead_source, row.stage)
    return row.model_copy(
        update={
            "facility_display_name": usual_name(row.facility),
            "probability": stage.probability if stage else None,
            "missing": _missing(row, stages),
            "unassigned": _why_unassigned(row, team, today),
        }
    )


def _missing(row: LeadRow, stages: Stages) -> list[str]:
    if row.lead_source == "upsell" and not any("intake" in each.needs for each in stages.upsell):
        return []
    return [each.field for each in stages.intake if each.required and not row.intake.get(each.field)]


def _why_unassigned(row: LeadRow, team: Team, today: date) -> str | None:
    if row.owner or row.closed_on:
        return None
    if not team.members(today):
        return "there is no rep in the team"
    return row.unassigned or "it gets an owner with the next plan"
