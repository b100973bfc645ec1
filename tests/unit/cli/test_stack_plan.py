"""Does every part of a stack get its own addresses and secrets, and no others?"""

from dataclasses import replace
from pathlib import Path

import pytest

from cli.fakes.asking import TOKEN
from cli.stack import fakes, mail
from cli.stack.plan import (
    Plan,
    as_service,
    database_urls,
    existing_servers,
    ignored_variables,
    load_secrets,
    nats_urls,
    service_environment,
)
from cli.stack.target import StackError
from services.ingest.settings import IngestSettings
from shared.settings import settings_of

OWN = "postgresql://other:else@elsewhere/scores"


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    return Plan(str(tmp_path), "data")


def test_passwords_are_created_once_and_stored(plan: Plan) -> None:
    first = load_secrets(plan, data_exists=False)

    assert load_secrets(plan, data_exists=True) == first
    passwords = {first.postgres, first.mail, *first.nats.values(), *first.databases.values()}
    assert len(passwords) == 2 + len(plan.nats_users) + len(plan.services)


def test_a_new_user_gets_a_password_and_the_others_keep_theirs(plan: Plan) -> None:
    before = load_secrets(replace(plan, services={"ingest": []}), data_exists=False)

    after = load_secrets(plan, data_exists=True)

    assert after.postgres == before.postgres
    assert after.nats["ingest"] == before.nats["ingest"]
    assert set(after.databases) == set(plan.services)


def test_missing_secrets_of_existing_data_are_an_error_with_a_remedy(plan: Plan) -> None:
    with pytest.raises(StackError, match="pipeline down --wipe"):
        load_secrets(plan, data_exists=True)


def test_a_derived_url_keeps_server_and_options() -> None:
    server = "postgresql://admin:pw@db.example:6432/postgres?sslmode=require"

    assert as_service(server, "scorer", "s1") == "postgresql://scorer:s1@db.example:6432/scorer?sslmode=require"


@pytest.mark.parametrize(
    "server, of_scorer",
    [
        ("postgresql://a:pw@h1:1,h2:2/postgres", "postgresql://scorer:s1@h1:1,h2:2/scorer"),
        ("postgres://a:pw@[::1]:1,[::2]:2/", "postgres://scorer:s1@[::1]:1,[::2]:2/scorer"),
        (
            "postgresql://a:pw@/postgres?host=h1,h2&port=1,2&target_session_attrs=read-write",
            "postgresql://scorer:s1@/scorer?host=h1,h2&port=1,2&target_session_attrs=read-write",
        ),
        ("postgresql://?host=h1&user=a&password=pw&dbname=postgres", "postgresql://scorer:s1@/scorer?host=h1"),
    ],
)
def test_a_derived_url_keeps_all_hosts_however_they_are_given(server: str, of_scorer: str) -> None:
    assert as_service(server, "scorer", "s1") == of_scorer


def test_an_invalid_database_url_is_refused_with_a_sentence() -> None:
    with pytest.raises(StackError, match="must be like postgresql://"):
        as_service("db.example:5432", "scorer", "s1")


def test_one_service_may_use_its_own_database(plan: Plan) -> None:
    existing = existing_servers(plan, {"PIPELINE_SCORER_DATABASE_URL": OWN})
    secrets = load_secrets(plan, data_exists=False)

    urls = database_urls(plan, existing, secrets, 5432)

    assert urls["scorer"] == OWN
    assert urls["matcher"] == f"postgresql://matcher:{secrets.databases['matcher']}@127.0.0.1:5432/matcher"
    assert not existing.has_all_databases(plan.services)


def test_no_embedded_server_is_needed_if_every_service_has_its_own_database(plan: Plan) -> None:
    environment = {f"PIPELINE_{name.upper()}_DATABASE_URL": OWN for name in plan.services}

    assert existing_servers(plan, environment).has_all_databases(plan.services)


def test_all_use_the_existing_nats_and_one_may_have_its_own_address(plan: Plan) -> None:
    environment = {"PIPELINE_NATS_URL": "nats://there:4222", "PIPELINE_INGEST_NATS_URL": "nats://ingest:pw@there:4222"}

    urls = nats_urls(plan, existing_servers(plan, environment), load_secrets(plan, data_exists=False), 1)

    assert urls["ingest"] == "nats://ingest:pw@there:4222"
    assert urls["setup"] == urls["cli"] == urls["notifier"] == "nats://there:4222"


def test_the_demo_uses_no_existing_server_and_lists_the_ignored_variables(plan: Plan) -> None:
    environment = {"PIPELINE_NATS_URL": "nats://there:4222", "PIPELINE_SCORER_DATABASE_URL": OWN, "PATH": "/bin"}
    demo = replace(plan, set_name="demo")

    assert existing_servers(demo, environment) == existing_servers(plan, {})
    assert ignored_variables(demo, environment) == ["PIPELINE_NATS_URL", "PIPELINE_SCORER_DATABASE_URL"]
    assert ignored_variables(plan, environment) == []


def test_the_mail_servers_of_the_environment_replace_the_embedded_one(plan: Plan, tmp_path: Path) -> None:
    (tmp_path / "pipeline_smtp_url").write_text("smtps://us:pw@smtp.example\n")
    named = {"PIPELINE_SECRETS_DIR": str(tmp_path), "PIPELINE_NOTIFIER_IMAP_URL": "imaps://us:pw@imap.example/Sales"}

    real = mail.mail_addresses(existing_servers(plan, named).mail_urls, 25, 143, "p")
    embedded = mail.mail_addresses(existing_servers(plan, {}).mail_urls, 25, 143, "p")

    assert real == mail.MailAddresses("smtps://us:pw@smtp.example", "imaps://us:pw@imap.example/Sales")
    assert embedded == mail.MailAddresses("smtp://pipeline:p@127.0.0.1:25", "imap://pipeline:p@127.0.0.1:143/INBOX")


