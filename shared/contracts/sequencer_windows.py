"""When should a task be done?"""

from __future__ import annotations

from datetime import time

from shared.contracts.requests import Reply


class TaskWindow(Reply):
    """When a task of a day should be done: while its rep works, and in the window of its step, if it has one."""

    from_time: time
    to_time: time
    timezone: str
    """That of the rep, which the two times are in."""
    there_from: time
    there_to: time
    there: str
    """The time zone of the account, as far as it is known: the same times by its clock."""
    limited: bool
    """Whether its step has a window."""
