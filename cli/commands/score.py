"""`pipeline score`: facilities from files, scored without any server; and past scores, replayed by the scorer."""

from __future__ import annotations

import gc
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import TypeAdapter

from cli.client.clock import deployment
from cli.client.connection import ask, talk
from cli.commands.options import Json, day, group, to_read, to_write
from cli.printing import scores as show_scores
from cli.printing import show
from engines.datasets.facts import Headings
from engines.scoring.cohort import Outcome, read_cohort, read_record, score_cohort, write_record, write_scores
from engines.scoring.feedback import AT_LEAST, Feedback
from engines.scoring.feedback import feedback as weigh
from engines.scoring.outcomes import LeadOutcome, decided
from engines.scoring.pack import scheme_in
from shared import packs
from shared.contracts.scorer import DifferingScore, EvaluateOutcomes, Replay

if TYPE_CHECKING:
    from shared.messaging.broker import Broker

app = group("Score the facilities of a file, without any server.", alone=True)

SHOWN = 5


@dataclass
class Replayed:
    """The scores of a past day, rebuilt: how many there are, and which differ from what was stored."""

    to: date
    facilities: int = 0
    differing: list[DifferingScore] = field(default_factory=list)
    pack: str = ""


@app.callback()
def score(
    context: typer.Context,
    facilities: Annotated[
        Path | None, typer.Option(callback=to_read, help="Provider Information, a registry: one row each.")
    ] = None,
    penalties: Annotated[
        list[Path] | None, typer.Option(callback=to_read, help="CMS Penalties; may be given several times.")
    ] = None,
    deficiencies: Annotated[
        list[Path] | None, typer.Option(callback=to_read, help="CMS Health Deficiencies; also several times.")
    ] = None,
    facts: Annotated[
        list[Path] | None,
        typer.Option(callback=to_read, help="Other quality files, or rows of {key.column}, field, value, as_of."),
    ] = None,
    signals: Annotated[
        Path | None,
        typer.Option(callback=to_read, help="CSV: {key.column}, role_family, urgency, last_seen_on, expires_on."),
    ] = None,
    as_of: Annotated[str | None, typer.Option(help="The day to score for (YYYY-MM-DD).")] = None,
    out: Annotated[
        Path | None,
        typer.Option(callback=to_write, help="The CSV file to write: {key.column}, score, tier, breakdown."),
    ] = None,
    calibration: Annotated[
        Path | None, typer.Option(callback=to_read, help="Take the cuts of this calibration (JSON).")
    ] = None,
    save_calibration: Annotated[
        Path | None, typer.Option(callback=to_write, help="Write the calibration to this file.")
    ] = None,
    pack: Annotated[str | None, typer.Option(help="Another pack, by name or folder.")] = None,
) -> None:
    """Score the facilities of a file, without any server: one row each, with every factor's points and evidence.

    The cuts between the tiers are drawn over all facilities of the file, unless a calibration is given. Facts dated
    after the day do not count; a file that does not say its date is taken to speak of the day. Files are known by
    their headings, packed (.gz, .zip) or not.

    Signals: `role_family` is mds_coordinator, pdpm_rac, chart_review or qm; `urgency` 0 to 4, and 1 where it is empty;
    one is open while `expires_on` is not before the day.

    Example: pipeline score --facilities NH_ProviderInfo.csv.zip --penalties NH_Penalties.csv.zip --as-of 2026-07-01
    --out scores.csv
    """
    if context.invoked_subcommand is not None:
        return
    if facilities is None or as_of is None or out is None:
        raise typer.BadParameter("--facilities, --as-of and --out are needed.")
    # Nothing that a cohort is made of is ever in a cycle, and looking for one takes a fifth of the time.
    gc.disable()
    folder = packs.folder_of(pack) if pack else packs.pack_folder()
    scheme, on = scheme_in(folder), day(as_of, "--as-of")
    headings = packs.section_of(packs.pack_folder(), "fields", Headings)
    others = [*(penalties or ()), *(deficiencies or ()), *(facts or ())]
    cohort = read_cohort(headings, facilities, others, signals, scheme.model, on)
    outcome = score_cohort(cohort.inputs(), scheme, on, read_record(calibration) if calibration else None)
    write_scores(out, outcome.placed, headings.key.column)
    if save_calibration and outcome.record:
        write_record(save_calibration, outcome.record)
    _say(outcome, cohort.warnings, out)


