"""Which questions does the scorer reply to?"""

from __future__ import annotations

from services.scorer.queries import (
    calibrations,
    counts,
    discovery,
    evaluate_outcomes,
    export_scores,
    publications,
    replay,
    scheme_in_force,
    scored_accounts,
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
        scored_accounts,
        evaluate_outcomes,
        what_if,
        why,
    )
)
