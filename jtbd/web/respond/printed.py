"""Pages of ratings as HTML: what is alike for many respondents is written once, with gaps for what is theirs alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field

from markupsafe import Markup, escape

MOST_PAGES = 2_000
"""Pages kept: some ten kilobytes each."""

_GAP = re.compile("\0([a-z_]+)\0")  # no text that is shown can hold NUL


@dataclass
class Printed:
    """Pages written so far, as the parts between gaps and the names of these in turn."""

    pages: dict[Hashable, list[str]] = field(default_factory=dict)

    def page(self, key: Hashable, write: Callable[[Mapping[str, Markup]], str], own: Mapping[str, str]) -> str:
        """A page, written before or now.

        Parameters
        ----------
        key : hashable
            Everything that the page depends on but `own`.
        write : callable
            Writes the page with what it is given in place of `own`.
        own : mapping
            What is this respondent's alone, by name; escaped here unless it is markup.
        """
        parts = self.pages.get(key)
        if parts is None:
            if len(self.pages) >= MOST_PAGES:
                self.pages.clear()
            html = write({name: Markup(f"\0{name}\0") for name in own})  # noqa: S704 - names of ours
            parts = self.pages[key] = _GAP.split(html)
        filled = parts.copy()
        filled[1::2] = [escape(own[name]) for name in parts[1::2]]
        return "".join(filled)
