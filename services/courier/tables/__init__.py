"""Which tables does the courier own?"""

from services.courier.tables import crm, events
from services.courier.tables.base import metadata

__all__ = ["crm", "events", "metadata"]
