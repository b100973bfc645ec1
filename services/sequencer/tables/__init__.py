"""Which tables does the sequencer own?"""

from services.sequencer.tables import accounts, clocks, crm, engagement, imports, mail, sequences, suppressions, work
from services.sequencer.tables.base import metadata

__all__ = [
    "accounts",
    "clocks",
    "crm",
    "engagement",
    "imports",
    "mail",
    "metadata",
    "sequences",
    "suppressions",
    "work",
]
