"""Which tables does the sequencer own?"""

from services.sequencer.tables import accounts, imports, mail, suppressions, work
from services.sequencer.tables.base import metadata

__all__ = ["accounts", "imports", "mail", "metadata", "suppressions", "work"]
