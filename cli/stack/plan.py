"""Which parts does a stack have, and which addresses and secrets does each part get?"""

import json
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from cli.stack import mail
from cli.stack.embedded import NATS_CONFIG, new_password, postgres_url
from cli.stack.target import StackError, write_private
from shared.contracts.services import SERVICES
from shared.messaging import tls

DEMO = "demo"
SETS = ("data", DEMO)
KEYS = {"console": ("secret_keys", "codes"), "courier": ("secret_key", "webhooks")}
"""The keys that services need: the setting, and the name under which the secrets of a data set store it."""


def _services() -> dict[str, list[str]]:
    return {name: [sys.executable, "-m", f"services.{name}"] for name in SERVICES}


@dataclass(frozen=True)
class Plan:
    """The plan of a stack; `set_up` is an async function, `module:function`; `tied` ends the stack with its starter."""

    home: str
    set_name: str
    simulation: bool = False
    services: dict[str, list[str]] = field(default_factory=_services)
    set_up: str = "cli.provision.setup:set_up"
    nats_config: str = str(NATS_CONFIG)
    durable: bool = True
    tied: bool = False
    listed: str = ""
    """The postings that fakes of outside systems list in a simulation, a JSON line each; without any, none runs."""
    licensed: tuple[str, ...] = ()
    """The sources whose fakes ask for a key."""

    @property
    def folder(self) -> Path:
        return Path(self.home) / self.set_name

    @property
    def nats_users(self) -> tuple[str, ...]:
        return ("setup", "cli", "subscriber", *self.services)

    @property
    def has_mail(self) -> bool:
        """Whether a service sends and reads mail."""
        return mail.OWNER in self.services

    def log(self, name: str) -> Path:
        return self.folder / "logs" / f"{name}.log"

    def to_json(self) -> str:
        return json.dumps(asdict(self))


@dataclass(frozen=True)
class Secrets:
    """The passwords of one data set, created once and stored with its data."""

    postgres: str
    nats: dict[str, str]
    databases: dict[str, str]
    mail: str = ""
    links: str = ""
    """Signs the links in letters."""
    codes: str = ""
    """Encrypts the secrets of authenticators."""
    webhooks: str = ""
    """The secrets of webhooks follow from it."""


@dataclass(frozen=True)
class Existing:
    """Existing servers from the environment; None or empty if the stack runs its own."""

    nats_url: str | None
    database_url: str | None
    service_nats_urls: Mapping[str, str]
    service_database_urls: Mapping[str, str]
    mail_urls: Mapping[str, str] = field(default_factory=dict)

    def has_all_databases(self, services: Iterable[str]) -> bool:
        return self.database_url is not None or set(services) <= set(self.service_database_urls)


def load_secrets(plan: Plan, *, data_exists: bool) -> Secrets:
    """Read the data set's `secrets.json`, and add passwords for new users."""
    path = plan.folder / "secrets.json"
    if data_exists and not path.exists():
        raise StackError(
            f"{path} is gone, and with it the password of the data beside it; put it back, "
            "or delete all stored data with `pipeline down --wipe`."
        )
    old = json.loads(path.read_text()) if path.exists() else {}
    kept = Secrets(
        old.get("postgres") or new_password(),
        {user: old.get("nats", {}).get(user) or new_password() for user in plan.nats_users},
        {name: old.get("databases", {}).get(name) or new_password() for name in plan.services},
        (old.get("mail") or new_password()) if plan.has_mail else "",
        (old.get("links") or new_password()) if plan.has_mail else "",
        **{
            stored: old.get(stored) or new_password()
            for service, (_, stored) in KEYS.items()
            if service in plan.services
        },
    )
    if asdict(kept) != old:
        write_private(path, json.dumps(asdict(kept), indent=2))
    return kept


def existing_servers(plan: Plan, environment: Mapping[str, str]) -> Existing:
    """The existing servers for a plan; the demo always has its own."""
    if plan.set_name == DEMO:
        return Existing(None, None, {}, {})
    nats = environment.get("PIPELINE_NATS_URL") or None
    users = {user: environment.get(f"PIPELINE_{user.upper()}_NATS_URL") or nats or "" for user in plan.nats_users}
    databases = {name: environment.get(database_variable(name), "") for name in plan.services}
    return Existing(
        nats,
        environment.get("PIPELINE_DATABASE_URL") or None,
        users if nats else {},
        {name: url for name, url in databases.items() if url},
        mail.named_urls(environment),
    )


