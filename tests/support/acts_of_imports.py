"""Which files do people import on a day of the sequencer, and take back?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from engines.datasets.account_key import AccountKey
from engines.suppression.statements import Statement, suppressed, taken_back
from services.sequencer.domain.board import Board, Decision
from services.sequencer.domain.contacts import Sighting, places_of
from services.sequencer.domain.identity import contact_id
from services.sequencer.domain.importing import accounts, leads
from services.sequencer.domain.importing.changes import Change, Planned, of_boards, of_work
from services.sequencer.domain.importing.undoing import REASON, facilities, rows_back, undone
from services.sequencer.domain.marks import person_marks, place_marks
from services.sequencer.domain.outcomes import no_contact
from services.sequencer.domain.pack import Playbook
from services.sequencer.domain.plan.following import follow_contacts
from tests.support.acts_of_undo import TakingBack
from tests.support.histories import FACILITIES, REPS, a_sighting, later

Cells = dict[str, str | None]
KEY = AccountKey("account", "account", "account", "[A-J]", "a letter from A to J")
FORM: Cells = {
    "beds": "120", "payer_mix": "60% Medicaid", "mds_staff": "1.5", "mds_backlog": "14", "software": "X",
    "decision_maker": "Ada Moss", "start_on": "2026-09-01",
}  # fmt: skip
REASONS = (None, "no budget", "asked not to be contacted")


@dataclass(frozen=True)
class Import:
    """What an import changed."""

    on: date
    changes: Sequence[Change]


class Importing(TakingBack):
    """Lists are imported, and taken back, however much later."""

    def __init__(self, book: Playbook) -> None:
        super().__init__(book)
        self.imports: list[Import] = []

    def on_import_leads(self, a: int, b: int, c: int) -> None:
        stages = [each.stage for each in (*self.book.stages.prospect, *self.book.stages.upsell)]
        rows = [self._row(a + n, c) | {"stage": stages[(b + n) % len(stages)]} for n in range(1 + c % 3)]
        rows = [row | {"amount": str(c), "reason": REASONS[c % 3]} | (FORM if c > 2 else {}) for row in rows]
        before = self._board(rows)
        planned = leads.plan_leads(before, list(enumerate(rows, 2)), KEY, self.book.stages, "ann")
        made = self._carry_out(before, planned, leads.consequences(before, planned))
        self.imports.append(Import(self.today, [*made, *self._suppress_lost(before, planned)]))

    def on_import_accounts(self, a: int, b: int, c: int) -> None:
        rows = [self._row(a + n, c) | {"status": (None, "client", "prospect")[(b + n) % 3]} for n in range(1 + b % 3)]
        before = self._board(rows)
        planned = accounts.plan_accounts(before, list(enumerate(rows, 2)), KEY)
        made = self._carry_out(before, planned, accounts.consequences(before, planned))
        self.imports.append(Import(self.today, made))

    def on_import_contacts(self, a: int, b: int, c: int) -> None:
        name, day = ("Ada Moss", "Bo Reed", "Vacant")[c % 3], later(self.today, -b)
        found = a_sighting(FACILITIES[a], ("administrator", "don")[b % 2], day, name)
        before = next((each for each in self.sightings if key_of(each) == key_of(found)), None)
        made = [Change("contact", key_of(found), before, found)] if before != found else []
        self._keep_people({key_of(found): found})
        if c > 5 and name != "Vacant":
            marks = person_marks(self.book.roles, found.subject, found.name, found.email)
            made += self._stop(Statement("person", f"person:{FACILITIES[a]}/{name}", name, marks, ["all"], *self._by))
        self.imports.append(Import(self.today, [*made, *self._follow(found)]))

    def on_undo_import(self, a: int, b: int, c: int) -> None:
        """Imports of any day are taken back, in any order."""
        if not self.imports:
            return
        made = self.imports.pop(a % len(self.imports))
        people = [each for each in made.changes if each.subject == "contact"]
        back = rows_back(people, {key_of(each): each for each in self.sightings})
        self.sightings = [each for each in self.sightings if key_of(each) not in back.deleted]
        self._keep_people({key_of(each): each for each in back.restored})
        for each in made.changes:
            if each.subject == "suppression":
                lifted = taken_back(self.suppressions[each.key], each.before, each.after, REASON, "ann", self.today)
                self.suppressions[each.key] = lifted[0] if lifted else self.suppressions[each.key]
        self.decide(self._changed(made.changes), undone(made.changes, made.on))

    @property
    def _by(self) -> tuple[str, str, str, date]:
        return "a reason", "list", "import", self.today

    def _row(self, a: int, c: int) -> Cells:
        follow_up_on = str(later(self.today, c)) if c % 4 == 3 else None
        return {
            "facility_id": FACILITIES[a % len(FACILITIES)],
            "owner": (None, *REPS)[c % 4],
            "next_follow_up_on": follow_up_on,
        }

    def _board(self, rows: Sequence[Cells]) -> Board:
        return self.board_of({key for row in rows if (key := row["facility_id"])})

    def _carry_out(self, before: Board, planned: Planned, decisions: Sequence[Decision]) -> list[Change]:
        return of_boards(before, self.decide(before, *decisions))

    def _suppress_lost(self, before: Board, planned: Planned) -> list[Change]:
        """A loss may forbid contact."""
        stopped: list[Change] = []
        for lead in leads.newly_lost(before, planned):
            key = lead.facility_id
            if channels := no_contact(lead.closed_reason, self.book.outcomes.no_contact):
                stopped += self._stop(
                    Statement("facility", f"facility:{key}", key, place_marks(key, None), channels, *self._by)
                )
        return [*stopped, *self._follow()] if stopped else []

    def _stop(self, statement: Statement) -> list[Change]:
        before = self.suppressions.get(statement.target)
        after = suppressed(before, statement)
        if before and (before.channels, before.marks) == (after.channels, after.marks):
            return []
        self.suppressions[statement.target] = after
        return [Change("suppression", statement.target, before, after)]

    def _follow(self, *sightings: Sighting) -> list[Change]:
        """What ends because of suppressions, or of people at a place."""
        at_people = places_of(sightings)
        concerned = [each for each in self.open if not sightings or each in at_people]
        before = self.board_of({each.facility_id for each in self.tasks.values() if not each.enrollment_id}, concerned)
        after = self.decide(before, follow_contacts)
        return [each for each in of_work(before, after) if not each.after.is_open]

    def _keep_people(self, people: dict[str, Sighting]) -> None:
        self.sightings = [*(each for each in self.sightings if key_of(each) not in people), *people.values()]

    def _changed(self, changes: Sequence[Change]) -> Board:
        """The board of all that an import changed, with what has ended."""
        worked = [self.enrollments[each.after.enrollment_id] for each in changes if each.subject == "enrollment"]
        at_people = places_of(each.after for each in changes if each.subject == "contact")
        at_places = [each for each in self.open if each in at_people]
        covered = {key for each in (*worked, *at_places) for key in (each.facility_id, *each.covers)}
        tasks = [self.tasks[each.after.task_id] for each in changes if each.subject == "task"]
        return self.board_of(facilities(changes) | covered).adding(worked, tasks)


def key_of(each: Sighting) -> str:
    return str(contact_id(each.subject, each.role, each.name.casefold(), each.source, each.source_date.isoformat()))
