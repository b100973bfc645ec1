"""How are leads, accounts, touches and e-mails described, and what concerns the team?"""

from __future__ import annotations

from decimal import Decimal

from services.console.rendering.filters import plural
from services.console.usecases.describing.words import (
    KINDS,
    Data,
    Describe,
    Names,
    Phrase,
    channel_of,
    covers,
    icon_of,
    lines,
    on_day,
    outcome_of,
    role_of,
    sequence_of,
    stage_of,
)
from shared.contracts.events import CRMS


def lead_raised(d: Data, n: Names) -> Phrase:
    kind = "An upsell" if d.get("lead_source") == "upsell" else "A lead"
    owner = f"for {n.rep(d['owner'])}" if d.get("owner") else "without an owner"
    return Phrase("flag", kind, " began", lines=lines(owner))


def lead_moved(d: Data, n: Names) -> Phrase:
    days = f"after {plural(d['days'], 'day')}" if d.get("days") else "on the same day"
    by = f", {n.by(d['moved_by'])}" if d["moved_by"] in (*n.reps, *CRMS.values()) else ""
    stay = f"from {stage_of(d['from_stage'], n)} {days}{by}"
    return Phrase("flag", stage_of(d["stage"], n), " is the lead's stage now", lines=lines(stay, d.get("reason")))


def lead_changed(d: Data, n: Names) -> Phrase:
    if d.get("closed_on"):
        return Phrase("flag", "The lead", f" ended in {stage_of(d['stage'], n)}", lines=lines(d.get("closed_reason")))
    if d.get("reopen_asked_on"):
        return Phrase("rotate-ccw", "A new signal", " asks whether to re-open the lead")
    owner = f"owner {n.rep(d['owner'])}" if d.get("owner") else "no owner"
    amount = f"{Decimal(d['amount']):,.0f} {d.get('currency') or ''}".strip() if d.get("amount") else ""
    close = f"expected on {on_day(d['close_on'])}" if d.get("close_on") else ""
    return Phrase("flag", "The lead", " changed", lines=lines(", ".join(filter(None, (owner, amount, close)))))


def lead_reopened(d: Data, n: Names) -> Phrase:
    return Phrase("rotate-ccw", "The lead", f" was re-opened {n.by(d['reopened_by'])}", lines=lines(d.get("reason")))


def outcome(strong: str, title: str) -> Describe:
    def described(d: Data, n: Names) -> Phrase:
        return Phrase(
            "flag",
            strong,
            title.format(by=n.by(d["decided_by"]), name=n.rep(d["decided_by"])),
            lines=lines(d.get("reason")),
        )

    return described


def outcome_undone(d: Data, n: Names) -> Phrase:
    what = {"meeting": "The meeting", "won": "The win", "lost": "The loss"}[d["outcome"]]
    return Phrase("undo-2", what, f" was taken back {n.by(d['undone_by'])}", lines=lines(d.get("reason")))


def account_moved(d: Data, n: Names) -> Phrase:
    owner = f" of {n.rep(d['owner'])}" if d.get("owner") else " without an owner"
    return Phrase("user", "A client" if d.get("client") else "An account", owner, lines=lines(d.get("reason")))


def note(d: Data, n: Names) -> Phrase:
    follow = f"next follow-up on {on_day(d['next_follow_up_on'])}" if d.get("next_follow_up_on") else ""
    return Phrase("pencil", "Note", f" by {n.rep(d['noted_by'])}", lines=lines(follow))


def note_removed(d: Data, n: Names) -> Phrase:
    return Phrase("pencil", "A note", " was removed, because its file was taken back")


def contact(d: Data, n: Names) -> Phrase:
    known = [name for name, has in (("direct line", "has_direct_phone"), ("e-mail", "has_email")) if d.get(has)]
    new = " is a new person" if d.get("changed_on") else " is known"
    return Phrase(
        "user", role_of(d["role"], n), new, lines=lines(" and ".join(known) or "neither direct line nor e-mail")
    )


def started(d: Data, n: Names) -> Phrase:
    return Phrase("repeat", sequence_of(d, n), " started", lines=lines(f"for {n.rep(d['owner'])}", covers(d)))


def blocked(d: Data, n: Names) -> Phrase:
    missing = ", ".join(n.roles.get(each, each.replace("_", " ")) for each in d.get("missing") or ())
    return Phrase("lock", sequence_of(d, n), " cannot start yet", lines=lines(f"missing: {missing}" if missing else ""))


def paused(d: Data, n: Names) -> Phrase:
    until = f" until {on_day(d['resume_on'])}" if d.get("resume_on") else " until a person resumes it"
    return Phrase("pause", sequence_of(d, n), f" waits{until}", lines=lines(d.get("reason")))


def ended(d: Data, n: Names) -> Phrase:
    completed = d.get("status") == "completed"
    return Phrase(
        "square", sequence_of(d, n), " is completed" if completed else " stopped", lines=lines(d.get("reason"))
    )


def due(d: Data, n: Names) -> Phrase:
    step = f"step {d['step_no']}" if d.get("kind", "step") == "step" else str(d["kind"]).replace("_", " ")
    who = f"for {n.rep(d['rep'])}"
    return Phrase(
        icon_of(d), f"{channel_of(d)} to the {role_of(d['persona'], n)}", f" is due on {on_day(d['due_on'])}",
        lines=lines(f"{step}, {who}"),
    )  # fmt: skip


def task_changed(d: Data, n: Names) -> Phrase:
    return Phrase(
        icon_of(d), f"{channel_of(d)} to the {role_of(d['persona'], n)}", f" changed: due on {on_day(d['due_on'])}"
    )


