"""The addresses of a survey: where people start, in which language, and where it is tried out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from jtbd.survey.model import Survey

PARAMETER = "lang"
"""What a link names its language with: ``/s/tiny?lang=de``."""

PHONE = "frame=phone"
"""Asks a preview to show the survey in a frame of a phone's size."""


@dataclass(frozen=True)
class Link:
    """An address of a survey. `language` is the one it opens in; empty where that is the visitor's choice."""

    name: str
    url: str
    language: str = ""


def start_links(plan: Survey, base_url: str) -> Iterator[Link]:
    """Where people start: in their browser's language, then in each that the survey offers, if there are several.

    There are none for a survey by invitation: each person has a link of their own.
    """
    if plan.access == "invited":
        return
    start = f"{base_url.rstrip('/')}/s/{quote(plan.slug)}"
    yield Link("start", start)
    if plan.translations:
        for one in plan.languages:
            yield Link(f"start ({one.language})", f"{start}?{PARAMETER}={one.language}", one.language)


def preview_links(plan: Survey, base_url: str, token: str) -> Iterator[Link]:
    """Where a survey is tried out with answers that never count; `token` is a preview's."""
    preview = f"{base_url.rstrip('/')}/preview/{token}"
    yield Link("preview", preview)
    yield Link("preview on a phone", f"{preview}?{PHONE}")
    for one in plan.translations:
        yield Link(f"preview ({one.language})", f"{preview}?{PARAMETER}={one.language}", one.language)


def is_base_url(text: str) -> bool:
    """Whether links can begin with it: a scheme of the web, a host, and at most a path."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not (parts.query or parts.fragment)
    except ValueError:
        return False
