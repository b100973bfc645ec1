"""Which task does a command name, and may it still be carried out?"""

from __future__ import annotations
