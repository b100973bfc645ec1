"""How do job boards write the name of an employer?"""

from __future__ import annotations

import re
from random import Random

from cli.demo.invented.accounts import Account
from cli.demo.invented.words import weighted
from engines.packs.sample import Sample

STYLES = (
    *(("listed", 30), ("shouted", 9), ("mistyped", 15), ("short", 15), ("bare", 9)),
    *(("with its city", 3), ("legal", 12), ("group", 4), ("group and name", 3)),
)


def spelled(rng: Random, sample: Sample, account: Account) -> str:
    """A spelling of this account's name: usually similar, sometimes its legal name or its group's instead."""
    name = account.name
    match weighted(rng, STYLES):
        case "shouted":
            return name.upper()
        case "mistyped":
            return typo(rng, name)
        case "short":
            return _short(rng, sample, name)
        case "bare":
            return name.removesuffix(account.kind).strip() or name
        case "with its city":
            return f"The {name}, {account.town.city}"
        case "legal":
            return account.legal or f"{name} LLC"
        case "group":
            return account.group or account.legal or name
        case "group and name" if account.group:
            return f"{account.group} - {name}"
        case _:
            return name


def typo(rng: Random, name: str) -> str:
    """One typing error in one of the longer words."""
    words = name.split()
    at = rng.choice([number for number, word in enumerate(words) if len(word) > 4] or [0])
    words[at] = _slip(rng, words[at])
    return " ".join(words)


def _slip(rng: Random, word: str) -> str:
    at = rng.randrange(1, max(2, len(word) - 2))
    dropped, doubled = word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:]
    swapped = word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :]
    return rng.choice((dropped, doubled, swapped))


def _short(rng: Random, sample: Sample, name: str) -> str:
    """Some of the abbreviations of the sample."""
    for word, forms in sample.short.items():
        if forms and rng.random() < 0.7:
            name = re.sub(rf"\b{re.escape(word)}\b", rng.choice(forms), name)
    return name
