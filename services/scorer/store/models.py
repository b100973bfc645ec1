"""Which models were in force, and when? Every query on them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from pydantic_core import to_json

from engines.scoring.pack import Scheme, scheme_from
from shared.contracts.scorer_replies import Publication
from shared.storage.database import Tx
from shared.storage.paging import page_by_key

FOLDER = "folder"
"""The publisher of a pack that the service started with; other publishers are people."""


async def store(tx: Tx, scheme: Scheme) -> None:
    """Store a model under its hash. It never changes, so its scores can be replayed."""
    await tx.run(
        """
        INSERT INTO models (pack, name, model, policy, published_on)
        VALUES (%(pack)s, %(name)s, %(model)s::jsonb, %(policy)s::jsonb, %(today)s) ON CONFLICT DO NOTHING
        """,
        pack=scheme.pack,
        name=scheme.model.name,
        model=_json(scheme.model),
        policy=_json(scheme.policy),
        today=tx.today,
    )


def _json(value: Any) -> str:
    return to_json(asdict(value)).decode()


async def publish(tx: Tx, pack: str, by: str) -> None:
    await tx.run(
        """
        INSERT INTO publications (pack, published_by, published_at, published_on)
        VALUES (%(pack)s, %(by)s, %(now)s, %(today)s)
        """,
        pack=pack,
        by=by,
        now=tx.now,
        today=tx.today,
    )


async def page_of_publications(tx: Tx, after: str | None, limit: int) -> list[tuple[str, dict[str, Any]]]:
    """A page of publications with their keys, the oldest first."""
    columns = "publication_no, pack, name, publications.published_on"
    return await page_by_key(
        tx, "publications JOIN models USING (pack)", ("publication_no",), after, limit, columns=columns
    )


async def last_published(tx: Tx, by: str) -> str | None:
    """The last pack of a publisher."""
    pack: str | None = await tx.value(
        "SELECT pack FROM publications WHERE published_by = %(by)s ORDER BY publication_no DESC LIMIT 1", by=by
    )
    return pack


async def in_force(tx: Tx, until: datetime | None = None) -> Scheme:
    """The scheme published last, now or before an instant; the first one if there was none yet."""
    pack: str = await tx.value(
        """
        SELECT pack FROM publications
         ORDER BY published_at < coalesce(%(until)s, 'infinity'::timestamptz) DESC,
                  CASE WHEN published_at < coalesce(%(until)s, 'infinity'::timestamptz) THEN publication_no END DESC,
                  publication_no
         LIMIT 1
        """,
        until=until,
    )
    return await _scheme(tx, pack)


async def published(tx: Tx, pack: str) -> Scheme | None:
    """A scheme that was in force; None if none with this hash was."""
    known = await tx.value("SELECT EXISTS (SELECT FROM publications WHERE pack = %(pack)s)", pack=pack)
    return await _scheme(tx, pack) if known else None


async def _scheme(tx: Tx, pack: str) -> Scheme:
    cached: dict[str, Scheme] = tx.cache.setdefault("schemes", {})
    if pack not in cached:
        [row] = await tx.dicts("SELECT model, policy FROM models WHERE pack = %(pack)s", pack=pack)
        cached[pack] = scheme_from(pack, row["model"], row["policy"])
    return cached[pack]


async def publications(tx: Tx, limit: int) -> list[Publication]:
    """The latest publications, newest first."""
    return await tx.all(
        Publication,
        """
        SELECT publication_no, pack, name, published_by, published_at FROM publications JOIN models USING (pack)
         ORDER BY publication_no DESC LIMIT %(limit)s
        """,
        limit=limit,
    )
