"""Which accounts start their sequence again within the plan, once what is running has ended? (R42, K25)"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from services.sequencer.domain.board import Board
from services.sequencer.domain.due import planned_on
from services.sequencer.domain.enrollments import Enrollment
from services.sequencer.domain.pack import Playbook
from services.sequencer.domain.plan.enrolling import Proposal, proposed, with_missing
from services.sequencer.domain.sequences import Sequence
from services.sequencer.domain.subjects import Subject


def next_cycles(board: Board, book: Playbook, until: date) -> list[Proposal]:
    """The next enrollments of active ones that may start by a day, so that a plan shows their load as well."""
    found: list[Proposal] = []
    for each in board.active:
        members = [account for key in each.covers if board.is_prospect(account := board.accounts[key])]
        sequence = board.sequence(each, book)
        if not sequence or not members or members[0].tier != each.tier or each.tier not in book.capacity.tiers:
            continue
        day = max(_again_on(each, sequence, book), board.today + timedelta(days=1))
        if book.rule(each.tier).sequence == each.sequence and day <= until:
            following = replace(proposed(board, book, Subject(tuple(members), each.chain)), from_step=1)
            found.append(Proposal(with_missing(board, book, following), members[0], day))
    return [each for each in found if not each.enrollment.missing]


def _again_on(each: Enrollment, sequence: Sequence, book: Playbook) -> date:
    """The day on which the account may start again, if every step is done on its day."""
    last = planned_on(each, sequence, sequence.steps[-1], book.closed)
    rested = last + timedelta(days=max(sequence.gap_days, sequence.rest_days))
    return max(rested, each.day_one + timedelta(days=sequence.again_from_day - 1))
