"""Which commands exist, which function implements each, and what does it do?

The module of a command is imported only when it runs; this table suffices for `pipeline --help`.
"""

from __future__ import annotations

COMMANDS = {
    "demo": ("demo:demo", "Simulate two months of work, then show the next worklist."),
    "simulate": ("simulate:simulate", "Simulate the next days of the running stack, and show how full they are."),
    "up": ("stack:up", "Start NATS, PostgreSQL and the services, and keep them up until Ctrl-C."),
    "down": ("stack:down", "Stop what `up` or `demo` started; nothing is left running."),
    "setup": ("stack:setup", "Prepare servers that others run: databases, tables, streams and consumers."),
    "status": ("status:status", "Show processes, and each service's readiness, lag, backlog and dead letters."),
    "run": ("status:run", "Run a scheduled job now instead of at its time of day."),
    "snapshot": ("snapshot:snapshot", "List the current state that the events of a subject carry, as JSON lines."),
    "events": ("events:events", "Follow the streams, one line per event, until Ctrl-C."),
    "console": ("console:app", "The console: the page on which people work."),
    "audit": ("audit:app", "What people did in the console, and whether that record is unchanged."),
    "import": ("importing:app", "Import files."),
    "dataset": (
        "datasets:app",
        "Published datasets that arrive by themselves: what was downloaded, and what waits for a person.",
    ),
    "export": ("export:export", "Write postings, signals, scores, leads, tasks or drafts to a CSV file."),
    "report": ("report:report", "Print a report of the pack, and write its files."),
    "playbook": ("playbook:app", "Playbooks: accounts that are addressed alike, their letter, and their list."),
    "me": ("me:me", "Store your name, which is recorded with what you do."),
    "rep": ("rep:app", "The reps: who is in the team, and when they are away."),
    "account": ("account:app", "Accounts: who owns one and why, what covers it, and which ones wait for an owner."),
    "assign": ("account:assign", "Give an account to a rep, with its open lead, enrollment and tasks."),
    "capacity": ("capacity:capacity", "Show how full the next business days are, what waits, and what is impossible."),
    "sla": ("sla:sla", "Show which accounts have waited too long for a touch, most urgent first."),
    "sequence": ("sequence:app", "The sequences of the pack: their steps and versions, and who goes through which."),
    "enrollment": (
        "enrollment:app",
        "Enrollments: which accounts go through a sequence now, and how one waits, goes on or ends.",
    ),
    "worklist": ("worklist:worklist", "Show today's tasks in order: who, the number to dial, and why."),
    "touch": (
        "worklist:touch",
        "Show all about tasks of today: who, why, what to say, the last touch, and how to record it.",
    ),
    "done": ("worklist:done", "Record that tasks are done, with their outcome."),
    "skip": ("worklist:skip", "Skip tasks; the sequence goes on with its next step."),
    "snooze": ("worklist:snooze", "Let tasks wait for a later business day; or, far ahead, pause their enrollments."),
    "undo": (
        "worklist:undo",
        "Take back that tasks were done, skipped or snoozed today: they are due again, and what followed ends.",
    ),
    "reassign": ("worklist:reassign", "Give tasks to another rep who works today; the accounts keep their owner."),
    "bookmark": ("bookmark:bookmark", "Mark an account for later, or list the marked ones."),
    "drafts": ("worklist:drafts", "Show the drafts that wait for a person to send them."),
    "draft": (
        "draft:app",
        "Letters: read, change, send, take back or discard them. Nothing leaves that a person did not send off.",
    ),
    "lead": ("lead:app", "Leads: list them, move them from stage to stage, and see what happened to one."),
    "engagement": (
        "engagement:app",
        "Engagement: what a prospect did: a meeting, a demo, a visit of the website, a download.",
    ),
    "log": ("worklist:log", "Log a touch for which there was no task, such as a person who called back."),
    "note": ("lead:note", "Note something about an account; `pipeline lead show` lists its notes."),
    "outcome": ("outcome:outcome", "Record the outcome of a facility's lead: a meeting, a win or a loss."),
    "contact": (
        "contact:app",
        "The people at accounts: who they are and who says so.",
    ),
    "suppression": (
        "suppression:app",
        "Suppressions: who must not be contacted, who stated it, and what was not sent because of it.",
    ),
    "inbox": ("inbox:app", "List and resolve what could not be matched with confidence."),
    "alias": ("aliases:app", "List a facility's names with their provenance; withdraw a wrong one."),
    "resample": ("resample:app", "Judge a small share of the automatic matches without seeing the answer."),
    "why": ("scores:why", "Explain a facility's score: every factor, its evidence and its event."),
    "discovery": ("scores:discovery", "Show the facilities with the highest scores that have no open posting."),
    "calibrate": ("scores:calibrate", "Recompute the cuts between the tiers now, and show which facilities crossed."),
    "crossings": ("scores:crossings", "Show which facilities crossed a tier at the latest calibrations, and the cuts."),
    "picture": ("scores:picture", "Draw how the scores are distributed."),
    "kpi": ("kpi:app", "List key figures, and show what each of them follows from."),
    "score": ("score:app", "Score the facilities of a file, without any server."),
    "mail": ("mail:app", "What came back in the mail: bounces, absence notes, complaints, replies."),
    "match": ("match:match", "Find the facility that each row of a CSV refers to, without any server."),
    "pack": ("packs:app", "Begin, check and explain packs, and compare and publish their scoring models."),
    "what-if": ("packs:what_if", "Try a pack's scoring on the listed cohort."),
    "dead": ("dead:app", "List dead letters; retry them once the cause is gone, or discard them."),
    "republish": ("republish:republish", "Republish events of services from their outbox."),
    "reconcile": ("reconcile:reconcile", "Compare what each producer published with what each consumer processed."),
    "source": ("sources:app", "Sources of postings: what is fetched and pushed, and the rules that allow it."),
    "key": ("keys:app", "Programs that reconcile lists or report engagement over HTTP, and their keys."),
}  # fmt: skip
"""By name: the module and function of the command, and the first sentence of its help."""
