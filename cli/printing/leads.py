"""How are leads printed?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from cli.client.clock import deployment
from cli.printing import show
from shared.contracts.sequencer_leads import ChangedLead, LeadRow, LeadStory, StageRow

NAME, SHORTEST = "name", 10
"""The column of names, and the characters that a name has at least."""
PHASES = ("new", "contacted", "qualified", "proposal", "won", "lost")


def in_order(found: Iterable[LeadRow]) -> list[LeadRow]:
    """Leads by source and phase, those that have been longest in it first."""
    return sorted(
        found,
        key=lambda lead: (lead.lead_source, PHASES.index(lead.phase), lead.stage_since or date.min, lead.facility_id),
    )


def leads(found: Sequence[LeadRow]) -> None:
    if not found:
        show.say("There are no such leads.")
        return
    listed(found, deployment("sequencer").today)
    for sentence in forecast(found):
        show.say(sentence)


def listed(found: Sequence[LeadRow], today: date) -> None:
    """Print each lead in one line, and why those without an owner have none."""
    rows = [_row(lead, today) for lead in found]
    # What no lead of the list has takes no place, and names are cut, so that each lead has one line.
    columns = [name for name in rows[0] if name == NAME or any(row[name] not in (None, "") for row in rows)]
    left = show.console.width - sum(_width(rows, each) for each in columns if each != NAME) - show.PADDING
    for row in rows:
        row[NAME] = _cut(str(row[NAME] or ""), max(left, SHORTEST))
    cells = [[row[name] for name in columns] for row in rows]
    show.table(f"{len(found)} leads", columns, cells, right=["days", "tier", "win", "amount"])
    for why, count in Counter(lead.unassigned or "they are closed" for lead in found if not lead.owner).items():
        show.say(f"Without an owner ({count}): {why.rstrip('.')}.")


def _row(lead: LeadRow, today: date) -> dict[str, object]:
    """The cells of a lead by column."""
    return {
        "id": lead.facility_id,
        NAME: lead.facility_display_name or lead.facility,
        "lead": "upsell" if lead.lead_source == "upsell" else None,
        "stage": lead.stage,
        "days": _days(lead, today),
        "tier": lead.tier,
        "owner": lead.owner or "none",
        "win": f"{lead.probability}%" if lead.probability is not None else None,
        "amount": f"{lead.amount:,.0f} {lead.currency}" if lead.amount is not None else None,
        "close by": lead.close_on,
        "next": _next(lead),
    }


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1].rstrip()}…"


def _width(rows: Sequence[Mapping[str, object]], column: str) -> int:
    return max(len(column), *(len(str(row[column] or "")) for row in rows)) + show.PADDING


def forecast(found: Iterable[LeadRow]) -> list[str]:
    """What the open leads with an amount are worth in all, and weighted by the probability of their stage (R175)."""
    stated = [lead for lead in found if lead.amount is not None and not lead.closed_on]
    sentences = []
    for currency in sorted({lead.currency or "" for lead in stated}):
        expected = [
            (lead.amount or Decimal(0), lead.probability or 0) for lead in stated if (lead.currency or "") == currency
        ]
        total = sum((amount for amount, _ in expected), Decimal(0))
        weighted = sum((amount * probability / 100 for amount, probability in expected), Decimal(0))
        sentences.append(
            f"Open leads with an amount ({len(expected)}): {total:,.2f} {currency},"
            f" {weighted:,.2f} weighted by the probability of their stages."
        )
    return sentences


def story(lead_story: LeadStory) -> None:
    lead = lead_story.lead
    owner = lead.owner or f"no owner, because {lead.unassigned or 'it is closed'}"
    name = lead.facility_display_name or lead.facility_id
    show.say(f"{name} ({lead.facility_id}): {lead.stage} since {lead.stage_since}; {owner}.")
    if lead.amount is not None or lead.close_on:
        show.say(f"Expected: {expected(lead)}; probability {lead.probability}%.")
    if lead.closed_on:
        show.say(f"Closed on {lead.closed_on}: {lead.closed_reason}.")
    if lead.reopen_asked_on:
        show.say(f"A signal asks to re-open it: `pipeline lead reopen {lead.facility_id}` (or --decline).")
    if lead.engaged_until and not lead.closed_on:
        show.say(f"A person works it by hand; no sequence starts before {lead.engaged_until}.")
    if not lead.closed_on:
        show.say(f"Stages: {', '.join(map(_stage, lead_story.stages))}. To enter one: `pipeline lead move`.")
    show.table(
        "Story", ["on", "", "by", "what"], [(each.on, each.kind, each.by, each.text) for each in lead_story.story]
    )
    if any(each.value for each in lead_story.form):
        form(lead_story)


def form(lead_story: LeadStory) -> None:
    rows = [(each.field, each.label, each.type, each.value or _absent(each.required)) for each in lead_story.form]
    show.table(f"Intake form of {lead_story.lead.facility_id}", ["field", "label", "type", "value"], rows)


def expected(lead: LeadRow) -> str:
    amount = f"{lead.amount:,.2f} {lead.currency}" if lead.amount is not None else "no amount stated"
    return f"{amount} by {lead.close_on}" if lead.close_on else amount


def suppressed(answer: ChangedLead) -> None:
    if answer.not_contacted:
        channels = "all channels" if "all" in answer.not_contacted else ", ".join(answer.not_contacted)
        allow = f"pipeline suppression lift --facility {answer.facility_id}"
        show.say(f"It is still not contacted by {channels}; `{allow}` allows it.")


def _stage(stage: StageRow) -> str:
    return f"{stage.stage} (needs the intake form)" if "intake" in stage.needs else stage.stage


def _absent(required: bool) -> str:
    return "(required)" if required else "(optional)"


def _days(lead: LeadRow, today: date) -> int | None:
    return (today - lead.stage_since).days if lead.stage_since else None


def _next(lead: LeadRow) -> str | None:
    if lead.reopen_asked_on:
        return "re-open?"
    return str(lead.next_follow_up_on) if lead.next_follow_up_on else None
