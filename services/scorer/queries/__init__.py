"""What does the scorer answer?"""

from __future__ import annotations

from services.scorer.queries import (
    calibrations,
    counts,
    discovery,
    export_scores,
    publications,
    replay,
    scheme_in_force,
    weigh_outcomes,
    what_if,
    why,
)

routers = tuple(
    module.router
    for module in (
        calibrations,
        counts,
        discovery,
        export_scores,
        publications,
        replay,
        scheme_in_force,
        weigh_outcomes,
        what_if,
        why,
    )
)
