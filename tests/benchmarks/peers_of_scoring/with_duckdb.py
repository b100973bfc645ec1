"""How long does duckdb take for the same scores? Run by the peers' Python: FOLDER DAY."""

import json
import sys
import time

began = time.perf_counter()
import duckdb  # noqa: E402  its import is part of a cold start

folder, day = sys.argv[1:]
SCORES = """
WITH posted AS (
  SELECT ccn, max(CASE role_family WHEN 'mds_coordinator' THEN 1.0 WHEN 'pdpm_rac' THEN 0.85
                                   WHEN 'chart_review' THEN 0.7 ELSE 0.5 END * (0.6 + urgency / 10.0)) AS worth
    FROM read_csv($folder || '/signals.csv', types = {'ccn': 'VARCHAR'})
   WHERE last_seen_on <= $day::DATE AND expires_on >= $day::DATE GROUP BY ccn
), fined AS (
  SELECT ccn, $day::DATE - max(penalty_date) AS age
    FROM read_csv($folder || '/penalties.csv', types = {'ccn': 'VARCHAR'})
   WHERE penalty_type = 'Fine' AND penalty_date <= $day::DATE GROUP BY ccn
), named AS (
  SELECT "CMS Certification Number (CCN)" AS ccn, State AS state, "QM Rating" AS qm, "Staffing Rating" AS staffing,
         "Medicaid Share"::DOUBLE AS share
    FROM read_csv($folder || '/facilities.csv', all_varchar = true)
)
SELECT ccn, round(least(100, (36 * coalesce(worth, 0)
       + 20 * CASE qm WHEN '1' THEN 1 WHEN '2' THEN 0.7 ELSE 0 END
       + 18 * CASE WHEN age < 180 THEN 1 WHEN age < 366 THEN 0.4 ELSE 0 END
       + 8 * CASE staffing WHEN '1' THEN 1 WHEN '2' THEN 0.7 ELSE 0 END)
       * CASE WHEN state = 'NY' THEN 1 + 0.08 * share ELSE 1 END)::DOUBLE, 1)
  FROM named LEFT JOIN posted USING (ccn) LEFT JOIN fined USING (ccn)
"""
found = dict(duckdb.execute(SCORES, {"folder": folder, "day": day}).fetchall())
print(json.dumps({"seconds": time.perf_counter() - began, "scores": found}))
