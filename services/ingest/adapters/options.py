"""What may the options of an adapter be?

An option is validated when a source is added. None is a secret, and each is shown to those who may look at sources.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final, Protocol
from urllib.parse import urlsplit

from pydantic import AfterValidator, ConfigDict, Field

from engines.datasets.urls import is_url

CONFIG: Final = ConfigDict(extra="forbid", use_attribute_docstrings=True)


def _address(value: str) -> str:
    if not is_url(value) or "@" in value:
        raise ValueError("must be a URL that begins with http:// or https://, without a name and a password")
    return value


def _base(value: str) -> str:
    if "?" in value or "#" in value:
        raise ValueError("must be a URL without ? and #")
    return _address(value).rstrip("/")


Address = Annotated[str, Field(max_length=2_000), AfterValidator(_address)]
"""The address of a page or a file."""
Base = Annotated[str, Field(max_length=500), AfterValidator(_base)]
"""Where an interface begins. Another one than the system's own is for tests, or for a mirror of the operator's."""
Name = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._-]*$")]
"""The name of a board, a company or a site, as the addresses of its pages have it."""
Words = Annotated[str, Field(min_length=1, max_length=200)]


class HasBase(Protocol):
    @property
    def base(self) -> str: ...


def host_of(address: str) -> str:
    """The host of an address, with its port if it states one."""
    return urlsplit(address).netloc.lower()


def own_host(options: HasBase) -> Sequence[str]:
    return [host_of(options.base)]
