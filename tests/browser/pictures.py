"""What do the pages look like?

`python -m tests.browser.pictures [NAME ...]` takes pictures of the samples at 1280 and 390, light and dark, into
`.cache/console/`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from services.console.rendering.environment import render
from tests.browser.pages import NARROW, WIDE, chromium, opened, served
from tests.browser.samples import SAMPLES

FOLDER = Path(".cache/console")


def main(names: list[str]) -> None:
    """Pictures of these samples, or of all; a name ends in `*` for all that begin so."""
    chosen = [each for each in SAMPLES if not names or any(_matches(each, name) for name in names)]
    FOLDER.mkdir(parents=True, exist_ok=True)
    with served(SAMPLES) as address, chromium() as browser:
        for size in (WIDE, NARROW):
            for scheme in ("light", "dark"):
                with opened(browser, size, scheme) as tab:
                    for name in chosen:
                        tab.page.goto(f"{address}/{name}")
                        tab.page.screenshot(path=FOLDER / f"{name}-{size[0]}-{scheme}.png")
                        if scheme == "light":
                            tab.page.screenshot(path=FOLDER / f"{name}-{size[0]}-full.png", full_page=True)
                    for complaint in sorted(set(tab.complaints)):
                        print(f"{size[0]} {scheme}: {complaint}")
    for name in chosen:
        sample = SAMPLES[name]
        (FOLDER / f"{name}.html").write_text(render(sample.template, **sample.context))
    print(f"{len(chosen)} pages in {FOLDER}")


def _matches(name: str, wanted: str) -> bool:
    return name.startswith(wanted[:-1]) if wanted.endswith("*") else name == wanted


if __name__ == "__main__":
    main(sys.argv[1:])