def test_letters_that_stay_here_link_to_this_machine_and_others_need_a_public_address(tmp_path: Path) -> None:
    def given(real: dict[str, str], simulation: bool = False, **environment: str) -> dict[str, str]:
        return mail.settings_to_send(environment, real, 8080, "k", simulation=simulation)

    key, link = {mail.TOKEN_KEYS: "k"}, {mail.PUBLIC_URL: "http://127.0.0.1:8080"}
    (tmp_path / "pipeline_token_keys").write_text("x")
    assert given({}) == key | link
    assert given({}, simulation=True) == key | link | {mail.POSTAL_ADDRESS: mail.INVENTED_ADDRESS}
    assert given({mail.SMTP_URL: "smtps://real"}, simulation=True) == key
    assert given({}, PIPELINE_SECRETS_DIR=str(tmp_path), PIPELINE_NOTIFIER_PUBLIC_URL="https://x") == {}


def test_digests_of_a_simulation_stay_on_this_machine_and_letters_have_a_server_of_their_own() -> None:
    embedded = {mail.SMTP_URL: "smtp://pipeline:p@127.0.0.1:25"}
    here = {mail.DIGESTS_URL: embedded[mail.SMTP_URL], mail.DIGESTS_FROM: mail.LOCAL_SENDER}
    named = {mail.DIGESTS_URL: "smtps://digests.example"}
    letters = {mail.SMTP_URL: "smtps://letters.example"}

    assert mail.settings_of_digests({}, {}, embedded, simulation=False) == here
    assert mail.settings_of_digests(named, {}, embedded, simulation=False) == {}
    assert mail.settings_of_digests(named, {}, embedded, simulation=True) == here
    assert mail.settings_of_digests({}, letters, letters, simulation=False) == {}
    assert mail.settings_of_digests(named, {}, {}, simulation=True) == {mail.DIGESTS_URL: ""}


def test_the_demo_uses_no_real_mail_server_however_it_is_named(plan: Plan) -> None:
    environment = {"PIPELINE_SMTP_URL": "smtp://real.example", "PIPELINE_NOTIFIER_IMAP_URL": "imap://real.example"}
    demo = replace(plan, set_name="demo")

    assert existing_servers(demo, environment).mail_urls == {}
    assert ignored_variables(demo, environment) == ["PIPELINE_IMAP_URL", "PIPELINE_SMTP_URL"]
    assert service_environment(demo, environment, "notifier", "nats://n", "postgresql://n", 21000) == {
        "PYTHONUNBUFFERED": "1",
        "PIPELINE_NATS_URL": "nats://n",
        "PIPELINE_NOTIFIER_DATABASE_URL": "postgresql://n",
        "PIPELINE_HTTP_PORT": "21000",
    }


def test_ingest_may_ask_the_fakes_of_a_demo_and_what_the_operator_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    alone = fakes.settings_to_fetch({}, 4000, ["state-exchange"])
    beside = fakes.settings_to_fetch({"PIPELINE_OUTBOUND_ALLOW": "10.0.0.1:80"}, 4000, [])

    assert alone["PIPELINE_INGEST_OUTBOUND_ALLOW"] == "127.0.0.1:4000"
    assert beside["PIPELINE_INGEST_OUTBOUND_ALLOW"] == "10.0.0.1:80,127.0.0.1:4000"
    for name, value in alone.items():
        monkeypatch.setenv(name, value)
    assert settings_of("ingest", IngestSettings).source_secrets["state-exchange"].get_secret_value() == TOKEN


def test_a_service_inherits_general_variables_and_no_secrets_of_others(plan: Plan) -> None:
    environment = {
        "PATH": "/bin",
        "PIPELINE_PACK": "snf",
        "PIPELINE_SIMULATION": "1",
        "PIPELINE_DATABASE_URL": "postgresql://admin:pw@there/postgres",
        "PIPELINE_NATS_SETUP_PASSWORD": "x",
        "PIPELINE_SCORER_DATABASE_URL": OWN,
        "PIPELINE_INGEST_API_KEY": "x",
        "PIPELINE_MATCHER_THREADS": "2",
    }

    assert service_environment(plan, environment, "matcher", "nats://m", "postgresql://m", 21000) == {
        "PATH": "/bin",
        "PYTHONUNBUFFERED": "1",
        "PIPELINE_PACK": "snf",
        "PIPELINE_MATCHER_THREADS": "2",
        "PIPELINE_NATS_URL": "nats://m",
        "PIPELINE_MATCHER_DATABASE_URL": "postgresql://m",
        "PIPELINE_HTTP_PORT": "21000",
    }


def test_only_the_notifier_of_a_real_stack_gets_the_language_model(plan: Plan) -> None:
    given = {
        "PIPELINE_DRAFTER_URL": "https://m",
        "PIPELINE_DRAFTER_KEY": "k",
        "PIPELINE_NOTIFIER_DRAFTER_URL": "https://n",
    }

    def url(name: str, simulation: bool) -> list[str | None]:
        stack = replace(plan, simulation=simulation)
        found = service_environment(stack, given, name, "nats://n", "postgresql://n", 21000)
        return [found.get(f"PIPELINE_{owner}DRAFTER_URL") for owner in ("", "NOTIFIER_")]

    assert url("notifier", False) == ["https://m", "https://n"]
    assert url("scorer", False) == [None, None]
    assert url("notifier", True) == ["", None]
