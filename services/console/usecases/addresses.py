"""What does an address ask for, and what is refused?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from starlette.requests import Request

from services.console.domain.addresses import page_in
from shared.contracts.refusals import Refused


@contextmanager
def reading_address() -> Iterator[None]:
    """Refuses an address with a value that is none: whatever is read inside raises `ValueError`."""
    try:
        yield
    except ValueError as error:
        raise Refused(f"This address is not complete: {error}.", 400) from error


def page_of(request: Request) -> int:
    """The page of a list that is asked for."""
    with reading_address():
        return page_in(request.query_params)
