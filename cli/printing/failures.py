"""What does a person see of a command that failed?"""

from __future__ import annotations

from typing import Any

from cli.printing import show
from cli.stack.target import StackError
from engines.datasets.rows import Unreadable
from shared.contracts.refusals import AskFailed
from shared.packs import PackInvalid

EXPECTED = (StackError, Unreadable, PackInvalid, AskFailed, ValueError)


def shown(error: Exception) -> bool:
    """Whether it is something that a person can mend, which is then said on the error stream."""
    if type(error).__name__ == "ValidationError":
        text = _sentence(error)
    elif isinstance(error, EXPECTED):
        text = str(error)
    elif isinstance(error, OSError) and error.filename is not None:  # a file that a person named
        text = f"{error.filename}: {error.strerror}."
    else:
        return False
    show.errors.print(text, markup=False, soft_wrap=True)
    return True


def _sentence(error: Any) -> str:
    """What is wrong with a question or command before it is asked, as its service would say it."""
    from shared.problems import sentence  # pydantic, which is there by now, and not loaded for whatever else failed

    return sentence(error, "request")
