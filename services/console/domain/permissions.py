"""Who may see and do what? One table that routes, buttons, fragments and commands read."""

from __future__ import annotations

from typing import Literal, get_args

Role = Literal["rep", "manager", "operations", "reader", "auditor"]
ROLES: tuple[Role, ...] = get_args(Role)
Scope = Literal["none", "see", "own", "team", "all"]
"""`see`: all of it, without changes. `own`: what belongs to the rep. `team`: what reps and managers did."""

_MATRIX = """
                        rep   manager  operations  reader  auditor
    touches             own   all      -           see     -
    schedules           see   all      -           see     -
    leave               own   all      -           see     -
    inbox               all   all      -           see     -
    leads               own   all      -           see     -
    drafts              own   own      -           -       -
    people              all   all      -           -       -
    dashboards          own   all      all         all     all
    accounts            see   all      see         see     see
    packs               -     all      see         -       see
    suppressions        all   all      -           -       see
    lifting             -     all      -           -       see
    sources             -     see      all         -       see
    administration      -     -        all         -       see
    crm                 -     see      all         -       see
    calendars           -     all      all         -       see
    notices             -     all      all         -       see
    audit               own   team     see         -       all
    exports             own   all      own         all     all
    oneself             own   own      own         own     own
"""
"""
- `touches`: do, skip and move tasks, and note something
- `schedules`: give tasks to others, pause and stop enrollments, assign accounts
- `leave`: when a rep is away
- `inbox`: accept, reject, undo and judge matches
- `leads`: stages, meetings, wins and losses, and contacts
- `drafts`: change letters, and send them in one's own name
- `people`: names, numbers and addresses of people; without it, only their role
- `dashboards`: a rep's own figures, and totals of the team
- `accounts`: facilities, what happened to them, and bookmarks
- `packs`: compare and publish
- `suppressions`: contact a person no more; `lifting`: contact them again
- `sources`: where postings and published datasets come from, and what allowed it
- `administration`: users, keys, dead letters, deliveries, and the rebuild
- `crm`: what is exchanged with HubSpot or Salesforce, and where both sides differ
- `calendars`: whose tasks calendar programs read; one's own belongs to `oneself`
- `notices`: which of our own people get notices, in Slack or by mail
- `audit`: what people did; `exports`: lists as CSV
- `oneself`: one's own password, second factor and sessions
"""


def _table(text: str) -> dict[str, dict[Role, Scope]]:
    head, *lines = (line.split() for line in text.strip().splitlines())
    if tuple(head) != ROLES:
        raise ValueError("the columns are not the roles")
    return {name: dict(zip(ROLES, map(_scope, scopes), strict=True)) for name, *scopes in lines}


def _scope(text: str) -> Scope:
    found: Scope = next(scope for scope in get_args(Scope) if scope == ("none" if text == "-" else text))
    return found


PERMISSIONS = _table(_MATRIX)
"""The scope of each role, by action."""

SCREENS = {
    "worklist": "touches",
    "inbox": "inbox",
    "drafts": "drafts",
    "pipeline": "leads",
    "facilities": "accounts",
    "discovery": "accounts",
    "sequences": "schedules",
    "playbooks": "accounts",
    "health": "dashboards",
    "funnel": "dashboards",
    "scores": "dashboards",
    "settings": "oneself",
}
"""Which action each entry of the navigation is about, and so its pages."""

WRITING: frozenset[Scope] = frozenset({"own", "team", "all"})
NEEDS_CODE: frozenset[Role] = frozenset({"manager", "operations", "auditor"})
"""The roles that sign in with a second factor."""


def scope_of(role: Role, action: str) -> Scope:
    """Raises `KeyError` for an action that is not in the table."""
    return PERMISSIONS[action][role]


def can_see(role: Role, action: str) -> bool:
    """Whether pages and parts of pages about this are shown."""
    return scope_of(role, action) != "none"


def can(role: Role, action: str, *, own: bool = True) -> bool:
    """Whether a person may do this; `own`: whether the thing belongs to them."""
    scope = scope_of(role, action)
    return scope in WRITING and (own or scope != "own")
