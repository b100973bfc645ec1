"""How does a test have many letters that people sent off?"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from cli.stack.target import REPOSITORY

BODY = "\n\n".join(["Hi Ada,", "We do chart review alongside your team. " * 4, "Would a short call help?", "Ann Lee"])

FILL = """
WITH letters AS (
    SELECT gen_random_uuid() AS message_id, gen_random_uuid() AS draft_id, gen_random_uuid() AS task_id,
        'ada@home-' || n || '.example' AS email
    FROM generate_series(1, %(letters)s) AS n
), drafted AS (
    INSERT INTO drafts (draft_id, task_id, facility_id, rep, channel, to_email, subject, body, drafted_on, facts, pack,
        task)
    SELECT draft_id, task_id, '335001', 'ann', 'email', email, 'A question', %(body)s, current_date, '{}', 'pack',
        '{"state": "NY"}'
    FROM letters
), approved AS (
    INSERT INTO messages (message_id, draft_id, task_id, version, revision, facility_id, rep, from_name, from_email,
        to_email, subject, body, state, approved_by, approved_at)
    SELECT message_id, draft_id, task_id, 1, '1', '335001', 'ann', 'Ann Lee', 'ann@seller.example', email, 'A question',
        %(body)s, 'approved', 'ann', now()
    FROM letters
)
INSERT INTO work (kind, key, payload, due_at) SELECT 'mail.send', message_id, '{}', now() FROM letters
"""


async def approve_letters(url: str, letters: int) -> None:
    """Letters to as many addresses, `ada@home-1.example` and so on, which are due."""
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute(FILL, {"letters": letters, "body": BODY})
        await connection.execute("ANALYZE")


def settings(smtp_url: str, packs: Path) -> dict[str, str]:
    """What the notifier needs to send letters at any time."""
    return {
        "PIPELINE_SMTP_URL": smtp_url,
        "PIPELINE_PUBLIC_URL": "https://letters.seller.example",
        "PIPELINE_TOKEN_KEYS": "k" * 32,
        "PIPELINE_MAIL_RETURN": "mail@seller.example",
        "PIPELINE_PACKS_DIR": str(packs),
    }


@contextmanager
def pack_without_limits() -> Iterator[Path]:
    """A folder with our pack, with which letters leave at any time and in any number."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(REPOSITORY / "packs" / "snf", Path(folder, "snf"))
        always = "hours: 00:00-23:59\nweekdays: [monday, tuesday, wednesday, thursday, friday, saturday, sunday]\n"
        Path(folder, "snf", "sending.yaml").write_text(always)
        yield Path(folder)
