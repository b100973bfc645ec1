"""How are employers without a confident match displayed?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cli.printing.show import clean, say

if TYPE_CHECKING:
    from shared.contracts.matcher import InboxGroup
    from shared.contracts.matcher_replies import MatchToJudge, Verdict


def inbox(groups: Sequence[InboxGroup], reasons: Sequence[str], dismissed: int, overdue: int) -> None:
    if not groups:
        say("The signal inbox is empty.")
    if overdue:
        say(f"{overdue} employer(s) have waited since before today; they should be resolved within a day.")
    if dismissed:
        say(f"{dismissed} posting(s) were dismissed undecided; `pipeline inbox --dismissed` lists them.")
    _groups(groups)
    if groups:
        say("To resolve one: `pipeline inbox accept KEY FACILITY`, or `pipeline inbox reject KEY --reason REASON`.")
        say(f"Reasons: {', '.join(reasons)}.")


def reasons(verdicts: Sequence[Verdict]) -> None:
    for each in verdicts:
        then = "ignored from now on" if each.is_final else "keeps waiting"
        say(f"{each.name}: {each.label}; {then}{'' if each.of_matches else '; not for `pipeline resample judge`'}")


def dismissed(groups: Sequence[InboxGroup]) -> None:
    if not groups:
        say("Nothing was dismissed undecided, or all of it was seen again.")
    _groups(groups)


def _groups(groups: Sequence[InboxGroup]) -> None:
    for group in groups:
        where = ", ".join(filter(None, (group.city, group.state)))
        say(f"{group.key}  {clean(group.employer_name)} ({where or 'no place given'})")
        roles = ", ".join(group.role_families)
        dismissed_on, waiting = group.dismissed_on, f"waiting since {group.waiting_since}"
        since = f"dismissed on {dismissed_on}" if dismissed_on else waiting
        say(f"    {group.postings} posting(s), {roles}; {since}; {group.reason}")
        for each in group.candidates:
            say(f"    {each.confidence:.2f}  {each.facility_id}  {clean(each.name)}, {each.city}")


def resampled(chosen: Sequence[MatchToJudge]) -> None:
    if not chosen:
        say("No automatic match waits to be judged.")
    for each in chosen:
        where = ", ".join(part for part in (each.address, each.city, each.state, each.zip) if part)
        say(f"{each.key}  {clean(each.employer_name)} ({clean(where) or 'no place given'})")
        for candidate in each.candidates:
            at = ", ".join(filter(None, (candidate.address, candidate.city)))
            say(f"    {candidate.facility_id}  {clean(candidate.name)}, {at}")
