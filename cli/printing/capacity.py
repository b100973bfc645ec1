"""How is the plan of the next days displayed: as a table, and as a picture?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.printing.canvas import GRID, INK, Canvas, Color, round_step
from cli.printing.show import say, table
from engines.packs import about

if TYPE_CHECKING:
    from shared.contracts.sequencer_capacity import CapacityPlan, PlannedDay

WIDTH, HEIGHT = 1_000, 420
LEFT, RIGHT, TOP, BOTTOM = 60, 20, 60, 60
REPS: tuple[Color, ...] = ((64, 98, 150), (214, 146, 60), (96, 150, 96), (150, 96, 150), (120, 120, 128))
CAP: Color = (176, 48, 48)
BAR = 24
"""The characters of the longest bar."""


def capacity(plan: CapacityPlan) -> None:
    """Print the load of each day, then what is impossible, what waits, and what is scarce."""
    reps = sorted({rep for day in plan.days for rep in day.touches})
    most = max([plan.most, *(day.total for day in plan.days)])
    rows = [
        (
            f"{day.on:%a} {day.on}",
            day.total,
            *(day.touches.get(rep, 0) for rep in reps),
            day.starts or "",
            "█" * round(BAR * day.total / most),
            ", ".join(day.away),
        )
        for day in plan.days
    ]
    head = ["day", "touches", *reps, "starts", f"of at most {plan.most} ({plan.scope})", "away"]
    table(f"Touches of the next {len(plan.days)} business days", head, rows, ["touches", *reps, "starts"])
    largest = max(plan.days, key=lambda day: day.total)
    mean = sum(day.total for day in plan.days) / len(plan.days)
    say(f"The fullest day is {largest.on} with {largest.total} touches; the mean is {mean:.1f}.")
    _late(plan)
    counts = ", ".join(f"{count} {state}" for state, count in plan.counts.items())
    say(f"Prospects of the worked tiers: {counts or 'none'}.")
    if plan.scarce:
        say(f"What keeps places empty: {'; '.join(plan.scarce)}.")


def _late(plan: CapacityPlan) -> None:
    if not plan.late:
        say("Every touch has a day within its limits.")
        return
    rows = [
        (each.facility or each.facility_id, each.facility_id, each.step_no, each.latest_on, each.on or "after the plan")
        for each in plan.late
    ]
    head = [about().account, "id", "step", "by", "planned"]
    table(
        "Impossible as it stands: these touches are late; skip one, pause an enrollment, or raise the cap", head, rows
    )


def waiting(plan: CapacityPlan) -> None:
    """Print the prospects that are not worked now, each with the reason."""
    rows = [
        (
            f"{each.facility or ''} ({each.facility_id})",
            each.tier,
            each.score,
            each.owner or "",
            each.state,
            each.reason,
            each.starts_on or "",
        )
        for each in plan.waiting
    ]
    head = [about().account, "tier", "score", "owner", "state", "reason", "starts"]
    table("Prospects that are not running, best first", head, rows, ["tier", "score"])


def touches(plan: CapacityPlan) -> None:
    """Print every planned touch with the reason for its day."""
    rows = [
        (each.on, each.rep, f"{each.facility or ''} ({each.facility_id})", each.step_no or "research", each.reason)
        for each in plan.touches
    ]
    table("Planned touches", ["day", "rep", about().account, "step", "reason"], rows)


def picture(plan: CapacityPlan) -> bytes:
    """The load of the days as PNG: a bar for each day, in the colors of the reps, under the line of the cap."""
    canvas = Canvas(WIDTH, HEIGHT)
    reps = sorted({rep for day in plan.days for rep in day.touches})
    cap = plan.most * (len(reps) or 1) if plan.scope == "rep" else plan.most
    most = max([cap, *(day.total for day in plan.days)])
    _grid(canvas, most)
    wide = (WIDTH - LEFT - RIGHT) // len(plan.days)
    for number, day in enumerate(plan.days):
        first = number == 0 or day.on.month != plan.days[number - 1].on.month
        _day(canvas, day, LEFT + number * wide, wide, reps, most, first)
    line = _y(cap, most)
    canvas.fill(LEFT, line, WIDTH - RIGHT, line + 2, CAP)
    _legend(canvas, reps, f"at most {cap} a day")
    return canvas.png()


def _y(count: int, most: int) -> int:
    return HEIGHT - BOTTOM - round((HEIGHT - TOP - BOTTOM) * count / most)


def _grid(canvas: Canvas, most: int) -> None:
    for count in range(0, most + 1, round_step(most)):
        y, text = _y(count, most), str(count)
        canvas.fill(LEFT, y, WIDTH - RIGHT, y + 1, GRID if count else INK)
        canvas.write(LEFT - 8 - canvas.width_of(text), y - 8, text)


def _day(canvas: Canvas, day: PlannedDay, left: int, wide: int, reps: list[str], most: int, month: bool) -> None:
    below = 0
    for number, rep in enumerate(reps):
        above = below + day.touches.get(rep, 0)
        canvas.fill(left + 3, _y(above, most), left + wide - 3, _y(below, most), REPS[number % len(REPS)])
        below = above
    canvas.write(left + 4, HEIGHT - BOTTOM + 6, f"{day.on:%a}"[:2])
    canvas.write(left + 4, HEIGHT - BOTTOM + 22, f"{day.on:%d}")
    if month:
        canvas.write(left + 4, HEIGHT - BOTTOM + 38, f"{day.on:%b}")


def _legend(canvas: Canvas, reps: list[str], cap: str) -> None:
    x = LEFT
    for text, color in [*((rep, REPS[n % len(REPS)]) for n, rep in enumerate(reps)), (cap, CAP)]:
        canvas.fill(x, 22, x + 12, 34, color)
        canvas.write(x + 18, 20, text)
        x += 18 + canvas.width_of(text) + 24
