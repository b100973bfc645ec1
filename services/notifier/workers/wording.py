"""Which words does a language model propose for drafts? The template's text stands until they pass the check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from engines.drafting.drafter import Drafter, Proposal, TemplateDrafter, objections
from services.notifier import settings
from services.notifier.domain.wording import (
    NewWording,
    Unusable,
    Work,
    accepted,
    draft_of,
    key_of,
    refused,
    unavailable,
    work_of,
)
from services.notifier.language_model import LanguageModel
from services.notifier.store import messages, wordings
from services.notifier.usecases.wording import KIND
from shared.service import Router
from shared.storage.database import Tx
from shared.storage.work import Item
from shared.work import Attempt, Call, Done, Retry, Verdict, Verdicts, Worker

router = Router()

DELAYS = (30.0, 300.0)
"""Seconds until a model is asked again that was not available."""


@router.worker(KIND, parallel=4, lease=timedelta(minutes=2), delays=DELAYS)
class Wording(Worker):
    """Asks for other words, and checks them."""

    def __init__(self) -> None:
        deployed = settings.deployed()
        self._stationery, self._model = settings.stationery(), deployed.drafter_model
        self._server: LanguageModel | None = None
        if deployed.drafter_url:
            key, rules = deployed.drafter_key.get_secret_value(), self._stationery.outreach.rules
            self._server = LanguageModel(deployed.drafter_url, self._model, key, deployed.drafter_seconds, rules)
        self._drafter: Drafter = self._server or TemplateDrafter()

    async def claim(self, items: Sequence[Item], tx: Tx) -> Mapping[str, Verdict | Call]:
        """An item is done if its draft was written anew since, or if a person has decided about it."""
        found = await wordings.written(tx, [draft_of(item.key) for item in items])
        given = {
            key_of(each.draft_id, each.version, each.drafted_on): work_of(each, self._stationery) for each in found
        }
        return {item.key: Call(work) if (work := given.get(item.key)) else Done() for item in items}

    async def call(self, attempt: Attempt) -> Proposal:
        work: Work = attempt.given
        return await self._drafter.propose(work.brief)

    async def record(self, attempts: Sequence[Attempt], tx: Tx) -> Verdicts:
        """Replace the words of drafts that are as they were, or note why the template's stand."""
        drafts = await messages.lock_drafts(tx, [draft_of(each.item.key) for each in attempts])
        read = {each.draft_id: each.revision for each in drafts.values() if each.status == "draft"}
        current = [each for each in attempts if read.get(each.given.draft.draft_id) == each.given.draft.revision]
        await wordings.replace(tx, [new for each in current if (new := self._wording(each))])
        return {each.item.key: _verdict(each) for each in attempts}

    def _wording(self, attempt: Attempt) -> NewWording | None:
        work: Work = attempt.given
        error = attempt.error
        if error is not None:
            if isinstance(error, Unusable):
                return refused(work, f"{error}.")
            return unavailable(work, f"{error}.") if attempt.last else None
        proposal: Proposal = attempt.value
        if proposal == Proposal(work.brief.subject, work.brief.words):
            return None
        found = objections(proposal, work.brief, self._stationery.outreach.rules)
        return refused(work, f"{'; '.join(found)}.") if found else accepted(work, proposal, self._model)

    async def close(self) -> None:
        if self._server:
            await self._server.close()


def _verdict(attempt: Attempt) -> Verdict:
    """A model that is not available is asked again; in the end the template's text stands."""
    again = attempt.error is not None and not isinstance(attempt.error, Unusable) and not attempt.last
    return Retry(f"{attempt.error}") if again else Done()