def _say(outcome: Outcome, warnings: list[str], out: Path) -> None:
    sizes = {tier: sum(one.tier == tier for one in outcome.placed) for tier in sorted({p.tier for p in outcome.placed})}
    cuts = outcome.record.cuts if outcome.record else {}
    show.say(
        f"{len(outcome.placed)} facilities written to {out}; "
        + ", ".join(f"Tier {tier}: {size}" for tier, size in sizes.items())
    )
    show.say("Cuts: " + (", ".join(f"Tier {tier} from {cut}" for tier, cut in cuts.items()) or "none"))
    if outcome.calibration:
        ties = ", ".join(f"{count} at the cut of Tier {tier}" for tier, count in outcome.calibration.ties.items())
        show.say(f"Ties: {ties}.")
    for warning in warnings[:SHOWN]:
        show.say(f"  {warning}")
    if len(warnings) > SHOWN:
        show.say(f"  ... and {len(warnings) - SHOWN} more rows or cells that could not be taken.")


@app.command()
def replay(
    to: Annotated[str | None, typer.Option(help="The day to replay to (YYYY-MM-DD); today unless said.")] = None,
    days: Annotated[int, typer.Option(min=1, help="Replay to each of so many days, this one the last.")] = 1,
    as_json: Json = False,
) -> None:
    """Rebuild every score from what the scorer had recorded by the end of a day, and compare with what was stored.

    Fails, and names the facilities, where a score, a tier or any factor differs.

    Example: pipeline score replay --to 2026-07-01
    """
    last = day(to, "--to") if to else deployment("scorer").today
    answers = [talk(partial(replayed, day=last - timedelta(days=ago))) for ago in reversed(range(days))]
    if as_json:
        whole = [asdict(answer) for answer in answers]
        show.as_json(whole if days > 1 else whole[0])
    else:
        for answer in answers:
            show_scores.replay(answer.to, answer.facilities, answer.differing)
    if any(answer.differing for answer in answers) or not answers[-1].facilities:
        raise typer.Exit(1)


async def replayed(broker: Broker, day: date) -> Replayed:
    """All pages of a replay as one answer."""
    whole, after = Replayed(day), None
    while True:
        page = await broker.ask(Replay(to=day, after=after), timeout_seconds=120)
        if page.last is None:
            return whole
        whole.facilities += page.facilities
        whole.differing += page.differing
        whole.pack, after = page.pack, page.last


@app.command()
def feedback(
    scores: Annotated[
        Path | None, typer.Option(callback=to_read, help="What `pipeline score --out` wrote, for --outcomes.")
    ] = None,
    outcomes: Annotated[
        Path | None, typer.Option(callback=to_read, help="CSV: {key.column}, outcome (won, lost, meeting).")
    ] = None,
    good: Annotated[list[LeadOutcome] | None, typer.Option(help="What counts as good; `won` unless said.")] = None,
    at_least: Annotated[int, typer.Option(min=1, help="Decided leads below which nothing is advised.")] = AT_LEAST,
) -> None:
    """Count outcomes per score decile and factor, with 95 % intervals. Advice is for a person; nothing is applied.

    Of what `pipeline outcome` recorded, by the scores of the days on which the leads were raised; or of two files. A
    lead with a meeting and no end is open, and counts only with `--good meeting`.
    """
    wins = [word.value for word in good or (LeadOutcome.WON,)]
    if scores and outcomes:
        found = weigh(decided(scores, outcomes, packs.account_key().column), wins, at_least)
    elif scores or outcomes:
        raise typer.BadParameter("--scores and --outcomes go together.")
    else:
        answer = ask(EvaluateOutcomes.model_validate({"good": wins, "at_least": at_least}))
        found = TypeAdapter(Feedback).validate_python(answer.model_dump())
    show_scores.feedback(found)
