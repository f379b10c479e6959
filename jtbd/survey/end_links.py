"""Where respondents go on to when their response has ended, and the id under which a panel sent them.

An id comes from the respondent's address bar, so nothing but such an id gets into a link, and only behind its host.
"""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from jtbd.jobmap.fields import refusal

PLACEHOLDER = "{id}"
MAX_LINK = 2_000
MAX_PANEL_ID = 128

# what the ids of panels are made of; it begins with a letter or digit, so that none is `..` in a path
_PANEL_ID = re.compile(rf"[A-Za-z0-9][A-Za-z0-9._~:|=/+-]{{0,{MAX_PANEL_ID - 1}}}")
_NO_LINK = re.compile(r"[\s\\\"<>\x00-\x1f\x7f]")
_BRACED = re.compile(r"\{[^{}]*\}|[{}]")


def is_panel_id(text: str) -> bool:
    """Whether `text` can be an id of a panel: at most 128 letters, digits and ``. _ ~ : | = / + -``."""
    return _PANEL_ID.fullmatch(text) is not None


def link_for(link: str, panel_id: str | None) -> str:
    """The link for a respondent; empty where there is none, or where it needs an id and the respondent has none."""
    if PLACEHOLDER not in link:
        return link
    return link.replace(PLACEHOLDER, quote(panel_id, safe="")) if panel_id else ""


def checked_link(link: str) -> str:
    """The link as it is written in a survey file.

    Raises
    ------
    PydanticCustomError
        If respondents must not be sent there.
    """
    if len(link) > MAX_LINK:
        raise refusal("too-long", f"the link has {len(link)} characters; {MAX_LINK} is the most", "shorten it")
    host = _host(link)
    if not host:
        message = "this is not the address of a web page"
        raise refusal("link-not-http", message, "write the whole link, such as https://panel.example/done?id={id}")
    if "{" in host or "}" in host:
        message = "a placeholder cannot stand before or in the name of the host: anybody could choose where it leads"
        raise refusal("link-placeholder", message, "write {id} behind the host, such as https://panel.example/?id={id}")
    unknown = [found for found in _BRACED.findall(link) if found != PLACEHOLDER]
    if unknown:
        message = f"there is no placeholder {unknown[0]}"
        raise refusal("link-placeholder", message, "the only one is {id}, the id that came with `?pid=`")
    return link


def _host(link: str) -> str:
    if _NO_LINK.search(link):
        return ""
    try:
        parts = urlsplit(link)
    except ValueError:
        return ""
    return parts.netloc if parts.scheme in ("http", "https") else ""
