"""How does a test get a key to a service's HTTP surface?"""

from __future__ import annotations

from shared.contracts.ingest import AddSource
from shared.contracts.keys import hash_of, new_key
from shared.contracts.matcher import AddKey
from shared.messaging.broker import Broker


async def a_key(broker: Broker, command: type[AddSource] | type[AddKey], name: str) -> str:
    """The new key of a source, or of a program that reconciles."""
    key = new_key()
    await broker.ask(command(name=name, key_hash=hash_of(key), actor="ann"))
    return key
