"""Does the sequencer accept every setting of the kernel?"""

from __future__ import annotations

import pytest

from services.sequencer.settings import SequencerSettings
from shared.settings import settings_of


def test_delays_and_reps_are_both_lists_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIPELINE_RETRY_DELAYS", "0.5, 2")
    monkeypatch.setenv("PIPELINE_SEQUENCER_REPS", "ann, bob")

    settings = settings_of("sequencer", SequencerSettings)

    assert settings.retry_delays == (0.5, 2.0)
    assert settings.reps == ("ann", "bob")
