"""What do all questions and commands have in common?

`shared/contracts/` has a module for each service with its requests, one frozen model each: the class `WaitingGroups` in
`matcher.py` is sent on the subject `matcher.ask.waiting_groups` and declares its reply. A service with many requests
has further modules, each for one subject: `sequencer_reps.py`. Requests that every service handles are in `kernel.py`.
"""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.limits import Count, FacilityId, Name, ShortText
from shared.contracts.refusals import Refused

R = TypeVar("R", covariant=True)

PAGE = 2_000
"""The maximum number of rows in one page."""
EVERY_SERVICE = "kernel"
"""The module of requests that every service handles."""

_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class Request(BaseModel):
    """A request to a service; unknown fields are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Reply(BaseModel):
    """A reply of a service, or a part of one. Fields are only ever added, so that older clients can read it."""

    model_config = ConfigDict(extra="ignore", frozen=True, from_attributes=True, defer_build=True)


class Question(Request, Generic[R]):
    """A request whose reply is an `R`; a question changes nothing."""

    SERVICE: ClassVar[str]
    NAME: ClassVar[str]
    SUBJECT: ClassVar[str]
    """The subject that it is sent on; for requests that every service handles see `subject_at`."""
    REPLY: ClassVar[Any]

    @classmethod
    def __pydantic_init_subclass__(cls, **options: Any) -> None:
        super().__pydantic_init_subclass__(**options)
        generic = cls.__pydantic_generic_metadata__
        if generic["args"]:  # `Question[R]`, the base of a contract's class
            (reply,) = generic["args"]
            cls.REPLY = type(None) if reply is None else reply
        if generic["args"] or generic["parameters"]:
            return
        own = vars(cls)
        cls.NAME = own.get("NAME") or _WORD.sub("_", cls.__name__).lower()
        cls.SERVICE = own.get("SERVICE") or cls.__module__.rpartition(".")[2].partition("_")[0]
        cls.SUBJECT = own.get("SUBJECT") or f"{cls.SERVICE}.ask.{cls.NAME}"

    @classmethod
    def subject_at(cls, service: str) -> str:
        """The subject that it is sent on for this service."""
        return f"{service}.ask.{cls.NAME}" if cls.SERVICE == EVERY_SERVICE else cls.SUBJECT


class Command(Question[R], Generic[R]):
    """A request to change something. Repeated with the same id, it has one effect and gets the same reply."""

    command_id: UUID = Field(default_factory=uuid4)
    actor: Name
    """The person or program that sends it."""


class Versioned(Command[R], Generic[R]):
    """A command about something that has versions: it is refused if the sender had seen another one."""

    seen: Count | None = None
    """The version that the sender had seen; None if it does not matter."""


class Paged(BaseModel):
    """The parameters of a question whose reply is a page of rows, in the order of their key."""

    after: ShortText | None = None
    """The key of the last row of the previous page."""
    limit: int = Field(default=PAGE, ge=1, le=PAGE)


class OfFacility(Request):
    """A request about a facility."""

    facility_id: FacilityId


class ById(Paged):
    """The parameters of a page in the order of ids."""

    after: UUID | None = None  # type: ignore[assignment]


def requests_of(service: str) -> list[type[Question[Any]]]:
    """Every question and command in the contract of a service, by module and in order."""
    return [request for module in _modules_of(service) for request in _requests_in(module)]


def _modules_of(service: str) -> list[str]:
    names = sorted(path.stem for path in Path(__file__).parent.glob(f"{service}*.py"))
    return [f"shared.contracts.{name}" for name in names if name.partition("_")[0] == service]


def _requests_in(name: str) -> list[type[Question[Any]]]:
    own = [each for each in vars(import_module(name)).values() if isinstance(each, type) and each.__module__ == name]
    # A module also contains the classes `Question[R]` that pydantic creates, and what requests have in common.
    return [
        each for each in own if issubclass(each, Question) and "SUBJECT" in vars(each) and not each.__subclasses__()
    ]


def refuse_outdated(command: Versioned[Any], version: int, current: str) -> None:
    """Refuse a command whose sender had seen another version; `current` describes the current state in a sentence."""
    if command.seen is not None and command.seen != version:
        raise Refused(f"This has changed since version {command.seen} that you saw: {current}", 409)
