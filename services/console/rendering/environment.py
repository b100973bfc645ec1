"""Which templates are there, and what may they use?"""

from __future__ import annotations

import functools
import hashlib
import uuid
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.console.rendering.filters import FILTERS
from services.console.rendering.shapes import CHANNELS

ROOM = Path(__file__).parent
STATIC = ROOM / "static"
TEMPLATES = (ROOM / "templates", ROOM.parent / "screens")
SCRIPTS = "scripts.js"
"""One file for all scripts of a page, so that a page needs few requests."""
PARTS = ("htmx-4.0.1.js", "hx-sse-4.0.1.js", "console.js")


def render(template: str, **context: object) -> str:
    """A page or a fragment: `worklist/page.html`, `fresh.html`. Everything that the context states is escaped."""
    return environment().get_template(template).render(**context)


@functools.cache
def environment() -> Environment:
    """An unknown name in a template is an error."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(FILTERS)
    made.globals.update(asset=asset, new_id=new_id, CHANNELS=CHANNELS)
    return made


@functools.cache
def asset(name: str) -> str:
    """The address of a static file. It changes with the content, so that browsers may keep a file forever."""
    digest = hashlib.sha256(content(name)).hexdigest()
    return f"/static/{name}?v={digest[:12]}"


def content(name: str) -> bytes:
    """The content of a static file."""
    return b"\n".join((STATIC / part).read_bytes() for part in (PARTS if name == SCRIPTS else (name,)))


@functools.cache
def names() -> frozenset[str]:
    """The static files that are served."""
    return frozenset((SCRIPTS, *(path.name for path in STATIC.iterdir())))


def new_id() -> str:
    """The id of a command, a new one for each form: what is sent twice by the same form happens once."""
    return uuid.uuid4().hex
