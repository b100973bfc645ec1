"""Does every tier have its sequence, and every step its template, channel and persona?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cli.linting.sections import Pack
from engines.packs.files import Fault, suggestion
from services.notifier.domain.writing import needs_text


def touches(pack: Pack) -> Iterator[Fault]:
    if capacity := pack.get("capacity"):
        yield from _capacity(pack, capacity)
    for name, sequence in pack.folders["sequences"].items():
        for at, step in enumerate(sequence.steps if sequence else ()):
            yield from _step(pack, f"sequences/{name}.yaml", at, step)
            yield from _condition(pack, f"sequences/{name}.yaml", at, sequence)
        if sequence and sequence.wake:
            yield from _wake(pack, f"sequences/{name}.yaml", sequence.wake)

    if outcomes := pack.get("touches"):
        for name, promised in _promises(outcomes):
            yield from _text(pack, "touches.yaml", f"{name}.template", promised.channel, promised.template)


def tasks_of_stages(pack: Pack) -> Iterator[Fault]:
    """The faults of the tasks that leads in a stage, and clients, have."""
    stages, contacts = pack.get("stages"), pack.get("contacts")
    for key, rule in stages.rules if stages else ():
        if contacts and rule.persona and rule.persona not in contacts.names:
            problem = f"contacts.yaml has no role {rule.persona}"
            yield Fault("stages.yaml", f"{key}.persona", problem, suggestion(rule.persona, contacts.names))
        yield from _text(pack, "stages.yaml", f"{key}.template", rule.channel, rule.template)


def _promises(touches: Any) -> list[tuple[str, Any]]:
    return [("follow_up", touches.follow_up), ("callback", touches.callback)]


def _capacity(pack: Pack, capacity: Any) -> Iterator[Fault]:
    sequences, policy, model = pack.folders["sequences"], pack.get("tiers"), pack.get("scoring")
    for tier, rule in capacity.tiers.items():
        if rule.sequence not in sequences:
            problem = f"there is no sequences/{rule.sequence}.yaml"
            yield Fault("capacity.yaml", f"tiers.{tier}.sequence", problem, suggestion(rule.sequence, sequences))
        if policy and not 1 <= tier <= policy.lowest:
            remedy = suggestion(tier, range(1, policy.lowest + 1))
            yield Fault("capacity.yaml", f"tiers.{tier}", "tiers.yaml has no such tier", remedy)
    factors = [factor.factor for factor in model.factors] if model else [capacity.signal_factor]
    if capacity.signal_factor not in factors:
        problem = f"scoring.yaml has no factor {capacity.signal_factor}"
        yield Fault("capacity.yaml", "signal_factor", problem, suggestion(capacity.signal_factor, factors))


def _step(pack: Pack, file: str, at: int, step: Any) -> Iterator[Fault]:
    key, contacts = f"steps.{at}.template", pack.get("contacts")
    if contacts and step.persona not in contacts.names:
        problem = f"contacts.yaml has no role {step.persona}"
        yield Fault(file, f"steps.{at}.persona", problem, suggestion(step.persona, contacts.names))
    yield from _text(pack, file, key, step.channel, step.template)


def _condition(pack: Pack, file: str, at: int, sequence: Any) -> Iterator[Fault]:
    """The outcomes of a condition that the earlier step cannot have."""
    when, outcomes = sequence.steps[at].when, pack.get("touches")
    if when is None or when.step is None or outcomes is None:
        return
    channel = sequence.steps[when.step - 1].channel
    known = [each.id for each in outcomes.outcomes[channel]]
    for outcome in when.outcome:
        if outcome not in known:
            problem = f"touches.yaml has no outcome {outcome} of a {channel}, which step {when.step} is"
            yield Fault(file, f"steps.{at}.when.outcome", problem, suggestion(outcome, known))


def _text(pack: Pack, file: str, key: str, channel: str, named: str | None) -> Iterator[Fault]:
    """The faults of the template of a step or of a promised touch."""
    templates = pack.folders["templates"]
    if not needs_text(channel, named):
        if named:
            yield Fault(file, key, f"nothing is written for a {channel}", "remove it, or change the channel")
    elif not named:
        yield Fault(file, key, f"a touch by {channel} needs a text", f"name a template for {channel}")
    elif named not in templates:
        yield Fault(file, key, f"there is no templates/{named}.yaml", suggestion(named, templates))
    elif (template := templates[named]) and template.channel != channel:
        problem = f"{named} is for {template.channel}, the step for {channel}"
        yield Fault(file, key, problem, f"name a template for {channel}")


def _wake(pack: Pack, file: str, wake: Any) -> Iterator[Fault]:
    templates = pack.folders["templates"]
    if wake.template not in templates:
        problem = f"there is no templates/{wake.template}.yaml"
        yield Fault(file, "wake.template", problem, suggestion(wake.template, templates))


def templates_used(pack: Pack) -> set[str]:
    """The templates of steps, of what wakes accounts, of what is promised, and of the tasks of stages and clients."""
    sequences = [each for each in pack.folders["sequences"].values() if each]
    written = {step.template for sequence in sequences for step in sequence.steps}
    if outcomes := pack.get("touches"):
        written |= {promised.template for _, promised in _promises(outcomes)}
    written |= {sequence.wake.template for sequence in sequences if sequence.wake}
    if stages := pack.get("stages"):
        written |= {rule.template for _, rule in stages.rules}
    return {each for each in written if each}


def unused(pack: Pack) -> Iterator[Fault]:
    """Sequences and templates that nothing refers to."""
    sequences, capacity = pack.folders["sequences"], pack.get("capacity")
    named = {rule.sequence for rule in capacity.tiers.values()} if capacity else set(sequences)
    for name in sequences:
        if name not in named:
            yield Fault(f"sequences/{name}.yaml", "", "no tier of capacity.yaml uses it", "name it there, or remove it")
    written = templates_used(pack)
    for name in pack.folders["templates"]:
        if name not in written:
            yield Fault(f"templates/{name}.yaml", "", "no step of a sequence uses it", "name it in one, or remove it")
