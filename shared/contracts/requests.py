"""What has every question and command in common?

`shared/contracts/` has a module for each service that names what it can be asked, one frozen model each: the class
`WaitingGroups` in `matcher.py` is asked on the subject `matcher.ask.waiting_groups`, and says what its reply is. What
every service answers is in `kernel.py`.
"""

from __future__ import annotations

import re
from importlib import import_module
from importlib.util import find_spec
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.limits import Count, Name, ShortText
from shared.contracts.refusals import Refused

R = TypeVar("R", covariant=True)

PAGE = 2_000
"""Rows of one page, at most."""
EVERY_SERVICE = "kernel"
"""The module of what every service answers."""


_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class Request(BaseModel):
    """What a service is asked: unknown fields are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Nothing(Request):
    """A question that needs no details."""


class Reply(BaseModel):
    """What a service answers, or a part of it. Fields are only ever added, so that an older client reads it, too."""

    model_config = ConfigDict(extra="ignore", frozen=True, from_attributes=True, defer_build=True)


class Question(Request, Generic[R]):
    """A question whose reply is an `R`; asking changes nothing."""

    SERVICE: ClassVar[str]
    NAME: ClassVar[str]
    SUBJECT: ClassVar[str]
    """Where it is asked; for what every service answers see `subject_at`."""
    REPLY: ClassVar[Any]

    @classmethod
    def __pydantic_init_subclass__(cls, **options: Any) -> None:
        super().__pydantic_init_subclass__(**options)
        generic = cls.__pydantic_generic_metadata__
        if generic["args"]:  # `Question[R]`, the base of the class that a contract names
            (reply,) = generic["args"]
            cls.REPLY = type(None) if reply is None else reply
        if generic["args"] or generic["parameters"]:
            return
        own = vars(cls)
        cls.NAME = own.get("NAME") or _WORD.sub("_", cls.__name__).lower()
        cls.SERVICE = own.get("SERVICE") or cls.__module__.rpartition(".")[2]
        cls.SUBJECT = own.get("SUBJECT") or f"{cls.SERVICE}.ask.{cls.NAME}"

    @classmethod
    def subject_at(cls, service: str) -> str:
        """Where this service is asked it."""
        return f"{service}.ask.{cls.NAME}" if cls.SERVICE == EVERY_SERVICE else cls.SUBJECT


class Command(Question[R], Generic[R]):
    """A request to change something. Asked twice with one id, it has one effect and the same answer."""

    command_id: UUID = Field(default_factory=uuid4)
    seen: Count | None = None
    """The version of the thing that its sender had seen, where the thing has one."""
    actor: Name
    """Who wants it."""


class Paged(BaseModel):
    """The part of a question that is answered in pages, in the order of their rows' key."""

    after: ShortText | None = None
    """The key of the last row that is known."""
    limit: int = Field(default=PAGE, ge=1, le=PAGE)


def requests_of(service: str) -> list[type[Question[Any]]]:
    """Every question and command that the contract of a service names, in its order."""
    name = f"shared.contracts.{service}"
    if find_spec(name) is None:  # a service whose contract is still to be written
        return []
    module = import_module(name)
    own = [each for each in vars(module).values() if isinstance(each, type) and each.__module__ == name]
    # Beside the classes that it names, pydantic notes `Question[R]` there.
    return [each for each in own if issubclass(each, Question) and "SUBJECT" in vars(each)]


def refuse_outdated(command: Command[Any], version: int, now: str) -> None:
    """Refuse a command whose sender had seen another version; `now` says in a sentence how the thing is."""
    if command.seen is not None and command.seen != version:
        raise Refused(f"This has changed since version {command.seen} that you saw: {now}", 409)
