"""How long does pandas take for the same scores? Run by the peers' Python: FOLDER DAY."""

import json
import sys
import time
from pathlib import Path

began = time.perf_counter()
import pandas as pd  # noqa: E402  its import is part of a cold start

folder, day = Path(sys.argv[1]), pd.Timestamp(sys.argv[2])
facilities = pd.read_csv(folder / "facilities.csv", dtype=str)
fines = pd.read_csv(folder / "penalties.csv", dtype={"ccn": str}, parse_dates=["penalty_date"])
signals = pd.read_csv(folder / "signals.csv", dtype={"ccn": str}, parse_dates=["last_seen_on", "expires_on"])

weights = {"mds_coordinator": 1.0, "pdpm_rac": 0.85, "chart_review": 0.7, "qm": 0.5}
signals = signals[(signals.expires_on >= day) & (signals.last_seen_on <= day)]
posted = (signals.role_family.map(weights) * (0.6 + signals.urgency / 10)).groupby(signals.ccn).max()
fines = fines[(fines.penalty_type == "Fine") & (fines.penalty_date <= day)]
age = (day - fines.groupby("ccn").penalty_date.max()).dt.days
recent = (age < 180) * 0.6 + (age < 366) * 0.4
stars = {"1": 1.0, "2": 0.7}
ccn = facilities["CMS Certification Number (CCN)"]
points = (
    36 * ccn.map(posted).fillna(0)
    + 20 * facilities["QM Rating"].map(stars).fillna(0)
    + 18 * ccn.map(recent).fillna(0)
    + 8 * facilities["Staffing Rating"].map(stars).fillna(0)
)
raised = 1 + 0.08 * facilities["Medicaid Share"].astype(float).where(facilities["State"] == "NY", 0)
scores = (points * raised).clip(upper=100).round(1)
found = dict(zip(ccn, scores, strict=True))
print(json.dumps({"seconds": time.perf_counter() - began, "scores": found}))
