"""How does the employer that is open become a case: what it may be, and how it is decided?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from services.console import settings
from services.console.domain.same_words import marked, words_of
from services.console.rendering.filters import day, plural
from services.console.rendering.shapes import Score
from services.console.screens.inbox.known import (
    Asked,
    Known,
    family_of,
    leaves_in,
    opened_group,
    opened_match,
    place_of,
)
from services.console.screens.inbox.queries import Posting as Published
from services.console.screens.inbox.view import Candidate, Case, Posting, Verdict
from services.console.usecases.texts import plain
from shared.contracts.matcher import InboxGroup
from shared.contracts.matcher_replies import MatchToJudge
from shared.contracts.matcher_replies import Verdict as Reason

CANDIDATES = 5
VERDICT_KEYS = ("0", "8", "9", "Q")


def case_of(asked: Asked, known: Known, *, decide: bool) -> Case | None:
    if asked.state == "judge":
        match = opened_match(asked, known)
        return _judged(asked, known, match, decide=decide) if match else None
    group = opened_group(asked, known)
    return _waiting(asked, known, group, decide=decide) if group else None


def _waiting(asked: Asked, known: Known, group: InboxGroup, *, decide: bool) -> Case:
    likely = group.candidates[:CANDIDATES]
    named = [(each.facility_id, settings.usual_name(each.name), each.city) for each in likely]
    own, there = words_of(group.employer_name), words_of(place_of(group.city, group.state))
    leaves, urgent = leaves_in(known, group)
    days = (known.today - group.waiting_since).days
    return Case(
        key=group.key,
        version=group.version if known.live else None,
        employer=marked(group.employer_name, own & _all_words(name for _, name, _ in named)),
        place=marked(place_of(group.city, group.state), there & _all_words(city for _, _, city in named)),
        facts=(
            ", ".join(family_of(role) for role in group.role_families),
            plural(group.postings, "posting"),
            f"waits since {day(group.waiting_since)}" if days else "new today",
        ),
        why=plain(group.reason.replace("_", " ")),
        kind="Not sure" if likely else "Unknown",
        candidates=tuple(
            _candidate(known, str(place), *each, own, there, confidence=likely[place - 1].confidence)
            for place, each in enumerate(named, 1)
        ),
        none=max(0.0, 1 - sum(each.confidence for each in group.candidates)),
        verdicts=_verdicts(known.verdicts),
        postings=_postings(known.postings),
        decide=decide,
        leaves=leaves,
        urgent=urgent,
        other=asked.find,
        found=_found(known, own, there),
        state=asked.state,
        dismissed=decide and group.dismissed_on is not None,
    )


def _judged(asked: Asked, known: Known, match: MatchToJudge, *, decide: bool) -> Case:
    own, there = words_of(match.employer_name), words_of(place_of(match.city, match.state))
    named = [(each.facility_id, settings.usual_name(each.name), each.city) for each in match.candidates]
    return Case(
        key=match.key,
        version=None,
        employer=marked(match.employer_name, own & _all_words(name for _, name, _ in named)),
        place=marked(place_of(match.city, match.state), there & _all_words(city for _, _, city in named)),
        facts=tuple(filter(None, (match.address, match.zip))),
        why="without a person; which one is it?",
        kind="Matched",
        candidates=tuple(
            _candidate(known, str(place), *each, own, there, confidence=0.0) for place, each in enumerate(named, 1)
        ),
        none=0.0,
        verdicts=_verdicts([each for each in known.verdicts if each.of_matches]),
        postings=_postings(known.postings),
        decide=decide,
        other=asked.find,
        found=_found(known, own, there),
        judging=True,
        state=asked.state,
    )


def _all_words(texts: Iterable[str]) -> set[str]:
    return {word for text in texts for word in words_of(text)}


def _candidate(
    known: Known, key: str, facility_id: str, name: str, city: str, own: set[str], there: set[str], *, confidence: float
) -> Candidate:
    account = known.accounts.get(facility_id)
    place = " ".join(filter(None, (settings.usual_name(city), account.zip if account else "")))
    score = Score(float(account.score or 0), account.tier or 3) if account else Score(0.0, 3)
    return Candidate(
        facility_id,
        key,
        marked(name, own),
        marked(place, there),
        confidence,
        (),
        score,
        f"/facilities/{facility_id}",
    )


def _found(known: Known, own: set[str], there: set[str]) -> tuple[Candidate, ...]:
    return tuple(
        _candidate(known, "", each.facility_id, each.name, each.city or "", own, there, confidence=0.0)
        for each in known.found
    )


def _verdicts(reasons: Sequence[Reason]) -> tuple[Verdict, ...]:
    keys = (*VERDICT_KEYS, *[""] * len(reasons))
    return tuple(
        Verdict(
            each.name,
            each.label[:1].upper() + each.label[1:],
            key,
            "these postings are ignored from now on" if each.is_final else "they keep waiting",
        )
        for key, each in zip(keys, reasons, strict=False)
    )


def _postings(postings: Sequence[Published]) -> tuple[Posting, ...]:
    return tuple(Posting(each.title, each.employer_name, each.source, _seen(each)) for each in postings)


def _seen(each: Published) -> str:
    first, last = day(each.first_seen_on), day(each.last_seen_on)
    return first if first == last else f"{first} to {last}"
