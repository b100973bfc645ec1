"""Which types of events does a text such as `lead.*` mean?"""

from __future__ import annotations

from collections.abc import Collection, Iterable


def means(wanted: str, name: str) -> bool:
    """Whether a wanted type is this one, or covers it: `lead.*` all of leads, `*` every event."""
    return wanted in ("*", name) or (wanted.endswith(".*") and name.startswith(wanted[:-1]))


def chosen(wanted: Collection[str], known: Iterable[str]) -> list[str]:
    """The known types that are wanted, in their order."""
    return [name for name in known if any(means(each, name) for each in wanted)]


def unknown(wanted: Iterable[str], known: Collection[str]) -> list[str]:
    """What is wanted and means no type."""
    return [each for each in wanted if not chosen([each], known)]
