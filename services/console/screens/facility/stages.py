"""In which stage is the lead of an account, and where can it go?"""

from __future__ import annotations

from collections.abc import Sequence

from services.console import settings
from services.console.domain.addresses import address_of
from services.console.domain.forms import DECISIONS
from services.console.rendering.filters import day, plural
from services.console.rendering.shapes import Option
from services.console.screens.facility.known import Known
from services.console.screens.facility.queries import State
from services.console.screens.facility.view import Stage

ENDED = ("won", "lost")


def current_lead(known: Known) -> State | None:
    """Of a client the upsell, otherwise the lead of a prospect; the latest one."""
    source = "upsell" if known.row.client else "signal"
    leads = [each for each in known.own("lead") if each.data["lead_source"] == source]
    return max(leads, key=lambda each: each.data["raised_on"], default=None)


def stages(known: Known, lead: State | None) -> tuple[Stage, ...]:
    if lead is None:
        return ()
    words = settings.stages().upsell if lead.data["lead_source"] == "upsell" else settings.stages().prospect
    path = [each for each in words if each.phase not in ENDED]
    here = next((place for place, each in enumerate(path) if each.stage == lead.data["stage"]), len(path))
    stays = _stays(known, lead)
    since = lead.day
    days = (known.wording.today - since).days if since else None
    found = [
        Stage(
            each.label,
            "past" if place < here else "here" if place == here else "ahead",
            stays.get(each.stage, "") if place < here else _stay(days) if place == here else _asks(each.needs),
            asks=place > here and bool(each.needs),
        )
        for place, each in enumerate(path)
    ]
    last = next((each.label for each in words if each.stage == lead.data["stage"]), "") if here == len(path) else ""
    ends = " or ".join(each.label for each in words if each.phase in ENDED)
    title = last or ends[:1] + ends[1:].lower()
    note = f"since {day(since)}" if last and since else ""
    return (*found, Stage(title, "here" if last else "ahead", note, end=True))


def _stays(known: Known, lead: State) -> dict[str, str]:
    """How long the lead was in the stages that it has left."""
    moves = [each.data for each in known.history if each.subject == "lead.moved" and each.data["lead_id"] == lead.id]
    return {each["from_stage"]: _stay(each["days"]) for each in moves}


def _stay(days: int | None) -> str:
    return "" if days is None else plural(days, "day") if days else "today"


def _asks(needs: Sequence[str]) -> str:
    return "intake form" if "intake" in needs else ""


def moves(lead: State | None) -> tuple[Option, ...]:
    if lead is None or lead.status in ENDED:
        return ()
    words = settings.stages().upsell if lead.data["lead_source"] == "upsell" else settings.stages().prospect
    filled = any("intake" in each.needs for each in words if each.stage == lead.data["stage"])
    return tuple(
        Option(each.stage, each.label, "asks the intake form" if "intake" in each.needs and not filled else "")
        for each in words
        if each.phase not in ENDED and each.stage != lead.data["stage"]
    )


def ends(lead: State | None) -> tuple[Option, ...]:
    """What can be recorded of a lead that is open; all but a meeting asks something first."""
    if lead is None or lead.status in ENDED:
        return ()
    words = settings.stages().upsell if lead.data["lead_source"] == "upsell" else settings.stages().prospect
    asks = {"won": "asks to confirm", "lost": "asks a reason"}
    decided = [Option(each.stage, each.label, asks[each.phase]) for each in words if each.phase in ENDED]
    return (Option("meeting", DECISIONS["meeting"]), *decided)


def asking(facility_id: str, lead: State | None) -> str:
    """The page that asks what a stage needs, up to the stage."""
    source = lead.data["lead_source"] if lead else "signal"
    return f"{address_of('/pipeline', {'source': source, 'move': facility_id})}&to="
