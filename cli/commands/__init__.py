"""Which commands are there, where does each begin, and what does it do?

The module of a command is imported only when it runs; by this table `pipeline --help` knows them all.
"""

from __future__ import annotations

COMMANDS = {
    "demo": ("demo:demo", "Let two months of work pass on a simulated clock, then show the next worklist."),
    "up": ("stack:up", "Start NATS, PostgreSQL and the services, and keep them up until Ctrl-C."),
    "down": ("stack:down", "Stop what `up` or `demo` started; nothing is left running."),
    "setup": ("stack:setup", "Prepare servers that others run: databases, tables, streams and consumers."),
    "status": ("status:status", "Show processes, and per service its readiness, lag, backlog and dead letters."),
    "run": ("status:run", "Run a scheduled job now instead of at its time of day."),
    "snapshot": ("snapshot:snapshot", "List the current state that a subject's events carry, as JSON lines."),
    "events": ("events:events", "Follow the streams, one line an event, until Ctrl-C."),
    "import": ("importing:app", "Import files."),
    "export": ("export:export", "Write postings, signals, scores, tasks or drafts to a CSV file."),
    "me": ("me:me", "Remember who you are, for everything that is recorded with a name."),
    "worklist": ("worklist:worklist", "Show today's tasks in order, each with the reason for its place."),
    "done": ("worklist:done", "Mark tasks as done."),
    "skip": ("worklist:skip", "Skip tasks; the sequence goes on with its next step."),
    "drafts": ("worklist:drafts", "Show the drafts that wait for a person to send them."),
    "outcome": ("outcome:outcome", "Record what came of a facility's lead: a meeting, a win or a loss."),
    "contact": ("contact:app", "Do not contact: a person, a facility, a chain, or everybody at a domain."),
    "inbox": ("inbox:app", "List and settle what could not be matched with confidence."),
    "alias": ("aliases:app", "List a facility's names with their provenance; take a wrong one away."),
    "resample": ("resample:app", "Judge a small share of the automatic matches without being told the answer."),
    "why": ("scores:why", "Take a facility's score apart: every factor, its evidence and its event."),
    "discovery": ("scores:discovery", "Show the facilities with the highest scores that have no open posting."),
    "calibrate": ("scores:calibrate", "Set the cuts between the tiers anew, now, and show who crossed."),
    "crossings": ("scores:crossings", "Show who crossed a tier at the latest calibrations, and between which cuts."),
    "picture": ("scores:picture", "Draw how the scores are distributed."),
    "score": ("score:app", "Score the facilities of a file, without any server."),
    "match": ("match:match", "Find the facility that each row of a CSV means, without any server."),
    "pack": ("packs:app", "Check, compare and publish packs' scoring models."),
    "what-if": ("packs:what_if", "Try a pack's scoring on the cohort that is listed."),
    "dead": ("dead:app", "Look at dead letters; retry them once the cause is gone, or discard them."),
    "republish": ("republish:republish", "Publish again what services published before, from their own outbox."),
    "reconcile": ("reconcile:reconcile", "Compare what each producer published with what each consumer took."),
    "source": ("keys:sources", "Sources that publish postings over HTTP, and their keys."),
    "key": ("keys:keys", "Programs that reconcile lists of theirs over HTTP, and their keys."),
}  # fmt: skip
"""By name: the module here and what it calls the command, and the sentence with which the command's own help begins."""
