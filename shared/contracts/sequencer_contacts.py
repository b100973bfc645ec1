"""Which commands about people at accounts does the sequencer handle?"""

from __future__ import annotations

from shared.contracts.limits import FacilityId, LongText, ShortText
from shared.contracts.requests import Command, Reply
from shared.contracts.sequencer_replies import ContactRow


class AddedContact(Reply):
    contact: ContactRow
    changed: bool
    """False if that was recorded before."""


class AddContact(Command[AddedContact]):
    """Add a person as someone of the team found them, who is named as the source (R82).

    A person of a chain may be given with one of its facilities.
    """

    facility_id: FacilityId | None = None
    chain: ShortText | None = None
    role: ShortText
    name: ShortText | None = None
    """May be left out if the pack names no people."""
    direct_phone: ShortText | None = None
    email: ShortText | None = None
    source: ShortText = "front desk"
    source_url: LongText | None = None
