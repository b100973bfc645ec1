"""Which views has a person saved: lists under a name, with their filters?"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

from shared.storage.database import Tx


@dataclass(frozen=True, slots=True)
class View:
    view_id: UUID
    title: str
    url: str


async def of(tx: Tx, name: str, path: str = "") -> list[View]:
    """The views of a user, perhaps only those of a page."""
    return await tx.all(
        View,
        """
        SELECT view_id, title, url FROM views
        WHERE name = %(name)s AND (%(path)s = '' OR split_part(url, '?', 1) = %(path)s) ORDER BY title
        """,
        name=name,
        path=path,
    )


async def save(tx: Tx, name: str, title: str, url: str) -> bool:
    """Save a view; one of the same list with the same title is replaced. Returns false if it is one of another list."""
    return bool(
        await tx.run(
            """
            INSERT INTO views (view_id, name, title, url) VALUES (%(id)s, %(name)s, %(title)s, %(url)s)
            ON CONFLICT ON CONSTRAINT views_title_key DO UPDATE SET url = excluded.url
            WHERE split_part(views.url, '?', 1) = split_part(excluded.url, '?', 1)
            """,
            id=uuid4(),
            name=name,
            title=title,
            url=url,
        )
    )


async def remove(tx: Tx, name: str, view_id: UUID) -> bool:
    """Remove a view of a user; returns whether there was one."""
    return bool(await tx.run("DELETE FROM views WHERE name = %(name)s AND view_id = %(id)s", name=name, id=view_id))
