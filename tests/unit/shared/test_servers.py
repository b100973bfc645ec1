"""Which servers does a NATS URL name?"""

import pytest

from shared.messaging.broker import servers_of


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
