"""How is a language model called? (an OpenAI-compatible server, one request for each text)"""

from __future__ import annotations

import asyncio

import httpx

from engines.drafting.checking import Rules
from engines.drafting.drafter import Brief, Proposal
from services.notifier.domain.wording import Unusable, proposal_in, question

MOST_BYTES = 100_000
_LATER = (408, 425, 429)


class NotAvailable(Exception):
    """The model cannot be called at the moment."""


class LanguageModel:
    """A `Drafter` that asks a language model. No redirect is followed and no proxy of the environment is used."""

    def __init__(self, url: str, model: str, key: str, seconds: float, rules: Rules) -> None:
        self._url, self._model, self._rules, self._seconds = (
            f"{url.rstrip('/')}/chat/completions",
            model,
            rules,
            seconds,
        )
        headers = {"Accept-Encoding": "identity"} | ({"Authorization": f"Bearer {key}"} if key else {})
        self._client = httpx.AsyncClient(headers=headers, timeout=seconds, trust_env=False)

    async def propose(self, brief: Brief) -> Proposal:
        """Raises `NotAvailable`, or `Unusable` for an answer that proposes no text."""
        try:
            async with asyncio.timeout(self._seconds):
                content = await self._answer(brief)
        except TimeoutError as error:
            raise NotAvailable(f"no answer within {self._seconds:g} s") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise NotAvailable(type(error).__name__) from error
        return proposal_in(content, brief)

    async def _answer(self, brief: Brief) -> bytes:
        content = bytearray()
        request = question(brief, self._rules, self._model)
        async with self._client.stream("POST", self._url, json=request) as response:
            if response.status_code in _LATER or response.status_code >= 500:
                raise NotAvailable(f"status {response.status_code}")
            if response.status_code != 200:
                raise Unusable(f"its server answered with status {response.status_code}")
            async for part in response.aiter_raw(8_192):
                content += part
                if len(content) > MOST_BYTES:
                    raise Unusable(f"its answer has more than {MOST_BYTES} bytes")
        return bytes(content)

    async def close(self) -> None:
        await self._client.aclose()
