"""How is the failure of a command displayed?"""

from __future__ import annotations

from typing import Any

from cli.printing import show
from cli.stack.target import StackError
from engines.datasets.rows import Unreadable
from engines.packs import PackInvalid
from shared.contracts.refusals import AskFailed

EXPECTED = (StackError, Unreadable, PackInvalid, AskFailed, ValueError)


def shown(error: Exception) -> bool:
    """Print an error that a person can fix to the error stream; returns whether it is one."""
    if type(error).__name__ == "ValidationError":
        text = _sentence(error)
    elif isinstance(error, EXPECTED):
        text = str(error)
    elif isinstance(error, OSError) and error.filename is not None:  # a file from the command line
        text = f"{error.filename}: {error.strerror}."
    else:
        return False
    show.errors.print(text, markup=False, soft_wrap=True)
    return True


def _sentence(error: Any) -> str:
    """The problem of an invalid request, in the words of its service."""
    from engines.problems import sentence  # imports pydantic, which other failures do not need

    return sentence(error, "request")
