"""What do the pages of signing in show? None of them says whether a name exists."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SignIn:
    """The name and the password."""

    name: str = ""
    error: str = ""
    """`Wrong name or password. Next try in 4 s.`"""
    notice: str = ""
    """Why the last session ended, if it did."""
    next: str = ""
    """The page that was asked for."""
    provider: str = ""
    """The name of the identity provider; empty: there is none."""
    host: str = ""
    csrf: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """The code of an authenticator, or a recovery code."""

    name: str
    email: str
    csrf: str
    error: str = ""
    next: str = ""
    recovery: bool = False
    """A recovery code is asked for instead."""
    passkey: bool = False
    """A security key can be used instead."""


@dataclass(frozen=True, slots=True)
class Key:
    """A security key instead of a code."""

    name: str
    email: str
    csrf: str
    options: str
    """What the browser asks the key, as JSON."""
    error: str = ""
    next: str = ""


@dataclass(frozen=True, slots=True)
class FirstPassword:
    """The page of a one-time link."""

    name: str
    email: str
    role: str
    token: str
    csrf: str
    error: str = ""
    link_ends: str = ""
    """`The link ends at 10:12 am`"""


@dataclass(frozen=True, slots=True)
class NoUsers:
    """There is no user yet: what creates the first user."""

    command: str
