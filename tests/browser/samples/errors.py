"""Which errors can a page be?"""

from __future__ import annotations

from tests.browser.samples.frames import frame, page

SAMPLES = {
    "error-missing": page(
        "error.html",
        frame("Not found", ""),
        status=404,
        title="Nothing is at this address",
        message="The touch may have ended, or the link is incomplete.",
        retry="",
        typed=(),
    ),
    "error-down": page(
        "error.html",
        frame("Not confirmed", ""),
        status=503,
        title="The sequencer does not answer",
        message="Your note is below. Try again: the same command is never done twice.",
        retry="/worklist",
        typed=(("Outcome", "spoke"), ("Note", "Left name and reason; assistant says Thursdays are best.")),
    ),
}
