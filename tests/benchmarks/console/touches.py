"""How long does it take from an outcome to the next touch, and to the screen of another person?

Both in a real browser, against the real services: one page ends touches by their buttons, another person's page shows
the same list and is not touched.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median, quantiles

from playwright.async_api import async_playwright

from tests.benchmarks.console.browser import a_context
from tests.benchmarks.console.visits import Visitor
from tests.browser.pages import CHROMIUM

MOST = 20
END = """
    () => new Promise((done) => {
      const target = () => document.querySelector("#touch form.ending [name=target]")?.value ?? "";
      const ended = target(), began = performance.now(), at = Date.now();
      document.querySelector('#touch form.ending [data-key="3"]').click();
      const look = () => {
        if (target() !== ended) requestAnimationFrame(() => done({ ended, at, ms: performance.now() - began }));
        else if (performance.now() - began > 10000) done({ ended, at, ms: 10000 });
        else requestAnimationFrame(look);
      };
      look();
    })
"""
GONE = """
    (task) => new Promise((done) => {
      const began = Date.now();
      const look = () => {
        if (!document.getElementById(`row-${task}`) || Date.now() - began > 10000) done(Date.now());
        else setTimeout(look, 5);
      };
      look();
    })
"""


@dataclass
class Touches:
    """Milliseconds of each touch."""

    to_next: list[float] = field(default_factory=list)
    to_other: list[float] = field(default_factory=list)

    def figures(self) -> dict[str, float]:
        return {
            "touches": len(self.to_next),
            "next_p50_ms": round(median(self.to_next), 1),
            "next_p95_ms": round(p95(self.to_next), 1),
            "other_p50_ms": round(median(self.to_other), 1),
            "other_p95_ms": round(p95(self.to_other), 1),
        }


def p95(values: list[float]) -> float:
    return quantiles(values, n=20, method="inclusive")[18] if len(values) > 1 else values[0]


async def touches(people: Mapping[str, Visitor], reps: list[str]) -> Touches:
    """End the calls of each rep, and watch the same list as another person."""
    found = Touches()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        mine = await (await a_context(browser, people["manager"])).new_page()
        other = await (await a_context(browser, people["watcher"])).new_page()
        site = f"http://{people['manager'].host}"
        for rep in reps:
            await mine.goto(f"{site}/worklist?who={rep}&channel=call")
            await other.goto(f"{site}/worklist?who={rep}&channel=call")
            await asyncio.sleep(1)  # both streams are open
            while len(found.to_next) < MOST and await mine.locator('#touch form.ending [data-key="3"]').count():
                target = await mine.locator("#touch form.ending [name=target]").first.input_value()
                seen = asyncio.create_task(other.evaluate(GONE, target))
                ended = await mine.evaluate(END)
                found.to_next.append(ended["ms"])
                found.to_other.append(await seen - ended["at"])
                await asyncio.sleep(0.5)
        await browser.close()
    return found
