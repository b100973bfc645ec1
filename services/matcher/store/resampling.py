"""Which automatic matches are to be judged, and how were they judged?"""

from __future__ import annotations

from collections.abc import Collection

from services.matcher.domain.resampling import Judged, Match, judged
from shared.storage.database import Tx

AUTOMATIC = ["name", "model", "rule", "chain"]
"""Methods that match a posting without a person and without an account key."""
# A digest of the decision chooses the matches, so that the choice is always the same. A match covers all postings of a
# group, so reposts do not make it more likely to be chosen.
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
        WHERE outcome = 'matched' AND method = ANY(%(automatic)s)
        GROUP BY employer_key, city_key, state_key, facility_id
    ) AS matches
    WHERE ('x' || substr(key, 1, 8))::bit(32)::bigint < %(share)s::float8 * 4294967296
      AND NOT EXISTS (
        SELECT FROM judgments AS j
        WHERE (j.state_key, j.employer_key, j.city_key, j.accepted_facility_id)
            = (matches.state_key, matches.employer_key, matches.city_key, matches.facility_id)
      )
    ORDER BY key
"""


async def to_be_judged(tx: Tx, share: float) -> list[Match]:
    return await tx.all(Match, _CHOSEN, automatic=AUTOMATIC, share=share)


async def record(tx: Tx, match: Match, judged_facility_id: str | None, reason: str | None) -> bool:
    """Returns False if another person has judged it in the meantime."""
    recorded = await tx.run(
        """
        INSERT INTO judgments
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


async def precision(tx: Tx, final: Collection[str]) -> Judged:
    """The precision of all matches judged so far; a reason that is not final is doubt, not disagreement."""
    (counted,) = await tx.dicts(
        """
        SELECT count(*) FILTER (WHERE judged_facility_id = accepted_facility_id) AS agreed,
               count(*) FILTER (WHERE reason <> ALL(%(final)s)) AS unsure,
               count(*) AS judged
        FROM judgments
        """,
        final=list(final),
    )
    disagreed = counted["judged"] - counted["agreed"] - counted["unsure"]
    return judged(counted["agreed"], disagreed, counted["unsure"])
