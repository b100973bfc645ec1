"""Which matches that nobody looked at are to be judged, and what was said of those that were?"""

from __future__ import annotations

from services.matcher.domain.resampling import Judged, Match, judged
from shared.storage.database import Tx

UNSEEN = ["name", "model", "chain"]
"""Methods by which a posting is matched without a person and without a key of its own."""
# Chosen by a digest of what was decided, so that the same matches are chosen whenever and wherever one looks. A match
# is one decision on everything identical: its re-posts do not make it likelier to be chosen.
_CHOSEN = """
    SELECT * FROM (
        SELECT substr(encode(sha256(convert_to(concat_ws(chr(31), state_key, city_key, employer_key, facility_id),
        'UTF8')),
                             'hex'), 1, 10) AS key,
               employer_key, city_key, state_key, facility_id, count(*) AS postings,
               (array_agg(employer_name ORDER BY last_seen_on DESC, posting_id))[1] AS employer_name,
               (array_agg(city ORDER BY last_seen_on DESC, posting_id))[1] AS city,
               (array_agg(state ORDER BY last_seen_on DESC, posting_id))[1] AS state,
               (array_agg(zip ORDER BY last_seen_on DESC, posting_id))[1] AS zip,
               (array_agg(address ORDER BY last_seen_on DESC, posting_id))[1] AS address
        FROM postings
        WHERE outcome = 'matched' AND method = ANY(%(unseen)s)
        GROUP BY employer_key, city_key, state_key, facility_id
    ) AS matches
    WHERE ('x' || substr(key, 1, 8))::bit(32)::bigint < %(share)s::float8 * 4294967296
      AND NOT EXISTS (
        SELECT FROM judgements AS j
        WHERE (j.state_key, j.employer_key, j.city_key, j.accepted_facility_id)
            = (matches.state_key, matches.employer_key, matches.city_key, matches.facility_id)
      )
    ORDER BY key
"""


async def to_be_judged(tx: Tx, share: float) -> list[Match]:
    return await tx.all(Match, _CHOSEN, unseen=UNSEEN, share=share)


async def record(tx: Tx, match: Match, judged_facility_id: str | None, reason: str | None) -> bool:
    """False if somebody else judged it in the meantime."""
    recorded = await tx.run(
        """
        INSERT INTO judgements
            (employer_key, city_key, state_key, accepted_facility_id, judged_facility_id, reason, judged_by, judged_at)
        VALUES (%(employer)s, %(city)s, %(state)s, %(accepted)s, %(judged)s, %(reason)s, %(by)s, %(now)s)
        ON CONFLICT DO NOTHING
        """,
        employer=match.employer_key,
        city=match.city_key,
        state=match.state_key,
        accepted=match.facility_id,
        judged=judged_facility_id,
        reason=reason,
        by=tx.actor,
        now=tx.now,
    )
    return recorded == 1


async def precision(tx: Tx) -> Judged:
    """Of everything judged so far."""
    (counted,) = await tx.dicts(
        """
        SELECT count(*) FILTER (WHERE judged_facility_id = accepted_facility_id) AS agreed,
               count(*) FILTER (WHERE reason = 'unsure') AS unsure,
               count(*) AS judged
        FROM judgements
        """
    )
    disagreed = counted["judged"] - counted["agreed"] - counted["unsure"]
    return judged(counted["agreed"], disagreed, counted["unsure"])
