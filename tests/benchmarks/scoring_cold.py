"""How long does our engine take from files to calibrated tiers? Run as a separate process: FOLDER DAY."""

import gc
import json
import sys
from datetime import date
from pathlib import Path
from time import perf_counter, process_time

began, burnt = perf_counter(), process_time()
from engines import packs  # noqa: E402
from engines.datasets.facts import Headings  # noqa: E402
from engines.scoring.cohort import candidate, read_cohort  # noqa: E402  imports are part of a cold start
from engines.scoring.formula import score  # noqa: E402
from engines.scoring.pack import scheme_in  # noqa: E402
from engines.scoring.tiers import calibrate  # noqa: E402

gc.disable()  # as `pipeline score` does
folder, day = Path(sys.argv[1]), date.fromisoformat(sys.argv[2])
pack = packs.pack_folder()
scheme, headings = scheme_in(pack), packs.section_of(pack, "fields", Headings)
facilities, penalties, signals = (folder / f"{name}.csv" for name in ("facilities", "penalties", "signals"))
imported = perf_counter()
inputs = read_cohort(headings, facilities, [penalties], signals, scheme.model, day).inputs()
read = perf_counter()
scored = [(one.facility_id, score(one, day, scheme.model)) for one in inputs]
done, burnt = perf_counter(), process_time() - burnt
calibrate([candidate(facility_id, found) for facility_id, found in scored], None, scheme.policy, day)
calibrated = perf_counter()
for _ in range(100):
    score(inputs[0], day, scheme.model)
figures = {
    "from_files": done - began,
    "imported": imported - began,
    "read": read - imported,
    "scored": done - read,
    "calibrated": calibrated - done,
    "cpu": burnt,
    "one_ms": (perf_counter() - calibrated) * 10,
}
print(json.dumps({"figures": figures, "scores": {facility_id: float(found.score) for facility_id, found in scored}}))
