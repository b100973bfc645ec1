"""Which servers does a URL name, and what is stated about one that names none?"""

import pytest
from pydantic import ValidationError

from shared.addresses import check_database_url, credentials_of, servers_of
from shared.settings import Settings, settings_of


@pytest.mark.parametrize(
    "url, servers",
    [
        ("nats://u:p@h1:4222", ["nats://u:p@h1:4222"]),
        ("nats://u:p@h1:4222,h2:4223", ["nats://u:p@h1:4222", "nats://u:p@h2:4223"]),
        ("nats://u:p@h1:1, nats://h2:2", ["nats://u:p@h1:1", "nats://u:p@h2:2"]),
        ("nats://u:p@h1:1,nats://v:q@h2:2", ["nats://u:p@h1:1", "nats://v:q@h2:2"]),
        ("nats://h1:1,h2:2", ["nats://h1:1", "nats://h2:2"]),
    ],
)
def test_a_url_of_several_nats_servers_has_the_credentials_once(url: str, servers: list[str]) -> None:
    assert servers_of(url) == servers


@pytest.mark.parametrize(
    "url", ["http://h1:4222", "nats://", "nats://h1:port", "nats://u:p@h1:4222,h2:x", "nats://h1:0", "nats://h1/x"]
)
def test_a_url_that_names_no_nats_server_is_refused_with_the_right_form(url: str) -> None:
    with pytest.raises(ValueError, match=r"must be like nats://USER:PASSWORD@h1:4222,h2:4222$"):
        servers_of(url)


@pytest.mark.parametrize(
    "url, credentials",
    [
        ("nats://u:p@h1:1,h2:2", {"user": "u", "password": "p"}),
        ("nats://u:p@h1:1,nats://u:q@h2:2", {}),
        ("nats://h1:1,h2:2", {}),
    ],
)
def test_a_client_signs_in_with_the_same_credentials_at_servers_that_it_learns_of(
    url: str, credentials: dict[str, str]
) -> None:
    assert credentials_of(url) == credentials


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://r:p@h1:5432/d",
        "postgresql://r:p@h1:5432,h2:5433/d?target_session_attrs=read-write",
        "postgresql://r:p@/d?host=h1,h2&port=5432,5433&target_session_attrs=primary",
        "postgresql://r:p@h1,h2/d",
        "host=/run/postgresql dbname=d",
    ],
)
def test_a_database_url_may_name_several_hosts_in_two_forms(url: str) -> None:
    check_database_url(url)


@pytest.mark.parametrize(
    "url, problem",
    [
        ("postgres//h1", "must be like postgresql://"),
        ("h1:5432,h2:5432", "must be like postgresql://"),
        ("postgresql://r:p@h1:5432,h2:x/d", "a port of each is a number"),
        ("postgresql://r:p@/d?host=h1,h2&port=1,2,3", "it names 2 hosts"),
        ("postgresql://r:p@h1/d?target_session_attrs=rw", "must be one of any, read-write"),
    ],
)
def test_a_database_url_that_cannot_be_read_is_refused_with_the_right_form(url: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        check_database_url(url)


@pytest.mark.parametrize("name", ["PIPELINE_NATS_URL", "PIPELINE_SCORER_DATABASE_URL"])
def test_a_service_refuses_a_url_without_quoting_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "http://scorer:secret@h1")

    with pytest.raises(ValidationError) as refused:
        settings_of("scorer", Settings)

    assert "must be like" in str(refused.value)
    assert "secret" not in str(refused.value)
