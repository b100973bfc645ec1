"""Which users are there, and with which links do they begin?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.console.domain.permissions import Role
from shared.clock import real_time
from shared.storage.database import Tx


@dataclass(frozen=True, slots=True)
class User:
    name: str
    role: Role
    rep: str | None
    full_name: str
    email: str | None
    timezone: str
    theme: str
    keys_off: bool
    password: str | None
    """As a hash; None until it is chosen."""
    totp_secret: str | None
    """Encrypted."""
    totp_step: int
    recovery: list[str]
    """The hashes of the recovery codes that are left."""
    reviewed_on: date | None
    version: int
    added_at: datetime


@dataclass(frozen=True, slots=True)
class OneTimeLink:
    name: str
    purpose: str
    reset_code: bool
    expires_at: datetime


_COLUMNS = """
    name, role, rep, full_name, email, timezone, theme, keys_off, password, totp_secret, totp_step, recovery,
    reviewed_on, version, added_at
"""


async def exist(tx: Tx) -> bool:
    """Whether there are any users."""
    return bool(await tx.value("SELECT EXISTS (SELECT FROM users WHERE NOT removed)"))


async def everyone(tx: Tx) -> list[User]:
    return await tx.all(User, f"SELECT {_COLUMNS} FROM users WHERE NOT removed ORDER BY name")


async def find(tx: Tx, name: str) -> User | None:
    return await tx.one(User, f"SELECT {_COLUMNS} FROM users WHERE name = %(name)s AND NOT removed", name=name)


async def find_by_name_or_email(tx: Tx, typed: str) -> User | None:
    """The user whom a person names at sign-in; an e-mail address counts if only one user has it."""
    found = await tx.all(
        User,
        f"""
        SELECT {_COLUMNS} FROM users WHERE NOT removed AND (name = %(typed)s OR lower(email) = %(typed)s)
        ORDER BY name = %(typed)s DESC LIMIT 2
        """,
        typed=typed,
    )
    return found[0] if len(found) == 1 or (found and found[0].name == typed) else None


async def find_by_email(tx: Tx, email: str) -> User | None:
    """The only user with an e-mail address, however it is capitalized."""
    found = await tx.all(
        User, f"SELECT {_COLUMNS} FROM users WHERE NOT removed AND lower(email) = lower(%(email)s)", email=email
    )
    return found[0] if len(found) == 1 else None


async def add(tx: Tx, name: str, role: str, rep: str | None, full_name: str, email: str | None) -> bool:
    """Add a user, or again one who was removed, without a password; returns whether there was none."""
    return bool(
        await tx.run(
            """
            INSERT INTO users (name, role, rep, full_name, email, added_at)
            VALUES (%(name)s, %(role)s, %(rep)s, %(full_name)s, %(email)s, %(now)s)
            ON CONFLICT (name) DO UPDATE SET role = excluded.role, rep = excluded.rep, full_name = excluded.full_name,
                email = excluded.email, added_at = excluded.added_at, version = users.version + 1, removed = false,
                reviewed_on = NULL
            WHERE users.removed
            """,
            name=name,
            role=role,
            rep=rep,
            full_name=full_name,
            email=email,
            now=tx.now,
        )
    )


async def change_role(tx: Tx, name: str, role: str, rep: str | None) -> None:
    await tx.run(
        "UPDATE users SET role = %(role)s, rep = %(rep)s, version = version + 1 WHERE name = %(name)s",
        name=name,
        role=role,
        rep=rep,
    )


async def review(tx: Tx, name: str) -> None:
    await tx.run("UPDATE users SET reviewed_on = %(today)s WHERE name = %(name)s", name=name, today=tx.today)


async def remove(tx: Tx, name: str) -> None:
    """The name stays known, because the audit log names it."""
    await tx.run("DELETE FROM passkeys WHERE name = %(name)s", name=name)
    await tx.run(
        """
        UPDATE users SET removed = true, password = NULL, totp_secret = NULL, recovery = '{}', version = version + 1
        WHERE name = %(name)s
        """,
        name=name,
    )


async def set_password(tx: Tx, name: str, password: str) -> None:
    await tx.run("UPDATE users SET password = %(hash)s WHERE name = %(name)s", name=name, hash=password)


async def forget_code(tx: Tx, name: str) -> None:
    """The person sets up the second factor anew."""
    await tx.run("UPDATE users SET totp_secret = NULL, recovery = '{}' WHERE name = %(name)s", name=name)
    await tx.run("DELETE FROM passkeys WHERE name = %(name)s", name=name)


async def set_code(tx: Tx, name: str, secret: str, step: int, recovery: list[str]) -> None:
    await tx.run(
        """
        UPDATE users SET totp_secret = %(secret)s, totp_step = %(step)s, recovery = %(recovery)s WHERE name = %(name)s
        """,
        name=name,
        secret=secret,
        step=step,
        recovery=recovery,
    )


async def replace_secret(tx: Tx, name: str, old: str, new: str) -> int:
    """The same secret, encrypted otherwise; returns 0 if it was replaced meanwhile."""
    sql = "UPDATE users SET totp_secret = %(new)s WHERE name = %(name)s AND totp_secret = %(old)s"
    return await tx.run(sql, name=name, old=old, new=new)


async def set_recovery(tx: Tx, name: str, recovery: list[str]) -> None:
    await tx.run("UPDATE users SET recovery = %(recovery)s WHERE name = %(name)s", name=name, recovery=recovery)


async def use_step(tx: Tx, name: str, step: int) -> bool:
    """Use up a code and those before it; returns whether it had not been used."""
    sql = "UPDATE users SET totp_step = %(step)s WHERE name = %(name)s AND totp_step < %(step)s"
    return bool(await tx.run(sql, name=name, step=step))


async def use_recovery_code(tx: Tx, name: str, code_hash: str) -> bool:
    """Use up a recovery code; returns whether it was one."""
    sql = """
        UPDATE users SET recovery = array_remove(recovery, %(hash)s)
        WHERE name = %(name)s AND %(hash)s = ANY (recovery)
    """
    return bool(await tx.run(sql, name=name, hash=code_hash))


async def set_preferences(tx: Tx, name: str, theme: str, timezone: str, *, keys_off: bool) -> None:
    await tx.run(
        "UPDATE users SET theme = %(theme)s, timezone = %(zone)s, keys_off = %(keys)s WHERE name = %(name)s",
        name=name,
        theme=theme,
        zone=timezone,
        keys=keys_off,
    )


async def add_link(tx: Tx, link_hash: str, link: OneTimeLink) -> None:
    """Add a one-time link; earlier ones of the user for the same purpose end."""
    await tx.run("DELETE FROM links WHERE name = %(name)s AND purpose = %(p)s", name=link.name, p=link.purpose)
    await tx.run(
        """
        INSERT INTO links (token_hash, name, purpose, reset_code, expires_at)
        VALUES (%(hash)s, %(name)s, %(purpose)s, %(reset)s, %(expires)s)
        """,
        hash=link_hash,
        name=link.name,
        purpose=link.purpose,
        reset=link.reset_code,
        expires=link.expires_at,
    )


async def find_link(tx: Tx, link_hash: str) -> OneTimeLink | None:
    """A link that can still be used; its row is locked."""
    return await tx.one(
        OneTimeLink,
        """
        SELECT name, purpose, reset_code, expires_at FROM links
        WHERE token_hash = %(hash)s AND used_at IS NULL AND expires_at > %(now)s FOR UPDATE
        """,
        hash=link_hash,
        now=tx.now,
    )


async def use_link(tx: Tx, link_hash: str) -> None:
    await tx.run("UPDATE links SET used_at = %(now)s WHERE token_hash = %(hash)s", hash=link_hash, now=tx.now)


async def end_links(tx: Tx, name: str) -> None:
    await tx.run("DELETE FROM links WHERE name = %(name)s", name=name)


# --- failed sign-ins -----------------------------------------------------------------------------------------


async def failures_of(tx: Tx, typed_hash: str) -> tuple[int, datetime | None]:
    """How often a sign-in with this name has failed, and when last; its row is locked."""
    await tx.lock("attempts", [typed_hash])
    row = await tx.dicts("SELECT failures, failed_at FROM attempts WHERE typed_hash = %(hash)s", hash=typed_hash)
    return (row[0]["failures"], row[0]["failed_at"]) if row else (0, None)


async def count_failure(tx: Tx, typed_hash: str) -> None:
    await tx.run(
        """
        INSERT INTO attempts (typed_hash, failures, failed_at) VALUES (%(hash)s, 1, %(now)s)
        ON CONFLICT (typed_hash) DO UPDATE SET failures = attempts.failures + 1, failed_at = excluded.failed_at
        """,
        hash=typed_hash,
        now=real_time(),
    )


async def forget_failures(tx: Tx, typed_hash: str) -> None:
    await tx.run("DELETE FROM attempts WHERE typed_hash = %(hash)s", hash=typed_hash)


async def prune(tx: Tx, age: timedelta) -> None:
    """Delete links and failures that are too old to matter."""
    await tx.run(
        """
        WITH forgotten AS (DELETE FROM attempts WHERE failed_at < %(failed)s)
        DELETE FROM links WHERE expires_at < %(expired)s
        """,
        failed=real_time() - age,
        expired=tx.now - age,
    )
