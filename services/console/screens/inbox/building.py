"""How do employers that wait for a decision become the page?"""

from __future__ import annotations

from services.console import settings
from services.console.domain.sessions import Session
from services.console.rendering.filters import instant, plural
from services.console.rendering.shapes import Choice
from services.console.screens.inbox.case import case_of
from services.console.screens.inbox.known import MOST, TABS, Asked, Known, family_of, leaves_in, place_of
from services.console.screens.inbox.queries import Decided
from services.console.screens.inbox.view import Decision, Group, Inbox, Precision
from shared.contracts.matcher import InboxGroup
from shared.contracts.matcher_replies import MatchToJudge, MeasuredPrecision


def inbox(asked: Asked, session: Session, known: Known) -> Inbox:
    """The page."""
    rows = tuple(_group(asked, known, each) for each in known.groups[:MOST])
    if asked.state == "judge":
        rows = tuple(_match(asked, each) for each in known.matches[:MOST])
    decide = session.can("inbox") and known.live
    case = case_of(asked, known, decide=decide)
    return Inbox(
        sentence=_sentence(known),
        tabs=_tabs(asked, known),
        groups=rows,
        decisions=tuple(_decision(known, each, decide=decide) for each in known.decided),
        case=case,
        opened=bool(asked.key and case),
        caption=CAPTIONS[asked.state].format(days=settings.days_to_decide()),
        precision=_precision(known.precision) if asked.state == "judge" else None,
        empty=EMPTY[asked.state],
    )


CAPTIONS = {
    "": "Most postings, least certain first. {days} days to decide.",
    "judge": "Matches that were made without a person: which account is it?",
    "decided": "",
    "dismissed": "No one decided within {days} days. A decision still counts.",
}
EMPTY = {
    "": "Every employer is matched or decided.",
    "judge": "Every match that was chosen is judged.",
    "decided": "What people decide is listed here.",
    "dismissed": "Nothing was left undecided.",
}


def _sentence(known: Known) -> str:
    groups, postings = len(known.waiting), sum(each.postings for each in known.waiting)
    waits = f"{plural(groups, 'employer')} {'waits' if groups == 1 else 'wait'}"
    return f"{waits}, {plural(postings, 'posting')}" if groups else "Nothing waits"


def _tabs(asked: Asked, known: Known) -> tuple[Choice, ...]:
    counts = {"": len(known.waiting), "judge": known.precision.waiting if known.precision else None}
    return tuple(
        Choice(title, asked.href(state=state), state == asked.state, counts.get(state)) for state, title in TABS.items()
    )


def _group(asked: Asked, known: Known, each: InboxGroup) -> Group:
    days = (known.today - each.waiting_since).days
    leaves, urgent = leaves_in(known, each)
    return Group(
        each.key,
        asked.href(each.key),
        each.employer_name,
        place_of(each.city, each.state),
        ", ".join(family_of(role) for role in each.role_families),
        each.postings,
        plural(days, "day") if days else "today",
        leaves,
        urgent,
    )


def _match(asked: Asked, each: MatchToJudge) -> Group:
    return Group(each.key, asked.href(each.key), each.employer_name, place_of(each.city, each.state), "matched", 1, "")


def _decision(known: Known, each: Decided, *, decide: bool) -> Decision:
    text = f"is {each.facility}" if each.outcome == "matched" else "is none of the accounts"
    return Decision(
        each.key,
        None,
        f"{each.employer}, {settings.usual_name(each.city)}" if each.city else each.employer,
        text,
        known.reps.get(each.by, each.by),
        instant(each.at, known.zone, "full"),
        each.postings,
        undo=decide,
    )


def _precision(measured: MeasuredPrecision | None) -> Precision | None:
    if measured is None or measured.low is None or measured.high is None:
        return None
    return Precision(measured.agreed, measured.judged - measured.unsure, 100 * measured.low, 100 * measured.high)
