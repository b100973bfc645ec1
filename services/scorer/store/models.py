"""Which models were in force, and when? Every query on them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from pydantic_core import to_json

from engines.scoring.pack import Scheme, scheme_from
from shared.contracts.scorer import Publication
from shared.storage.database import Tx

FOLDER = "folder"
"""Who published: the pack's folder, when a service started with it; otherwise a person."""


async def keep(tx: Tx, scheme: Scheme) -> None:
    """A model is kept under its hash and never changed: what it scored can be replayed."""
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
        "INSERT INTO publications (pack, published_by, published_at) VALUES (%(pack)s, %(by)s, %(now)s)",
        pack=pack,
        by=by,
        now=tx.now,
    )


async def last_published(tx: Tx, by: str) -> str | None:
    """The pack that this publisher published last."""
    pack: str | None = await tx.value(
        "SELECT pack FROM publications WHERE published_by = %(by)s ORDER BY publication_no DESC LIMIT 1", by=by
    )
    return pack


async def in_force(tx: Tx, until: datetime | None = None) -> Scheme:
    """The scheme published last, or last before an instant; the earliest where none was yet."""
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
    kept: dict[str, Scheme] = tx.cache.setdefault("schemes", {})
    if pack not in kept:
        [row] = await tx.dicts("SELECT model, policy FROM models WHERE pack = %(pack)s", pack=pack)
        kept[pack] = scheme_from(pack, row["model"], row["policy"])
    return kept[pack]


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
