"""Where do a service's settings get their values?"""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from services.sequencer.settings import SequencerSettings
from shared.application import Application
from shared.service import Service
from shared.settings import Settings, settings_of


def test_a_services_own_variable_overrides_the_common_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIPELINE_BATCH", "100")
    monkeypatch.setenv("PIPELINE_SCORER_BATCH", "7")

    assert settings_of("scorer", Settings).batch == 7
    assert settings_of("matcher", Settings).batch == 100


def test_a_secret_may_come_from_a_file_and_the_environment_overrides_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pipeline_database_url").write_text("postgresql://from-file")
    monkeypatch.setenv("PIPELINE_SECRETS_DIR", str(tmp_path))

    assert settings_of("scorer", Settings).database_url.get_secret_value() == "postgresql://from-file"

    monkeypatch.setenv("PIPELINE_SCORER_DATABASE_URL", "postgresql://from-environment")
    assert settings_of("scorer", Settings).database_url.get_secret_value() == "postgresql://from-environment"


def test_a_secret_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIPELINE_DATABASE_URL", "postgresql://scorer:hush@host/db")

    assert "hush" not in repr(settings_of("scorer", Settings))


def test_retry_delays_are_seconds_with_commas_between(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIPELINE_RETRY_DELAYS", "0.5, 2,10")

    assert settings_of("scorer", Settings).retry_delays == (0.5, 2.0, 10.0)
    assert settings_of("sequencer", SequencerSettings).retry_delays == (0.5, 2.0, 10.0)


def test_an_invalid_value_is_reported_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIPELINE_SCORER_BATCH", "many")

    with pytest.raises(ValidationError, match="batch"):
        settings_of("scorer", Settings)


def test_a_service_with_an_invalid_setting_exits_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIPELINE_BATCH", "many")

    with pytest.raises(SystemExit) as ended:
        Application(Service("ingest"))

    assert str(ended.value) == "PIPELINE_BATCH: must be a whole number"


def test_a_secret_in_a_file_that_changes_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "pipeline_database_url"
    monkeypatch.setenv("PIPELINE_SECRETS_DIR", str(tmp_path))

    found = []
    for url in ("postgresql://one", "postgresql://two"):
        file.write_text(url)
        found.append(settings_of("scorer", Settings).database_url.get_secret_value())

    assert found == ["postgresql://one", "postgresql://two"]


def test_settings_are_not_read_again_while_their_variables_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PIPELINE_SECRETS_DIR", raising=False)
    monkeypatch.setenv("PIPELINE_BATCH", "8")
    known = settings_of("scorer", Settings)

    monkeypatch.setenv("UNRELATED", "1")
    assert settings_of("scorer", Settings) is known

    monkeypatch.setenv("PIPELINE_BATCH", "9")
    assert settings_of("scorer", Settings).batch == 9
