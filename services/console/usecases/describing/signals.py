"""How are postings, signals, facts and scores described?"""

from __future__ import annotations

from decimal import Decimal

from services.console.rendering.filters import plural
from services.console.usecases.describing.words import (
    Data,
    Names,
    Phrase,
    as_of,
    family_of,
    known,
    lines,
    newest,
    points,
)
from services.console.usecases.texts import plain


def posting_seen(d: Data, n: Names) -> Phrase:
    place = ", ".join(filter(None, (d.get("city"), d.get("state"))))
    seen = d.get("first_seen_on") != d.get("last_seen_on")
    return Phrase(
        "radio-tower",
        d["title"],
        f" at {d['employer_name']}" + (" seen again" if seen else " posted"),
        "signal",
        lines(d.get("source"), place),
    )


def posting_closed(d: Data, n: Names) -> Phrase:
    return Phrase(
        "radio-tower", d["title"], f" at {d['employer_name']} was taken down", "signal", lines(d.get("source"))
    )


def matched(d: Data, n: Names) -> Phrase:
    family, signal = family_of(d, n), newest(d)
    if signal is None:
        return Phrase("radio-tower", family, ": no posting is left", "signal")
    return Phrase(
        "radio-tower",
        family,
        _what_was_seen(signal),
        "signal",
        lines(
            " · ".join(filter(None, (", ".join(signal.get("sources") or ()), f"“{signal['title']}”"))),
            f"urgency {signal['urgency']}, {plural(signal['postings'], 'posting')}",
        ),
    )


def _what_was_seen(signal: Data) -> str:
    if signal.get("closed"):
        return ": the posting was taken down"
    if signal.get("reposted_on") == signal["last_seen_on"]:
        return " posted again" + (": a chronic gap" if signal.get("chronic") else "")
    return " posted" if signal["first_seen_on"] == signal["last_seen_on"] else " seen again"


def expired(d: Data, n: Names) -> Phrase:
    return Phrase("hourglass", family_of(d, n), ": no posting is open any more", "signal")


def unmatched(d: Data, n: Names) -> Phrase:
    return Phrase("inbox", d["employer_name"], " waits in the signal inbox", "signal", lines(d.get("reason")))


def resolved(d: Data, n: Names) -> Phrase:
    by = f" by {n.rep(d['decided_by'])}" if d.get("decided_by") else ""
    if d["outcome"] == "matched":
        return Phrase("check", "A posting", f" was matched{by}", "signal")
    if d["outcome"] == "dismissed":
        return Phrase("inbox", "A posting", " waits no longer: no one decided on it in time", "signal")
    return Phrase("x", "A posting", f" was set aside{by}", "signal")


def dismissed(d: Data, n: Names) -> Phrase:
    count = len(d.get("posting_ids") or ())
    return Phrase("inbox", d["employer_name"], f": no one decided on {plural(count, 'posting')} in time", "signal")


def alias(d: Data, n: Names) -> Phrase:
    return Phrase("book-open", f"“{d['employer_name']}”", f" is a name of it, says {n.rep(d['learned_by'])}", "signal")


def listed(d: Data, n: Names) -> Phrase:
    chain = f"chain {d['chain']}" if d.get("chain") else ""
    return Phrase("building-2", "On the registry", f" as {d['name']}", lines=lines(as_of(d, "listed_as_of"), chain))


def delisted(d: Data, n: Names) -> Phrase:
    return Phrase("building-2", "No longer on the registry", lines=lines(as_of(d, "delisted_as_of")))


def assessed(d: Data, n: Names) -> Phrase:
    latest = {each["field"]: each["value"] for each in sorted(d.get("facts") or (), key=lambda each: each["as_of"])}
    text = [f"{n.facts.get(name, name)} {known(value)}" for name, value in latest.items()]
    more = f" and {len(text) - 6} more" if len(text) > 6 else ""
    return Phrase(
        "file-text", plural(len(text), "fact"), f" from {d['dataset']}", lines=lines(", ".join(text[:6]) + more)
    )


def scored(d: Data, n: Names) -> Phrase:
    before, tier = d.get("previous_tier"), d["tier"]
    now = points(d["score"])
    if d.get("previous_score") is None:
        return Phrase("gauge", f"Score {now}", f", Tier {tier}: scored for the first time", "score", _best(d))
    was = Decimal(d["previous_score"])
    gain = Decimal(d["score"]) - was
    if not gain and before not in (None, tier):
        cause = ("by the calibration of tiers",) if d.get("cause") == "calibrate" else _best(d)
        return Phrase("trending-up", f"Tier {before} → Tier {tier}", f", score {now}", "score", cause)
    strong = f"Score {'+' if gain >= 0 else '-'}{points(abs(gain))}"
    title = f": Tier {before} → Tier {tier}" if before not in (None, tier) else f", Tier {tier}"
    return Phrase("trending-up", strong, title, "score", _best(d), change=("score", points(was), now))


def _best(d: Data) -> tuple[str, ...]:
    """What gives the most points."""
    factors = sorted(d.get("breakdown") or (), key=lambda each: -Decimal(each["points"]))
    return lines("; ".join(plain(each["evidence"]) for each in factors[:2] if Decimal(each["points"]) > 0))


def calibrated(d: Data, n: Names) -> Phrase:
    cuts = ", ".join(f"Tier {tier} from {points(cut)}" for tier, cut in sorted((d.get("cuts") or {}).items()))
    return Phrase(
        "gauge", "Tiers calibrated", f": {plural(len(d.get('crossings') or ()), 'crossing')}", "score", (cuts,)
    )


def published(d: Data, n: Names) -> Phrase:
    return Phrase("settings", f"Scoring model {d['name']}", " is in force", "score", lines(f"pack {d['pack'][:12]}"))
