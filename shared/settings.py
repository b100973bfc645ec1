"""Which settings does every service have, and where do their values come from?

`PIPELINE_<SERVICE>_<NAME>` takes precedence over `PIPELINE_<NAME>`, then a file `pipeline_<name>` in the folder
`PIPELINE_SECRETS_DIR`, then the default.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any, Self, TypeVar

from pydantic import (
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import from_json
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from engines.problems import problems
from shared.addresses import check_database_url, servers_of
from shared.contracts.topology import CONSUMES, STREAM_DAYS

PREFIX = "PIPELINE_"


def split(value: Any) -> Any:
    """The parts of a comma-separated text; any other value unchanged."""
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


LIST = (NoDecode, BeforeValidator(split))
"""Marks a setting that is a comma-separated list: `Annotated[tuple[str, ...], *LIST]`."""


def texts_by_name(variable: str, example: str) -> BeforeValidator:
    """Reads a setting that is a JSON object of texts, each a secret: the message does not quote it."""

    def read(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        try:
            found = from_json(value or "{}")
        except ValueError:
            found = None
        if not isinstance(found, dict) or not all(isinstance(each, str) for each in found.values()):
            raise ValueError(f"{variable} must be JSON such as {example}")
        return found

    return BeforeValidator(read)


SPARE_CONNECTIONS = 4
"""Connections of one process in addition to one for each consumer: for the sweeper, jobs, health and requests."""


MOST_CONSUMING = 16
"""As many consumers of one process have a connection at a time, and the others wait for their turn."""

LISTENING_CONNECTIONS = 1
"""Connections of one process beside its pool: the one by which it listens to what transactions notify."""


def pool_size(service: str) -> int:
    """The maximum number of connections in the pool of one replica of a service, unless a setting overrides it."""
    return min(len(CONSUMES[service]), MOST_CONSUMING) + SPARE_CONNECTIONS


def most_consuming(pool: int) -> int:
    """How many consumers have a connection of a pool at a time, so that some are left for everything else."""
    return max(pool - SPARE_CONNECTIONS, 1)


class Settings(BaseSettings):
    """The settings that the kernel needs to run a service."""

    # Errors do not quote the input, which may contain passwords.
    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True, hide_input_in_errors=True)

    nats_url: SecretStr = SecretStr("nats://127.0.0.1:4222")
    nats_tls_ca: Path | None = None
    nats_tls_cert: Path | None = None
    nats_tls_key: Path | None = None
    database_url: SecretStr = SecretStr("")
    pool: int = Field(default=0, ge=0)
    """The maximum number of pooled connections to the database; 0: `pool_size`."""
    http_host: str = "127.0.0.1"
    http_port: int = 0
    """0: any free port."""
    http_rate: float = Field(default=20.0, gt=0)
    """Requests per second with one key, on average."""
    http_burst: int = Field(default=100, ge=1)
    """Requests in a burst, before the rate applies."""
    simulation: bool = False
    """In a simulation, a driver sets the time."""
    log_level: str = "INFO"
    batch: int = Field(default=500, ge=1, le=5_000)
    """The maximum number of events in one transaction."""
    retry_delays: Annotated[tuple[float, ...], *LIST] = (1.0, 5.0, 15.0, 60.0)
    """Seconds before each retry of an event that failed; after the last retry it becomes a dead letter."""
    sweep_seconds: float = Field(default=1.0, gt=0)
    outbox_limit: int = Field(default=50_000, ge=1)
    """The number of unpublished events above which a service stops consuming until its stream has stored them."""
    stream_replicas: int = Field(default=1, ge=1, le=5)
    """How many servers of a NATS cluster keep a service's stream; the same for the service and for set-up."""
    give_up_seconds: float = Field(default=20.0, gt=0)
    """The time after which a silent consumer ends the process, whose supervisor restarts it."""
    outbox_days: int = Field(default=90, ge=1)
    """How long published events are kept and can be republished."""
    history_days: int = Field(default=1_096, ge=1)
    """How long published events can be read as history."""
    inbox_days: int = Field(default=104, ge=1)
    """How long processed events are recognized by the inbox."""

    @field_validator("nats_url", "database_url")
    @classmethod
    def _names_servers(cls, url: SecretStr, field: ValidationInfo) -> SecretStr:
        check = servers_of if field.field_name == "nats_url" else check_database_url
        if url.get_secret_value():
            check(url.get_secret_value())
        return url

    @model_validator(mode="after")
    def _inbox_outlives_outbox_and_stream(self) -> Self:
        minimum = self.outbox_days + STREAM_DAYS
        if self.inbox_days < minimum:
            raise ValueError(
                f"PIPELINE_INBOX_DAYS={self.inbox_days} is too short: an event can be redelivered after"
                f" {self.outbox_days} days in an outbox and {STREAM_DAYS} in a stream, and would be applied twice;"
                f" set it to at least {minimum}, or lower PIPELINE_OUTBOX_DAYS, the same for all services"
            )
        return self


T = TypeVar("T", bound=Settings)


def settings_of(service: str, kind: type[T]) -> T:
    """The settings of a service; raises `pydantic.ValidationError` that names each invalid setting.

    They are read again only if the environment has changed, or if secrets are files, which may change at any time.
    """
    if os.environ.get(f"{PREFIX}SECRETS_DIR"):
        return _read(service, kind)
    named = frozenset(each for each in os.environ.items() if each[0].upper().startswith(PREFIX))
    known = _known.get((service, kind))
    if known is None or known[0] != named:
        known = _known[service, kind] = (named, _read(service, kind))
    found: T = known[1]
    return found


_known: dict[tuple[str, type[Settings]], tuple[frozenset[tuple[str, str]], Any]] = {}
"""By service and kind: the variables of which its settings were read, and what they state."""


def _read(service: str, kind: type[T]) -> T:
    own = f"{PREFIX}{service.upper()}_"
    overrides: dict[str, Any] = {
        name[len(own) :].lower(): value for name, value in os.environ.items() if name.startswith(own)
    }
    folder = os.environ.get(f"{PREFIX}SECRETS_DIR")
    return kind(_secrets_dir=folder, **{name: overrides[name] for name in kind.model_fields if name in overrides})


def problems_of(invalid: ValidationError) -> str:
    """What is wrong with which settings, in a line for the operator."""
    return "; ".join(f"{PREFIX}{name.upper()}: {each}" for name, each in problems(invalid, "settings").items())
