"""What does the one-pager of a pack state? Every text is the pack's own, or about what it states."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import shorten
from typing import Any

from cli.linting.sections import Pack
from cli.printing.factors import in_brief, most_points, points
from cli.printing.packs import CHANNELS, NOT_WORKED, day_of, identity, range_of
from engines.drafting.accounts import Account
from engines.reports.pack import in_words
from engines.reports.rows import Listed
from engines.scoring.kinds import ZERO, SignalFactor
from engines.scoring.known import EstimateFactor, FactFactor

EXAMPLES = 3
"""How many accounts of the sample are shown."""
LONGEST_CELL = 240
LONGEST_RULES = 260
MOST = 8
"""How many factors, playbooks, sequences and tiers are shown."""


def facts_of(pack: Pack, command: str, file: str, example: Listed) -> dict[str, Any]:
    """The data of the template, as JSON has it. A list that is too long for two sides ends with how many follow."""
    about, model = pack.get("pack"), pack.get("scoring")
    weighty = [each for each in model.factors if each.weight > ZERO]
    return {
        "title": f"{about.account[:1].upper()}{about.account[1:]} Finder for {pack.get('outreach').company}",
        "market": about.title,
        "thesis": " ".join(about.thesis.split()),
        "account": about.account,
        "accounts": about.accounts,
        "finds": [list(each) for each in _finds(pack)],
        "model": {"name": model.name, "most": points(model.most), "assumed": sum(map(_is_assumed, weighty))},
        "factors": [_factor(each) for each in weighty[:MOST]],
        "further_factors": len(weighty[MOST:]),
        "tiers": [_tier(pack, tier) for tier in range(1, pack.get("tiers").lowest + 1)][:MOST],
        "sequences": [_sequence(pack, each) for each in _worked(pack)][:MOST],
        "caps": list(_caps(pack)),
        "limits": list(_limits(pack)),
        "stages": [each.label for each in pack.get("stages").prospect],
        "playbooks": [_playbook(each) for each in pack.folders["playbooks"].values()][:MOST],
        "example": _example(pack, example.rows[0].account) if example.rows else None,
        "export": {
            "command": command,
            "file": file,
            "columns": list(example.header),
            "rows": [[_cell(cell) for cell in row.cells] for row in example.rows[:EXAMPLES]],
            "of": len(example.rows),
        },
    }


def _finds(pack: Pack) -> Iterator[tuple[str, str]]:
    about, model, contacts = pack.get("pack"), pack.get("scoring"), pack.get("contacts")
    yield about.accounts, f"each known by its {identity(pack.get('fields').key)}"
    sought = {role.label for each in model.parts if isinstance(each, SignalFactor) for role in each.roles.values()}
    if sought:
        yield "open postings", f"as a sign of a need: {', '.join(sorted(sought))}"
    if known := [each.label for each in model.factors if isinstance(each, FactFactor)]:
        yield "facts", ", ".join(known)
    if estimated := [each.label for each in model.factors if isinstance(each, EstimateFactor)]:
        yield "estimates", f"{', '.join(estimated)}, or not computable, with the reason"
    roles = ", ".join(role.label for role in contacts.roles)
    yield "people", roles + ("; by their role alone" if contacts.policy == "role_only" else "")


def _is_assumed(factor: Any) -> bool:
    return any(each.assumed for each in (factor, *getattr(factor, "parts", ())))


def _factor(factor: Any) -> dict[str, Any]:
    return {
        "label": factor.label,
        "most": points(most_points(factor)),
        "share": float(factor.weight),
        "rules": shorten("; ".join(in_brief(factor)), LONGEST_RULES, placeholder=" ..."),
    }


def _tier(pack: Pack, tier: int) -> dict[str, str]:
    policy, rule = pack.get("tiers"), pack.get("capacity").tiers.get(tier)
    sequence = pack.folders["sequences"].get(rule.sequence) if rule else None
    limits = (
        ("at most {} for each rep", rule and rule.per_rep),
        ("{} new for each rep and week", rule and rule.new_per_rep_and_week),
        ("{} new a day", rule and rule.new_per_day),
    )
    return {
        "name": policy.labels.get(tier, f"Tier {tier}"),
        "range": range_of(policy, tier),
        "follows": f"sequence {sequence.title}" if sequence else NOT_WORKED,
        "limits": ", ".join(text.format(limit) for text, limit in limits if limit is not None),
    }


def _worked(pack: Pack) -> list[str]:
    """The sequences that tiers begin with, the best tier first."""
    rules = pack.get("capacity").tiers
    return list(dict.fromkeys(rules[tier].sequence for tier in sorted(rules)))


def _sequence(pack: Pack, name: str) -> dict[str, Any]:
    sequence, policy, rules = pack.folders["sequences"][name], pack.get("tiers"), pack.get("capacity").tiers
    tiers = [policy.labels.get(tier, f"Tier {tier}") for tier in sorted(rules) if rules[tier].sequence == name]
    return {
        "title": sequence.title,
        "tiers": ", ".join(tiers),
        "steps": [
            {"when": day_of(step), "channel": CHANNELS[step.channel], "who": pack.get("contacts").label(step.persona)}
            for step in sequence.steps
        ],
    }


def _caps(pack: Pack) -> Iterator[str]:
    capacity = pack.get("capacity")
    whose = {"rep": "each rep", "team": "the team"}[capacity.touches_per_day.scope]
    yield f"{capacity.touches_per_day.max} touches a day for {whose}"
    if letters := capacity.letters_per_person:
        yield f"{letters.max} letters to one person in {letters.days} days"


def _limits(pack: Pack) -> Iterator[str]:
    labels = pack.get("tiers").labels
    for tier, clock in pack.get("sla").tiers.items():
        yield f"{labels.get(tier, f'Tier {tier}')} within {clock.at_risk_from} hours"


def _playbook(playbook: Any) -> dict[str, str]:
    return {
        "title": playbook.title,
        "where": in_words(playbook.where),
        "focus": playbook.focus.rstrip("."),
        "cta": playbook.cta.rstrip("."),
        "command": f"pipeline playbook export {playbook.name}",
    }


def _example(pack: Pack, account: Account) -> dict[str, Any]:
    """Why an account has its score."""
    labels = pack.get("tiers").labels
    return {
        "name": account.name,
        "place": f"{account.city}, {account.state}",
        "score": points(account.score),
        "tier": labels.get(account.tier, f"Tier {account.tier}"),
        "lines": [
            {"label": line.label, "points": points(line.points), "evidence": _cell(line.evidence)}
            for line in account.lines
            if not line.weightless
        ][:MOST],
    }


def _cell(text: str) -> str:
    return shorten(text, LONGEST_CELL, placeholder=" ...")
