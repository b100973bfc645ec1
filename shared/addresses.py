"""Which servers does the URL of NATS or of PostgreSQL name? Both may name several."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

NATS_FORM = "must be like nats://USER:PASSWORD@h1:4222,h2:4222"
DATABASE_FORM = "must be like postgresql://ROLE:PASSWORD@h1:5432,h2:5432/DATABASE?target_session_attrs=read-write"
SCHEMES = ("nats", "tls")
SESSIONS = ("any", "read-write", "read-only", "primary", "standby", "prefer-standby")


def servers_of(url: str) -> list[str]:
    """The servers of `nats://user:password@h1:4222,h2:4222`; credentials are given once, or for each server.

    Raises `ValueError`, which does not quote the URL.
    """
    first, *more = [part.strip() for part in url.split(",") if part.strip()] or [url]
    scheme, _, address = first.rpartition("://")
    credentials = address.rpartition("@")[0]
    prefix = f"{scheme or 'nats'}://" + (f"{credentials}@" if credentials else "")
    servers = [first, *(part if "@" in part else prefix + part.rpartition("://")[2] for part in more)]
    if not all(map(_names_a_server, servers)):
        raise ValueError(NATS_FORM)
    return servers


def credentials_of(url: str) -> dict[str, Any]:
    """The options of a client by which it also signs in at servers that it learns of later; empty if they differ."""
    found = {(parts.username, parts.password) for parts in map(urlsplit, servers_of(url))}
    user, password = found.pop()
    return {"user": user, "password": password} if user and password and not found else {}


def check_database_url(url: str) -> None:
    """Raises `ValueError`, which does not quote the URL, if servers and options cannot be read from it."""
    try:
        parts = conninfo_to_dict(url)
    except ProgrammingError:
        raise ValueError(DATABASE_FORM) from None
    ports, hosts = str(parts.get("port", "")).split(","), str(parts.get("host", "")).split(",")
    if not all(port.isdecimal() for port in ports if port) or len(ports) not in (1, len(hosts)):
        raise ValueError(f"{DATABASE_FORM}; it names {len(hosts)} hosts, and a port of each is a number")
    wanted = str(parts.get("target_session_attrs", "any"))
    if wanted not in SESSIONS:
        raise ValueError(f"target_session_attrs must be one of {', '.join(SESSIONS)}")


def _names_a_server(url: str) -> bool:
    scheme, _, address = url.rpartition("://")
    try:
        parts = urlsplit(f"{scheme or 'nats'}://{address}")
        return parts.scheme in SCHEMES and bool(parts.hostname) and parts.port != 0 and not parts.path.strip("/")
    except ValueError:
        return False
