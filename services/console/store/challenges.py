"""What was a browser asked, that it has not answered yet?"""

from __future__ import annotations

from datetime import datetime

from shared.storage.database import Tx


async def put(tx: Tx, browser: str, content: str, ends_at: datetime) -> None:
    """Store what a browser has to answer; what it was asked before counts no more."""
    await tx.run(
        """
        INSERT INTO challenges (browser, content, ends_at) VALUES (%(browser)s, %(content)s, %(ends)s)
        ON CONFLICT (browser) DO UPDATE SET content = excluded.content, ends_at = excluded.ends_at
        """,
        browser=browser,
        content=content,
        ends=ends_at,
    )


async def take(tx: Tx, browser: str) -> str:
    """Use up what a browser was asked; empty if it was asked nothing, or too long ago."""
    found = await tx.dicts(
        "DELETE FROM challenges WHERE browser = %(browser)s RETURNING content, ends_at", browser=browser
    )
    return found[0]["content"] if found and found[0]["ends_at"] > tx.now else ""


async def look(tx: Tx, browser: str) -> str | None:
    """What a browser was asked, without using it up."""
    sql = "SELECT content FROM challenges WHERE browser = %(browser)s AND ends_at > %(now)s"
    found = await tx.value(sql, browser=browser, now=tx.now)
    return str(found) if found is not None else None


async def prune(tx: Tx) -> None:
    await tx.run("DELETE FROM challenges WHERE ends_at <= %(now)s", now=tx.now)
