"""How are accounts and their owners displayed?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cli.printing.show import say, table

if TYPE_CHECKING:
    from shared.contracts.sequencer_accounts import GivenAccounts, UnassignedAccount
    from shared.contracts.sequencer_replies import AccountDetails


def account(found: AccountDetails) -> None:
    where = ", ".join(filter(None, (found.name, found.city, found.state)))
    say(f"{where} ({found.facility_id}){f', of {found.chain}' if found.chain else ''}.")
    state = "an active client" if found.status == "active" else "a prospect" if found.listed else "not listed"
    say(f"It is {state}, Tier {found.tier}, score {found.score}.")
    say(f"Owner: {found.owner or 'none'}. {found.owner_reason or ''}".rstrip())
    say(f"Last contact {found.last_contacted_on or 'never'}; next follow-up {found.next_follow_up_on or 'none'}.")
    if found.rests_until:
        say(f"It rests until {found.rests_until} after a closing letter; a more urgent posting wakes it earlier.")
    if found.leads:
        leads = [(each.lead_source, each.stage, each.stage_since, each.owner) for each in found.leads]
        table("Leads", ["lead", "stage", "since", "owner"], leads)
    if found.enrollments:
        enrolled = [
            (e.sequence, e.status, e.started_on or e.blocked_on, e.ended_on, e.owner, ", ".join(e.covers), e.reason)
            for e in found.enrollments
        ]
        table("Enrollments", ["sequence", "status", "since", "until", "owner", "covers", "reason"], enrolled)
    opened = [each for each in found.tasks if each.status in ("due", "moved")]
    if opened:
        rows = [
            (str(each.task_id)[:8], each.kind, each.channel, each.persona, each.due_on, each.rep) for each in opened
        ]
        table("Open tasks", ["task", "kind", "channel", "persona", "due", "rep"], rows)
    if found.contacts:
        people = [(each.role, each.name, each.direct_phone, each.email) for each in found.contacts]
        table("Contacts", ["role", "name", "phone", "e-mail"], people)


def unassigned(found: Sequence[UnassignedAccount]) -> None:
    if not found:
        say("Every prospect has an owner.")
        return
    rows = [(e.facility_id, e.name, e.city, e.state, e.chain, e.tier, e.score, e.reason) for e in found]
    columns = ["account", "name", "city", "state", "chain", "tier", "score", "why"]
    table(f"{len(found)} accounts without an owner", columns, rows, ["tier", "score"])
    say("`pipeline assign FACILITY REP` gives one to a rep; `pipeline rep change REP --territory NAME` widens a rule.")


def given(answer: GivenAccounts) -> None:
    if not answer.accounts:
        say(f"{answer.rep} owns it already; nothing was changed.")
        return
    many = f"{len(answer.accounts)} accounts of the chain" if len(answer.accounts) > 1 else answer.accounts[0]
    say(f"{answer.rep} owns {many} now, with {answer.enrollments} enrollments and {answer.tasks} tasks.")
