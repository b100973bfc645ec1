"""What does every page show around its own content?"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Theme = Literal["system", "light", "dark"]


@dataclass(frozen=True, slots=True)
class Words:
    """What the pack calls things."""

    account: str
    """What is sold to: `facility`."""
    accounts: str
    number: str
    """What identifies an account."""
    product: str = "Facility Pipeline"


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person who has signed in."""

    name: str
    role: str
    """The title of the role: `Representative`."""
    zone: str
    """Instants are shown in this time zone."""


@dataclass(frozen=True, slots=True)
class Link:
    """An entry of the navigation."""

    key: str
    title: str
    href: str
    icon: str
    go: str = ""
    """The key that opens it, after G."""
    count: int | None = None
    pressing: bool = False
    """The count is shown as one that cannot wait."""


@dataclass(frozen=True, slots=True)
class Group:
    """Entries of the navigation under a heading; `shown` is false for a heading that only screen readers get."""

    title: str
    links: tuple[Link, ...]
    shown: bool = True


@dataclass(frozen=True, slots=True)
class Freshness:
    """How current the page is: the oldest of the streams that it reads."""

    as_of: datetime
    state: Literal["live", "behind", "stale"] = "live"
    """Behind: over 30 s. Stale: over 5 min; then `warning` is a banner."""
    behind: str = ""
    """`2 min behind (matcher)`"""
    warning: str = ""
    """What on this page may be wrong, or which part of it is missing."""


@dataclass(frozen=True, slots=True)
class Undo:
    """How the last command is undone: by another command."""

    command: str
    target: str
    version: int | None = None
    label: str = "Undo"
    fields: Mapping[str, str] = field(default_factory=dict)
    """What else the command needs."""


@dataclass(frozen=True, slots=True)
class Status:
    """The line at the foot: what was done."""

    text: str
    icon: str = "check"
    undo: Undo | None = None
    seconds: int = 0
    """The text ends with so many seconds, which count down."""


@dataclass(frozen=True, slots=True)
class SavedView:
    """A list with its filters, under a name."""

    id: str
    title: str
    href: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class SavedViews:
    """The views that the person has saved of this list."""

    href: str
    """The list as it is now: what is saved."""
    views: tuple[SavedView, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """What `base.html` needs."""

    title: str
    here: str
    """The key of the entry of the navigation that the page belongs to."""
    path: str
    """Address of the page with its query: where a command returns to."""
    csrf: str
    words: Words
    viewer: Viewer
    groups: tuple[Group, ...]
    fresh: Freshness
    status: Status | None = None
    theme: Theme = "system"
    keys: bool = True
    """Whether single keys act."""
    stream: str = ""
    """The address of the page's events; empty: the page is not live."""
    query: str = ""
    """What the find box shows."""
    saved: SavedViews | None = None
    """None: the page is no list with filters."""

    @property
    def hears(self) -> str:
        """The id of what listens to the stream: a page that is about the same keeps it, any other one replaces it."""
        about = self.stream.partition("&seen=")[0]
        return f"hears-{hashlib.blake2b(about.encode(), digest_size=8).hexdigest()}"

    def counting(self, **counts: int) -> Frame:
        """With the lengths of lists, by key, as the page itself shows them."""
        groups = (
            dataclasses.replace(
                group,
                links=tuple(dataclasses.replace(each, count=counts.get(each.key, each.count)) for each in group.links),
            )
            for group in self.groups
        )
        return dataclasses.replace(self, groups=tuple(groups))


def navigation(words: Words, counts: Mapping[str, int], pressing: frozenset[str] = frozenset()) -> tuple[Group, ...]:
    """The entries on the left. `counts` are by key: each is the length of the list that the entry opens."""

    def link(key: str, title: str, icon: str, go: str = "", href: str = "") -> Link:
        return Link(key, title, href or f"/{key}", icon, go, counts.get(key), key in pressing)

    return (
        Group(
            "Today",
            (
                link("worklist", "Worklist", "list-checks", "w"),
                link("inbox", "Signal inbox", "inbox", "i"),
                link("drafts", "Drafts", "send", "d"),
            ),
            shown=False,
        ),
        Group(
            "Business development",
            (
                link("pipeline", "Pipeline", "columns-3", "p"),
                link("facilities", words.accounts.capitalize(), "building-2", "f"),
                link("discovery", "Discovery", "compass"),
                link("sequences", "Sequences", "repeat"),
                link("playbooks", "Playbooks", "book-open"),
            ),
        ),
        Group(
            "Dashboards",
            (
                link("health", "Pipeline health", "chart-column", "h", "/dashboards/health"),
                link("funnel", "Conversion funnel", "funnel", "", "/dashboards/funnel"),
                link("scores", "Score distribution", "trending-up", "", "/dashboards/scores"),
            ),
        ),
        Group("Administration", (link("settings", "Settings", "settings", "s", "/settings/me"),), shown=False),
    )


def tabs(groups: tuple[Group, ...]) -> tuple[Link, ...]:
    """The bar at the bottom of a narrow screen."""
    links = {link.key: link for group in groups for link in group.links}
    titles = {"worklist": "Worklist", "inbox": "Inbox", "pipeline": "Pipeline"}
    return (
        *(dataclasses.replace(links[key], title=title) for key, title in titles.items() if key in links),
        Link("find", "Find", "/find", "search"),
        Link("more", "More", "/more", "ellipsis"),
    )
