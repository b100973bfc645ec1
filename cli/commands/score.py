"""`pipeline score`: scores of facilities from files, without any server; and replays of past scores."""

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
from engines import packs
from engines.datasets.facts import Headings
from engines.packs.layers import file_in
from engines.scoring.cohort import Outcome, read_cohort, read_record, score_cohort, write_record, write_scores
from engines.scoring.feedback import AT_LEAST, Feedback, Model
from engines.scoring.feedback import feedback as evaluate
from engines.scoring.outcomes import LeadOutcome, decided
from engines.scoring.pack import scheme_in
from shared.contracts.scorer import EvaluateOutcomes, Replay
from shared.contracts.scorer_replies import DifferingScore

if TYPE_CHECKING:
    from shared.messaging.broker import Broker

app = group("Score the facilities of a file, without any server.", alone=True)

SHOWN = 5


@dataclass
class Replayed:
    """The recomputed scores of a past day: their number, and those that differ from the stored ones."""

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
        list[Path] | None, typer.Option(callback=to_read, help="CMS Health Deficiencies; may be given several times.")
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
        Path | None, typer.Option(callback=to_read, help="Use the cuts of this calibration (JSON).")
    ] = None,
    save_calibration: Annotated[
        Path | None, typer.Option(callback=to_write, help="Write the calibration to this file.")
    ] = None,
    pack: Annotated[str | None, typer.Option(help="Another pack, by name or folder.")] = None,
) -> None:
    """Score the facilities of a file, without any server: one row each, with every factor's points and evidence.

    The cuts between the tiers are computed from all facilities of the file, unless a calibration is given. Facts dated
    after the day do not count; the day is also the date of a file without one. Files are recognized by their headings,
    packed (.gz, .zip) or not.

    Signals: `role_family` is one of the pack's (`roles.yaml`); `urgency` 0 to 4, or empty for 1; a signal is open until
    `expires_on`.

    Example: pipeline score --facilities NH_ProviderInfo.csv.zip --penalties NH_Penalties.csv.zip --as-of 2026-07-01
    --out scores.csv
    """
    if context.invoked_subcommand is not None:
        return
    if facilities is None or as_of is None or out is None:
        raise typer.BadParameter("--facilities, --as-of and --out are needed.")
    # A cohort contains no reference cycles, and searching for them takes a fifth of the time.
    gc.disable()
    folder = packs.folder_of(pack) if pack else packs.pack_folder()
    scheme, on = scheme_in(folder), day(as_of, "--as-of")
    of_fields = folder if file_in(folder, "fields") else packs.pack_folder()
    headings = packs.section_of(of_fields, "fields", Headings)
    others = [*(penalties or ()), *(deficiencies or ()), *(facts or ())]
    cohort = read_cohort(headings, facilities, others, signals, scheme.model, on)
    outcome = score_cohort(cohort.inputs(), scheme, on, read_record(calibration) if calibration else None)
    write_scores(out, outcome.placed, headings.key.column)
    if save_calibration and outcome.record:
        write_record(save_calibration, outcome.record)
    several = (packs.section_of(folder, "pack", packs.About) if file_in(folder, "pack") else packs.about()).accounts
    _say(outcome, cohort.warnings, out, several)


def _say(outcome: Outcome, warnings: list[str], out: Path, several: str) -> None:
    sizes = {tier: sum(one.tier == tier for one in outcome.placed) for tier in sorted({p.tier for p in outcome.placed})}
    cuts = outcome.record.cuts if outcome.record else {}
    show.say(
        f"{len(outcome.placed)} {several} written to {out}; "
        + ", ".join(f"Tier {tier}: {size}" for tier, size in sizes.items())
    )
    show.say("Cuts: " + (", ".join(f"Tier {tier} from {cut}" for tier, cut in cuts.items()) or "none"))
    if outcome.calibration:
        ties = ", ".join(f"{count} at the cut of Tier {tier}" for tier, count in outcome.calibration.ties.items())
        show.say(f"Ties: {ties}.")
    for warning in warnings[:SHOWN]:
        show.say(f"  {warning}")
    if len(warnings) > SHOWN:
        show.say(f"  ... and {len(warnings) - SHOWN} more rows or cells that could not be used.")


@app.command()
def replay(
    to: Annotated[str | None, typer.Option(help="The day to replay to (YYYY-MM-DD); by default today.")] = None,
    days: Annotated[int, typer.Option(min=1, help="Replay to each of this many days, up to that day.")] = 1,
    as_json: Json = False,
) -> None:
    """Recompute every score from what the scorer had recorded by the end of a day, and compare with the stored ones.

    Fails, and lists the facilities, if a score, a tier or any factor differs.

    Example: pipeline score replay --to 2026-07-01
    """
    last = day(to, "--to") if to else deployment("scorer").today
    answers = [talk(partial(replayed, day=last - timedelta(days=ago))) for ago in reversed(range(days))]
    if as_json:
        results = [asdict(answer) for answer in answers]
        show.as_json(results if days > 1 else results[0])
    else:
        for answer in answers:
            show_scores.replay(answer.to, answer.facilities, answer.differing)
    if any(answer.differing for answer in answers) or not answers[-1].facilities:
        raise typer.Exit(1)


async def replayed(broker: Broker, day: date) -> Replayed:
    """All pages of a replay as one result."""
    results, after = Replayed(day), None
    while True:
        page = await broker.ask(Replay(to=day, after=after), timeout_seconds=120)
        if page.last is None:
            return results
        results.facilities += page.facilities
        results.differing += page.differing
        results.pack, after = page.pack, page.last


@app.command()
def feedback(
    scores: Annotated[
        Path | None, typer.Option(callback=to_read, help="A file written by `pipeline score --out`, for --outcomes.")
    ] = None,
    outcomes: Annotated[
        Path | None, typer.Option(callback=to_read, help="CSV: {key.column}, outcome (won, lost, meeting).")
    ] = None,
    good: Annotated[list[LeadOutcome] | None, typer.Option(help="Good outcomes; by default `won`.")] = None,
    at_least: Annotated[int, typer.Option(min=1, help="The minimum number of decided leads for advice.")] = AT_LEAST,
) -> None:
    """Count outcomes per score decile and factor, with 95 % intervals. Advice is for a person; nothing is applied.

    Three findings follow: wins of Tier 1, which validate the model; wins of the lowest tier, which it did not expect;
    and losses of Tier 1, with the factor that gave them too much. If anything speaks for it, a next version is
    proposed.

    Uses what `pipeline outcome` recorded, with the scores of the days on which the leads were raised, or two files. A
    lead with only a meeting is open, and counts only with `--good meeting`.
    """
    wins = [word.value for word in good or (LeadOutcome.WON,)]
    if scores and outcomes:
        scheme = scheme_in(packs.pack_folder())
        judged = Model(scheme.model.name, scheme.policy.lowest)
        found = evaluate(decided(scores, outcomes, packs.account_key().column), wins, judged, at_least)
    elif scores or outcomes:
        raise typer.BadParameter("--scores and --outcomes go together.")
    else:
        answer = ask(EvaluateOutcomes.model_validate({"good": wins, "at_least": at_least}))
        found = TypeAdapter(Feedback).validate_python(answer.model_dump())
    show_scores.feedback(found)
