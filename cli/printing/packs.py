"""What does a pack mean, as a document for the people who sell with it?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from cli.linting.sections import Pack
from cli.printing.factors import most_points, points, rules
from engines.datasets.account_key import AccountKey
from engines.reports.pack import in_words
from engines.scoring.kinds import ZERO
from engines.scoring.known import EstimateFactor, FactFactor
from engines.scoring.policies import CalibratedPolicy, FixedPolicy

CHANNELS = {"call": "call", "email": "e-mail", "linkedin": "LinkedIn message", "research": "research"}
WITH_ARTICLE = {"call": "a call", "email": "an e-mail", "linkedin": "a LinkedIn message", "research": "research"}
NOT_WORKED = "not worked until its tier changes"
FOLLOWS = {
    "interested": "the sequence stops, and a follow-up is due",
    "callback": "the person is called on the day that they named",
    "meeting": "the lead has a meeting, and the sequence stops",
    "not_interested": "the lead is lost",
    "wrong_contact": "the number or address is used no more, and research is due",
    "unsubscribed": "the person gets no further e-mail",
    "out_of_office": "the next touch waits for the return",
}


def document(pack: Pack) -> str:
    """A sound pack as Markdown."""
    parts = (
        ("", _about), ("Points", _points), ("Estimates", _estimates), ("Tiers", _tiers), ("Sequences", _sequences),
        ("Time limits", _limits), ("Stages", _stages), ("Outcomes", _outcomes), ("Playbooks", _playbooks),
        ("Reports", _reports), ("Claims", _claims), ("Assumptions", _assumptions),
    )  # fmt: skip
    found = ((title, list(part(pack))) for title, part in parts)
    texts = ((f"## {title}\n\n" if title else "") + "\n".join(lines).rstrip() for title, lines in found if lines)
    return "\n\n".join(texts)


def _about(pack: Pack) -> Iterator[str]:
    about, fields = pack.get("pack"), pack.get("fields")
    yield from (f"# {about.title}", "", _plain(about.thesis), "")
    yield f"An account is a {_plain(about.account)}, identified by its {_plain(identity(fields.key))}."
    shown = [factor.label for factor in pack.get("scoring").factors if isinstance(factor, FactFactor)]
    if shown:
        yield f"Known of it, where a list states it: {_plain(', '.join(shown))}."
    roles = ", ".join(role.label for role in pack.get("contacts").roles)
    named = "no person is stored by name" if pack.get("contacts").policy == "role_only" else "named by public sources"
    yield f"People: {_plain(roles)} ({named})."


def identity(key: AccountKey) -> str:
    """What identifies an account: `name, city and state`."""
    made = key.made_of
    return f"{', '.join(made[:-1])} and {made[-1]}" if made[1:] else f"{key.title} ({key.form})"


def _points(pack: Pack) -> Iterator[str]:
    model = pack.get("scoring")
    yield f"Model {model.name}: at most {points(model.most)} points."
    for factor in model.factors:
        if factor.weight > ZERO:
            yield from ("", f"**{_plain(factor.label)}**, at most {points(most_points(factor))}:", "")
            yield from (f"- {_plain(rule)}" for rule in rules(factor))
    if raise_ := model.multiplier:
        where = f" in {', '.join(raise_.states)}" if raise_.states else ""
        yield from ("", f"**{_plain(raise_.label)}** raises the sum by at most {points(100 * raise_.most)} %{where}.")


def _estimates(pack: Pack) -> Iterator[str]:
    for each in pack.get("scoring").factors:
        if isinstance(each, EstimateFactor):
            needs = f"; without {' or '.join(each.needs)}: {each.unknown}" if each.needs else ""
            yield f"- **{_plain(each.label)}** = `{each.formula}`, from {each.least} to {each.most}{_plain(needs)}."
            yield f"  Source: {_plain(each.source)}"


def _tiers(pack: Pack) -> Iterator[str]:
    policy, capacity = pack.get("tiers"), pack.get("capacity")
    for tier in range(1, policy.lowest + 1):
        label = policy.labels.get(tier, f"Tier {tier}")
        rule = capacity.tiers.get(tier)
        sequence = pack.folders["sequences"].get(rule.sequence) if rule else None
        follows = f"sequence {sequence.title}" if sequence else NOT_WORKED
        yield f"- **{_plain(label)}**: {range_of(policy, tier)}; {_plain(follows)}."


def range_of(policy: Any, tier: int) -> str:
    """Which scores, or how many accounts, a tier has."""
    if tier == policy.lowest:
        return "all others"
    match policy:
        case FixedPolicy():
            return f"from {points(policy.cuts[tier])} points"
        case CalibratedPolicy():
            return f"about {policy.targets[tier]} accounts, none below {points(policy.min_score[tier])} points"
    places = policy.places[tier]
    return f"{places.min} to {places.max} accounts"


def _sequences(pack: Pack) -> Iterator[str]:
    contacts = pack.get("contacts")
    for sequence in pack.folders["sequences"].values():
        yield from (f"**{_plain(sequence.title)}**, again from day {sequence.again_from_day}:", "")
        for step in sequence.steps:
            when = day_of(step)
            text = f", text `{step.template}`" if step.template else ""
            only = ", if its condition holds" if step.when else ""
            who = _plain(contacts.label(step.persona))
            yield f"{step.n}. {when}: {CHANNELS[step.channel]} to the {who}{text}{only}"
        yield ""


def day_of(step: Any) -> str:
    return f"day {step.day}" if step.after is None else f"{step.after.days} {step.after.of} days later"


def _limits(pack: Pack) -> Iterator[str]:
    sla, labels = pack.get("sla"), pack.get("tiers").labels
    for tier, clock in sla.tiers.items():
        names = clock.labels
        yield (
            f"- **{_plain(labels.get(tier, f'Tier {tier}'))}**: {_plain(names['on_track'])}; after {clock.at_risk_from}"
            f" hours {_plain(names['at_risk'])}; after {clock.breach_after} hours {_plain(names['breached'])}."
        )
    if sla.tiers:
        counted = "Only the hours of business days" if sla.clock == "business" else "All hours"
        yield f"- All others: {_plain(sla.monitor)}. {counted} count."


def _stages(pack: Pack) -> Iterator[str]:
    stages = pack.get("stages")
    for name, those in (("New accounts", stages.prospect), ("Clients", stages.upsell)):
        if those:
            yield f"- {name}: {_plain(', '.join(f'{each.label} ({each.probability} %)' for each in those))}."
    if stages.intake:
        yield f"- Stated on the way: {_plain(', '.join(field.label for field in stages.intake))}."


def _outcomes(pack: Pack) -> Iterator[str]:
    for channel, outcomes in pack.get("touches").outcomes.items():
        yield from (f"After {WITH_ARTICLE[channel]}:", "")
        for each in outcomes:
            yield f"- {_plain(each.title)}" + (f": {FOLLOWS[each.then]}" if each.then in FOLLOWS else "")
        yield ""


def _playbooks(pack: Pack) -> Iterator[str]:
    for each in pack.folders["playbooks"].values():
        about = f"{each.focus.rstrip('.')}. Asks for: {each.cta.rstrip('.')}."
        yield f"- **{_plain(each.title)}** (`{each.name}`): {_plain(in_words(each.where))}. {_plain(about)}"


def _reports(pack: Pack) -> Iterator[str]:
    for each in pack.folders["reports"].values():
        files = [name for name in (each.file, each.chart.file if each.chart else None) if name]
        where = f"; {in_words(each.where)}" if each.where else ""
        to = f"; files {', '.join(files)}" if files else "; printed only"
        columns = f"{', '.join(each.columns)}{where}{to}"
        yield f"- **{_plain(each.title)}** (`pipeline report {each.name}`): {_plain(columns)}."


def _claims(pack: Pack) -> Iterator[str]:
    for name, claim in pack.get("outreach").claims.items():
        if claim:
            until = f", until {claim.until}" if claim.until else ""
            yield f"- {_plain(claim.text)} (source: {_plain(claim.source)}{until})"
        else:
            yield f"- {name}: none yet, so sentences with it are left out"


def _assumptions(pack: Pack) -> Iterator[str]:
    for factor in pack.get("scoring").factors:
        for each in (factor, *getattr(factor, "parts", ())):
            if each.assumed:
                yield f"- {_plain(each.label)}: {_plain(each.assumed)}"
        if isinstance(factor, EstimateFactor) and not factor.assumed:
            yield f"- {_plain(factor.label)}: an estimate. {_plain(factor.source)}"


def _plain(text: str) -> str:
    """A text of the pack on one line, whose signs are no Markdown."""
    return _SIGNS.sub(r"\\\g<0>", " ".join(text.split()))


_SIGNS = re.compile(r"[\\*`|<>\[\]#]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
"""Signs that Markdown reads; an underscore inside a word is none."""
