"""How is an HTTP surface tested with requests that its description allows, and with others?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS, HypothesisProvider

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is in requirements/dev.lock: `make setup`")


class _Reproducible(HypothesisProvider):
    """Draws by the seed alone; the default also draws constants of whichever modules the process has loaded."""

    def _maybe_draw_constant(self, *args: Any, **kwargs: Any) -> None:
        pass


AVAILABLE_PROVIDERS["reproducible"] = f"{__name__}.{_Reproducible.__name__}"
EXAMPLES = 15
KEEP_TO = settings(
    backend="reproducible",
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
CHECKS = "not_a_server_error status_code_conformance content_type_conformance response_schema_conformance".split()


def fuzz(
    base: str,
    headers: dict[str, str],
    look: Callable[[requests.Response], None],
    only: Sequence[str] = (),
    path: Mapping[str, str] | None = None,
) -> int:
    """Send valid and invalid requests to every operation; passes each reply to `look`, returns how many were sent.

    `only`: operations by their id, without those whose replies do not end, or that have nothing to be invalid. `path`:
    parameters of a valid request's path, so that it is about something that exists.
    """
    schemathesis.checks.load_all_checks()
    checks = schemathesis.checks.CHECKS.get_by_names(CHECKS)
    schema = schemathesis.openapi.from_url(f"{base}/openapi.json")
    schema = schema.include(operation_id=list(only)) if only else schema
    sent = 0
    with requests.Session() as session:

        def try_out(found: Any, mode: Any) -> None:
            fixed = path if path and mode is schemathesis.GenerationMode.POSITIVE else {}

            @seed(20260701)
            @KEEP_TO
            @given(case=found.ok().as_strategy(generation_mode=mode))
            def every_answer_is_as_described(case: Any) -> None:
                nonlocal sent
                case.path_parameters |= {name: fixed[name] for name in case.path_parameters if name in fixed}
                reply = case.call(base_url=base, headers=headers, session=session)
                sent += 1
                case.validate_response(reply, checks=checks)
                look(reply)

            every_answer_is_as_described()

        for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):
            for found in schema.get_all_operations():
                try_out(found, mode)
    return sent
