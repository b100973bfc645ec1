"""How is a text chosen and written from facts?

Of the texts whose facts are known, a hash of the account and the step chooses one, so that it stays the same for them
and differs from that of others. A person gets no text twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from itertools import product
from typing import TypeVar

from engines.drafting.checking import Rules, Words, faults
from engines.drafting.facts import Fact, Facts, earliest, one_line, values
from engines.drafting.language import NotRendered, names_in, render
from engines.drafting.templates import EMAIL, Passages, Template, Version

T = TypeVar("T")

GREETING, FOOT = "greeting", "foot"
"""The passages that an e-mail begins and ends with."""


ANSWERED = "answered"
"""The subject of a reply, which is that of the earlier letter."""


class NotWritten(Exception):
    """No text of a template can be written, with the reason as a sentence."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A text: its subject and words, and between greeting and foot, what it says."""

    subject: str | None
    words: str
    greeting: str
    foot: str
    letter: str
    """Which text of the pack it is."""
    states: frozenset[str]
    """The facts that it states."""
    until: date | None
    """The last day on which all of them are true."""

    @property
    def body(self) -> str:
        return "\n\n".join(filter(None, (self.greeting, self.words, self.foot)))


def with_passages(facts: Facts, passages: Passages, seed: str) -> dict[str, Fact]:
    """The facts, and as further ones the passages that can be written from them."""
    known = dict(facts)
    for name, groups in passages.items():
        if written := _passage(known, groups, f"{seed}/{name}"):
            known[name] = written
    return known


def problems(template: Template, known: Facts, rules: Rules, seed: str = "") -> list[str]:
    """Why some texts of the first situation that is given do not pass the check; for the authors of a pack."""
    given = list(_versions(template, known, seed))
    found = (
        problem
        for version in given
        if version.needs == given[0].needs
        for _, problem in _attempts(template, version, version.bodies, known, rules, seed)
    )
    return list(dict.fromkeys(filter(None, found)))


def unwrapped(source: str) -> str:
    """The source of a text whose lines are wrapped only for its authors: a line for each paragraph."""
    return "\n\n".join(" ".join(block.split("\n")) for block in source.strip().split("\n\n"))


def write(
    template: Template,
    known: Facts,
    rules: Rules,
    seed: str,
    already: Collection[str] = (),
    subject: str | None = None,
) -> Letter:
    """A text of a template that passes the check; raises `NotWritten`.

    `known` has the passages, too. `already` has the texts that its reader got before. A reply has the subject of what
    it replies to.
    """
    why = "has no version for what is known"
    if subject:
        known = {**known, ANSWERED: Fact(subject, "the earlier letter")}
    for version in _versions(template, known, seed):
        fresh = [body for body in version.bodies if _mark(body) not in already]
        if not fresh:
            why = "has no text that its reader did not get before"
        for letter, problem in _attempts(template, version, fresh, known, rules, seed):
            if letter:
                return letter
            why = problem
    raise NotWritten(f"Template {template.name!r} {why}.")


def _versions(template: Template, known: Facts, seed: str) -> Iterator[Version]:
    """Those whose needs are known, in their order; of those with the same needs, the seed chooses the first."""
    given = [each for each in template.versions if all(name in known for name in each.needs)]
    for needs in dict.fromkeys(each.needs for each in given):
        yield from rotated([each for each in given if each.needs == needs], f"{seed}/version")


def _attempts(
    template: Template,
    version: Version,
    bodies: Sequence[str],
    known: Facts,
    rules: Rules,
    seed: str,
) -> Iterator[tuple[Letter | None, str]]:
    answers = [f"{{{{ {ANSWERED} }}}}"] if ANSWERED in known else []
    subjects: list[str | None] = [*(answers or rotated(version.subjects, f"{seed}/subject"))] or [None]
    openings = rotated(version.openings, f"{seed}/opening") or [""]
    for body, opening, about in product(rotated(bodies, f"{seed}/body"), openings, subjects):
        try:
            letter = _letter(template, version, known, about, opening, body)
        except NotRendered as problem:
            yield None, str(problem)
            continue
        grounds = [*values(known).values(), opening, body, about or ""]
        found = faults(Words(template.channel, letter.words, letter.subject), rules, grounds, template.words)
        yield (None, f"breaks a rule: {'; '.join(found)}") if found else (letter, "")


def _letter(template: Template, version: Version, known: Facts, subject: str | None, opening: str, body: str) -> Letter:
    """A text; it states what its version needs, even if only between its lines."""
    of_email = template.channel == EMAIL
    ends = [name for name in (GREETING, FOOT) if of_email and name in known]
    states = _stated((subject or "", opening, body), known) | _resting([*version.needs, *ends], known)
    given = values(known)
    words = "\n\n".join(filter(None, (render(unwrapped(opening), given), render(unwrapped(body), given))))
    return Letter(
        subject=one_line(render(subject, given)) if subject else None,
        words=words if template.channel != "linkedin" else " ".join(words.split()),
        greeting=known[GREETING].value if GREETING in ends else "",
        foot=known[FOOT].value if FOOT in ends else "",
        letter=_mark(body),
        states=states,
        until=earliest(known[name].until for name in states),
    )


def _passage(known: Facts, groups: Iterable[Sequence[str]], seed: str) -> Fact | None:
    """The first group that can be written, in one of its wordings; None if there is none, or if it is empty."""
    given = values(known)
    for group in groups:
        for source in rotated(group, seed):
            try:
                text = render(source, given)
            except NotRendered:
                continue
            if not text:
                continue
            states = _stated((source,), known)
            return Fact(text, "the pack", earliest(known[name].until for name in states), states)
    return None


def _stated(sources: Iterable[str], known: Facts) -> frozenset[str]:
    """The facts that are stated, directly or by passages."""
    return _resting({name for source in sources for name in names_in(source)} & known.keys(), known)


def _resting(names: Iterable[str], known: Facts) -> frozenset[str]:
    return frozenset().union(*(known[name].rests_on or {name} for name in names))


def rotated(choices: Sequence[T], seed: str) -> list[T]:
    """The choices in their order, beginning with the one that the seed chooses."""
    if not choices:
        return []
    first = int.from_bytes(blake2b(seed.encode("utf-8", "replace"), digest_size=8).digest()) % len(choices)
    return [*choices[first:], *choices[:first]]


def _mark(body: str) -> str:
    """Which text of the pack it is; the same in every template."""
    return blake2b(" ".join(body.split()).encode("utf-8", "replace"), digest_size=6).hexdigest()
