"""Which tables does the sequencer own?"""

from services.sequencer.tables import accounts, mail, suppressions, work
from services.sequencer.tables.base import metadata

__all__ = ["accounts", "mail", "metadata", "suppressions", "work"]
