"""Pages as HTML: what is alike for many respondents is written once, with gaps for what is theirs alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping

from flask import current_app, request
from markupsafe import Markup, escape

MOST_PAGES = 2_000
"""Pages kept: some ten kilobytes each."""

KEPT = "jtbd-printed"
"""Where an application keeps them: the parts between gaps, and the names of these in turn, by what each depends on."""

_GAP = re.compile("\0([a-z_]+)\0")  # no text that is shown can hold NUL


def printed(kind: str, like: Hashable, write: Callable[[Mapping[str, str]], str], own: Mapping[str, str]) -> str:
    """A page, written before or now.

    Parameters
    ----------
    kind : str
        Which page it is.
    like : hashable
        All else that it depends on, besides `own` and the path the server lies under.
    write : callable
        Writes the page with what it is given in place of `own`.
    own : mapping
        What is this respondent's alone, by name; escaped here unless it is markup.
    """
    kept: dict[Hashable, list[str]] = current_app.extensions[KEPT]
    key = (kind, like, request.script_root)
    parts = kept.get(key)
    if parts is None:
        if len(kept) >= MOST_PAGES:
            kept.clear()
        html = write({name: Markup(f"\0{name}\0") for name in own})  # noqa: S704 - names of ours
        parts = kept[key] = _GAP.split(html)
    filled = parts.copy()
    filled[1::2] = [escape(own[name]) for name in parts[1::2]]
    return "".join(filled)