def ignored_variables(plan: Plan, environment: Mapping[str, str]) -> list[str]:
    """Variables of servers that this data set does not use, for a message."""
    named = existing_servers(replace(plan, set_name="data"), environment)
    used = existing_servers(plan, environment)
    names = {"PIPELINE_NATS_URL": named.nats_url, "PIPELINE_DATABASE_URL": named.database_url}
    names |= {database_variable(name): url for name, url in named.service_database_urls.items()}
    names |= dict(named.mail_urls)
    return sorted(name for name, url in names.items() if url) if named != used else []


def nats_urls(plan: Plan, existing: Existing, secrets: Secrets, port: int) -> dict[str, str]:
    if existing.nats_url:
        return dict(existing.service_nats_urls)
    return {user: f"nats://{user}:{secrets.nats[user]}@127.0.0.1:{port}" for user in plan.nats_users}


def database_urls(plan: Plan, existing: Existing, secrets: Secrets, port: int) -> dict[str, str]:
    """One role and one database per service, both named after it, unless the environment names another."""
    server = existing.database_url or postgres_url(port, secrets.postgres)
    derived = {name: as_service(server, name, secrets.databases[name]) for name in plan.services}
    return {**derived, **existing.service_database_urls}


def as_service(server_url: str, name: str, password: str) -> str:
    """The URL with the same servers and options, but another role and database; raises `StackError`."""
    # Parsed here, because libpq allows several hosts with ports, which other URL parsers refuse.
    found = _DATABASE_URL.fullmatch(server_url)
    if found is None:
        raise StackError("PIPELINE_DATABASE_URL must be like postgresql://ROLE:PASSWORD@HOST:PORT/DATABASE.")
    address = found["who_and_where"].rpartition("@")[2]
    options = [part for part in (found["options"] or "").split("&") if part.partition("=")[0] not in _OF_A_ROLE]
    return f"{found['scheme']}{name}:{password}@{address}/{name}" + (f"?{'&'.join(options)}" if options else "")


_DATABASE_URL = re.compile(
    r"(?P<scheme>postgres(ql)?://)(?P<who_and_where>[^/?]*)(/(?P<database>[^?]*))?(\?(?P<options>.*))?"
)
_OF_A_ROLE = ("", "user", "password", "dbname")


_DRAFTER_URL = "PIPELINE_DRAFTER_URL"
"""A simulation uses no language model, even if a file names one."""


def service_environment(
    plan: Plan, environment: Mapping[str, str], name: str, nats_url: str, database_url: str, http_port: int
) -> dict[str, str]:
    """The environment of a service: everything general, and only its own secrets."""
    general = {key: value for key, value in environment.items() if not _is_private(key, plan, name)}
    simulation = {"PIPELINE_SIMULATION": "1"} if plan.simulation else {}
    if plan.simulation and name == mail.OWNER:
        simulation[_DRAFTER_URL] = ""
    return {
        **general,
        **simulation,
        "PYTHONUNBUFFERED": "1",
        "PIPELINE_NATS_URL": nats_url,
        database_variable(name): database_url,
        "PIPELINE_HTTP_PORT": str(http_port),
    }


def keys_of(service: str, environment: Mapping[str, str], secrets: Secrets) -> dict[str, str]:
    """The key of a service that needs one, unless the operator names it: by the variable, or by a file."""
    if service not in KEYS:
        return {}
    setting, stored = KEYS[service]
    variable, folder = f"PIPELINE_{service.upper()}_{setting.upper()}", environment.get("PIPELINE_SECRETS_DIR")
    named = environment.get(variable) or (folder and Path(folder, f"pipeline_{setting}").is_file())
    return {} if named else {variable: getattr(secrets, stored)}


def database_variable(name: str) -> str:
    return f"PIPELINE_{name.upper()}_DATABASE_URL"


def _is_private(key: str, plan: Plan, name: str) -> bool:
    others = tuple(f"PIPELINE_{user.upper()}_" for user in plan.nats_users if user != name)
    shared = ("PIPELINE_NATS_", "PIPELINE_DATABASE_URL", "PIPELINE_HTTP_PORT", "PIPELINE_SIMULATION", *mail.VARIABLES)
    if key.startswith(tls.PREFIX):
        return False
    if key.startswith("PIPELINE_DRAFTER_") and name != mail.OWNER:
        return True
    if key.startswith(f"PIPELINE_{mail.OWNER.upper()}_DRAFTER_") and plan.simulation:
        return True
    addresses = key.startswith("PIPELINE_") and key.endswith(("_DATABASE_URL", "_NATS_URL", "_HTTP_PORT"))
    return key.startswith((*others, *shared)) or addresses