def task_reopened(d: Data, n: Names) -> Phrase:
    return Phrase("undo-2", f"{channel_of(d)} to the {role_of(d['persona'], n)}", " is open again")


def task_moved(d: Data, n: Names) -> Phrase:
    by = f" by {n.rep(d['done_by'])}" if d.get("done_by") else ""
    return Phrase("clock", "A touch", f" was put off to {on_day(d['due_on'])}{by}", quote=d.get("note") or "")


def task_done(d: Data, n: Names) -> Phrase:
    what = {"done": " is done", "skipped": " was skipped", "canceled": " was canceled"}[d["status"]]
    step = f"Step {d['step_no']}" if d.get("kind", "step") == "step" else str(d["kind"]).replace("_", " ").capitalize()
    why = outcome_of(d.get("outcome"), n) if d["status"] == "done" else d.get("outcome")
    return Phrase("check" if d["status"] == "done" else "x", step, what, lines=lines(why))


def touch(d: Data, n: Names) -> Phrase:
    if d.get("kind") == "undone":
        return Phrase("undo-2", f"{channel_of(d)} to the {role_of(d['persona'], n)}", f" taken back {n.by(d['rep'])}")
    outcome = n.outcomes.get(d["channel"], {}).get(d.get("outcome") or "", d.get("outcome") or "")
    words = KINDS.get(d.get("kind", "done"), d.get("kind", ""))
    text = ": ".join(filter(None, (words, outcome)))
    return Phrase(
        icon_of(d),
        f"{channel_of(d)} to the {role_of(d['persona'], n)}",
        f": {text}" if text else "",
        lines=lines(n.by(d["rep"])),
        quote=d.get("note") or "",
    )


def breached(d: Data, n: Names) -> Phrase:
    waited = f"{plural(d['hours'], 'hour')} since {on_day(d['started_on'])}"
    return Phrase("clock", d["label"], f": {waited} without a touch", lines=lines(d.get("action")))


def engaged(d: Data, n: Names) -> Phrase:
    return Phrase(
        "external-link", str(d["kind"]).capitalize(), f", {on_day(d['engaged_on'])}", lines=lines(d.get("what"))
    )


def drafted(d: Data, n: Names) -> Phrase:
    return Phrase("mail", "A letter", f" is drafted for {n.rep(d['rep'])}")


def discarded(d: Data, n: Names) -> Phrase:
    return Phrase("x", "A letter", f" was discarded by {n.rep(d['discarded_by'])}")


def sent(d: Data, n: Names) -> Phrase:
    return Phrase("send", "E-mail", f" sent by {n.rep(d['sent_by'])}")


def bounced(d: Data, n: Names) -> Phrase:
    kind = ": the address does not exist" if d.get("hard") else " for now"
    return Phrase("ban", "The e-mail did not arrive", kind, lines=lines(d.get("reason")))


def auto_replied(d: Data, n: Names) -> Phrase:
    if d.get("left"):
        return Phrase("mail", "An automatic reply", ": the person no longer works there")
    back = f", back on {on_day(d['back_on'])}" if d.get("back_on") else ""
    return Phrase("mail", "An automatic reply", f": out of office{back}")


def plain(icon: str, strong: str, title: str = "") -> Describe:
    return lambda d, n: Phrase(icon, strong, title)


def rep(d: Data, n: Names) -> Phrase:
    left = f" leaves the team on {on_day(d['left_on'])}" if d.get("left_on") else " is in the team"
    return Phrase("user", d.get("name") or n.rep(d["rep"]), left)


def away(d: Data, n: Names) -> Phrase:
    cover = f"{n.rep(d['cover'])} stands in" if d.get("cover") else "the touches wait"
    return Phrase(
        "calendar-off",
        n.rep(d["rep"]),
        f" is away from {on_day(d['from_on'])} to {on_day(d['to_on'])}",
        lines=lines(cover),
    )


def back(d: Data, n: Names) -> Phrase:
    return Phrase("calendar", n.rep(d["rep"]), " is back")


def suppressed(d: Data, n: Names) -> Phrase:
    if d.get("lifted"):
        return Phrase("check", "A suppression", f" of this {d['scope']} was lifted by {n.rep(d['stated_by'])}")
    channels = ", ".join(d.get("channels") or ())
    return Phrase("ban", "Do not contact", f": a {d['scope']}, by {n.rep(d['stated_by'])}", lines=lines(channels))


def undelivered(d: Data, n: Names) -> Phrase:
    if d.get("paused"):
        return Phrase("triangle-alert", "A webhook", f" was paused: {d['webhook']}", lines=lines(d.get("error")))
    return Phrase(
        "triangle-alert",
        "An event",
        f" could not be delivered to the webhook {d['webhook']}",
        lines=lines(d.get("error")),
    )


def changed_there(d: Data, n: Names) -> Phrase:
    stated = [f"{each['field'].replace('_', ' ')}: {each['value'] or 'removed'}" for each in d["fields"]]
    return Phrase("pencil", "The account", f" was changed in {CRMS[d['system']]}", lines=lines(*stated))


def refused_there(d: Data, n: Names) -> Phrase:
    stated = [f"{each['field'].replace('_', ' ')}: {each['value'] or 'removed'}. {each['why']}" for each in d["fields"]]
    return Phrase("x", "Not followed", f": a change in {CRMS[d['system']]}", lines=lines(*stated))


def dead(d: Data, n: Names) -> Phrase:
    return Phrase(
        "triangle-alert", d["subject"], f" could not be processed by the {d['service']}", lines=lines(d.get("error"))
    )
