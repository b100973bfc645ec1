"""Which knobs does every service have, and where do their values come from?

`PIPELINE_<SERVICE>_<KNOB>` wins over `PIPELINE_<KNOB>`, which wins over a file `pipeline_<knob>` in the folder that
`PIPELINE_SECRETS_DIR` names, which wins over the default.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any, Self, TypeVar

from pydantic import BeforeValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from shared.contracts.topology import CONSUMES, STREAM_DAYS

PREFIX = "PIPELINE_"


def split(value: Any) -> Any:
    """The parts of a text with commas between; anything else as it is."""
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


LIST = (NoDecode, BeforeValidator(split))
"""Marks a knob that is given as a list with commas: `Annotated[tuple[str, ...], *LIST]`."""


SPARE_CONNECTIONS = 4
"""Of one process, beside one for each of its consumers: the sweeper, jobs, health, and what is asked of it."""


def pool_size(service: str) -> int:
    """Connections that one replica of a service uses at most, where no setting says otherwise."""
    return len(CONSUMES[service]) + SPARE_CONNECTIONS


class Settings(BaseSettings):
    """What the kernel needs to run one service."""

    # What is wrong is said without what was given: that may hold passwords.
    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True, hide_input_in_errors=True)

    nats_url: SecretStr = SecretStr("nats://127.0.0.1:4222")
    nats_tls_ca: Path | None = None
    nats_tls_cert: Path | None = None
    nats_tls_key: Path | None = None
    database_url: SecretStr = SecretStr("")
    pool: int = Field(default=0, ge=0)
    """Connections to the database at most; 0: one for each consumer, and `SPARE_CONNECTIONS`."""
    http_host: str = "127.0.0.1"
    http_port: int = 0
    """0: any free port."""
    http_rate: float = Field(default=20.0, gt=0)
    """Requests a second with one key, in the long run."""
    http_burst: int = Field(default=100, ge=1)
    """Requests at once, before the rate counts."""
    simulation: bool = False
    """In a simulation a driver tells the time; otherwise nobody may."""
    log_level: str = "INFO"
    batch: int = Field(default=500, ge=1, le=5_000)
    """Events in one transaction, at most."""
    retry_delays: Annotated[tuple[float, ...], *LIST] = (1.0, 5.0, 15.0, 60.0)
    """Seconds before each further try of an event that failed; after the last one it becomes a dead letter."""
    tick_seconds: float = Field(default=15.0, gt=0)
    sweep_seconds: float = Field(default=1.0, gt=0)
    outbox_limit: int = Field(default=50_000, ge=1)
    """Unpublished events beyond which a service stops consuming until its stream takes them."""
    give_up_seconds: float = Field(default=20.0, gt=0)
    """A consumer that stays silent this long after it was noticed ends the process, whose supervisor starts it anew."""
    drain_seconds: float = Field(default=8.0, gt=0)
    outbox_days: int = Field(default=90, ge=1)
    """How long what was published is kept, and can be published again."""
    history_days: int = Field(default=1_096, ge=1)
    """How long it can be read after that."""
    inbox_days: int = Field(default=104, ge=1)
    """How long it is remembered that an event was taken."""
    prune_seconds: float = Field(default=3600.0, gt=0)

    @model_validator(mode="after")
    def _remembers_what_may_come_again(self) -> Self:
        least = self.outbox_days + STREAM_DAYS
        if self.inbox_days < least:
            raise ValueError(
                f"PIPELINE_INBOX_DAYS={self.inbox_days} is too short: an event may come again after"
                f" {self.outbox_days} days in an outbox and {STREAM_DAYS} in a stream, and would be applied twice;"
                f" set it to {least} at least, or PIPELINE_OUTBOX_DAYS lower, the same for all services"
            )
        return self


T = TypeVar("T", bound=Settings)


def settings_of(service: str, kind: type[T]) -> T:
    """The settings of one service; raises `pydantic.ValidationError` naming the knob that is wrong."""
    own = f"{PREFIX}{service.upper()}_"
    overrides: dict[str, Any] = {
        name[len(own) :].lower(): value for name, value in os.environ.items() if name.startswith(own)
    }
    folder = os.environ.get(f"{PREFIX}SECRETS_DIR")
    return kind(_secrets_dir=folder, **{name: overrides[name] for name in kind.model_fields if name in overrides})
