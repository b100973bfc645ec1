"""What do the settings show: oneself, the users, and what people did?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.console.rendering.frame import Theme
from services.console.rendering.shapes import Choice, Option, Slice, Tone


@dataclass(frozen=True, slots=True)
class OwnSession:
    """A session of the person."""

    id: str
    where: str
    """`Chromium on Linux, 192.0.2.7`"""
    since: datetime
    last: datetime
    here: bool = False


@dataclass(frozen=True, slots=True)
class OwnKey:
    """A security key of the person."""

    id: str
    title: str
    added: datetime
    used: datetime | None


@dataclass(frozen=True, slots=True)
class NewSecurityKey:
    """A key that is to be added, before it has answered."""

    title: str
    options: str
    """What the browser asks the key, as JSON."""
    csrf: str


@dataclass(frozen=True, slots=True)
class OwnCalendar:
    """The calendar of the person, for programs."""

    answered: bool
    """Whether the courier has answered."""
    since: datetime | None = None
    """None: there is none."""
    read: datetime | None = None
    personal: bool = False
    people: bool = True
    """Whether the person may see people."""


@dataclass(frozen=True, slots=True)
class Me:
    """One's own account."""

    sections: tuple[Choice, ...]
    name: str
    full_name: str
    email: str
    role: str
    may: tuple[str, ...]
    """What the role may do, in sentences."""
    has_password: bool
    """Without one, the person signs in by the identity provider."""
    second_factor: str
    """`Authenticator, since 4 Mar`; `none, not required`"""
    second_factor_tone: Tone
    codes_left: int | None
    """Recovery codes that were not used; None without a second factor."""
    security_keys: tuple[OwnKey, ...]
    no_key: str
    """Why no key can be added; empty if one can."""
    factor_error: str
    can_turn_off: bool
    """Whether the person may sign in without a second factor, and has one."""
    sessions: tuple[OwnSession, ...]
    theme: Theme
    timezone: str
    keys: bool
    calendar: OwnCalendar | None = None
    """None: the person has no own tasks."""


@dataclass(frozen=True, slots=True)
class User:
    """A user."""

    name: str
    version: int
    full_name: str
    email: str
    role: str
    rep: str
    second_factor: str
    second_factor_tone: Tone
    last_sign_in: str
    """`today 8:31 am`; `never`"""
    sessions: int
    review: str
    """`due 12 Jan`"""
    review_late: bool = False
    ready: bool = True
    """False: the person has not begun yet, and may need a new link."""
    oneself: bool = False


@dataclass(frozen=True, slots=True)
class UserForm:
    """The dialog that adds a user, or changes the role of one."""

    title: str
    close: str
    command: str
    """`add_user` or `change_role`"""
    roles: tuple[Option, ...]
    role: str
    reps: tuple[Option, ...]
    rep: str = ""
    target: str = ""
    version: int | None = None
    sub: str = ""
    consequences: tuple[str, ...] = ()
    confirm: str = "Add"
    fields: bool = False
    """Whether name, full name and e-mail are asked for."""


@dataclass(frozen=True, slots=True)
class UserSessions:
    """The dialog with the sessions of a user."""

    name: str
    title: str
    close: str
    rows: tuple[OwnSession, ...]


@dataclass(frozen=True, slots=True)
class Users:
    sections: tuple[Choice, ...]
    sentence: str
    """`1 access review is late, 1 person cannot sign in yet`"""
    rows: tuple[User, ...]
    change: bool
    """Whether the person may change users."""
    due: Choice | None = None
    """The users whose access has to be confirmed, if there are any."""
    of: UserSessions | None = None
    add: str = "/settings/users?ask=add"
    form: UserForm | None = None


@dataclass(frozen=True, slots=True)
class Deed:
    """A row of the audit log."""

    number: int
    at: datetime
    name: str
    role: str
    action: str
    target: str
    details: tuple[tuple[str, str], ...]
    """What was stated, before and after."""
    hash: str
    """Its first characters."""
    outcome: str
    """`done`, `refused`, `not confirmed`"""


@dataclass(frozen=True, slots=True)
class Audit:
    sections: tuple[Choice, ...]
    sentence: str
    filters: tuple[Choice, ...]
    rows: tuple[Deed, ...]
    slice: Slice | None
    query: str = ""
    kept: tuple[tuple[str, str], ...] = ()
    """What else narrows the list, for the form that searches it."""
    broken_at: int | None = None
    """The first of these rows that does not follow from the one before."""
    csv: str = ""
