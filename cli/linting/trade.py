"""Do the words of the trade have their normalized form, so that they can match, and do the weights fit them?"""

from __future__ import annotations

from collections.abc import Iterator

from cli.linting.sections import Pack
from engines.matching.model import of_names
from engines.matching.pack import FITTED, WEIGHTS
from engines.matching.trade import Trade
from engines.matching.vocabulary import Vocabulary
from engines.packs.files import Fault
from engines.packs.layers import file_in


def trade(pack: Pack) -> Iterator[Fault]:
    vocabulary = pack.get("trade")
    if not vocabulary:
        return
    read = Trade(vocabulary, {})
    for word in vocabulary.abbreviations:
        if word != word.lower() or not word.isalnum():
            yield _fault(f"abbreviations.{word}", f"{word!r} is not one word in lower case", "write it as one")
    for key, text in _texts(vocabulary):
        if (normalized := read.normalize(text)) != text:
            problem = f"{text!r} is read as {normalized!r}, so it never matches"
            yield _fault(key, problem, f"write {normalized!r}" if normalized else "remove it")
    yield from _fitted(pack)
    if weights := pack.get(WEIGHTS):
        try:
            of_names(weights.facility, weights.none, read)
        except ValueError as error:
            yield Fault(f"{WEIGHTS}.yaml", "", str(error), "fit them to the words of trade.yaml")


def _fitted(pack: Pack) -> Iterator[Fault]:
    """Weights without a matcher that uses them, and the other way around."""
    policy = pack.get("matching")
    for name in FITTED if policy else ():
        has = file_in(pack.folder, name) is not None
        if policy.fitted and not has:
            remedy = "run `make fit-matcher`, or state source_rule: {accept_at: 0.90} instead of fitted"
            yield Fault("matching.yaml", "fitted", f"there is no {name}.yaml", remedy)
        if policy.source_rule and (pack.folder / f"{name}.yaml").is_file():
            problem = "nothing reads this file, because matching.yaml states source_rule"
            yield Fault(f"{name}.yaml", "", problem, "remove it, or state fitted instead")


def _texts(vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """The words that names are searched for, and the expansions of abbreviations, by their key in the pack."""
    parents = vocabulary.parents
    yield from ((f"abbreviations.{word}", text) for word, text in vocabulary.abbreviations.items())
    for name in ("generic", "own", "houses", "sister_phrases"):
        yield from ((name, text) for text in getattr(vocabulary, name))
    for kind in vocabulary.other_kinds:
        yield from ((f"other_kinds.{kind.name}", word) for word in kind.words)
    for name in ("words", "phrases", "endings", "doubtful_endings", "unless"):
        yield from ((f"parents.{name}", text) for text in getattr(parents, name))


def _fault(key: str, problem: str, remedy: str) -> Fault:
    return Fault("trade.yaml", key, problem, remedy)
