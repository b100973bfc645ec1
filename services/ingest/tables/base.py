"""Where do the tables of the sequencer register?"""

from __future__ import annotations

from sqlalchemy import MetaData

metadata: MetaData = MetaData()
