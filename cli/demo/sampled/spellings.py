"""How do job boards write the name of an account of a sample?"""

from __future__ import annotations

import re
from random import Random

from cli.demo.invented.spellings import typo as typo
from cli.demo.invented.words import weighted
from cli.demo.sampled.accounts import Account
from engines.packs.sample import Sample

STYLES = (
    *(("listed", 0.40), ("shouted", 0.12), ("mistyped", 0.14), ("short", 0.14), ("bare", 0.06)),
    *(("with its city", 0.05), ("legal", 0.06), ("group", 0.03)),
)


def spelled(rng: Random, sample: Sample, account: Account) -> str:
    """A spelling of this account's name: usually similar, sometimes the name of its group instead."""
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
            return f"{name}, {account.town.city}"
        case "legal":
            return f"{name} LLC"
        case "group" if account.group:
            return account.group
        case _:
            return name


def _short(rng: Random, sample: Sample, name: str) -> str:
    """Some of the abbreviations of the sample."""
    for word, forms in sample.short.items():
        if forms and rng.random() < 0.7:
            name = re.sub(rf"\b{re.escape(word)}\b", rng.choice(forms), name)
    return name
