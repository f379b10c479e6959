"""Security headers on every answer, and the nonce that scripts and styles of a page carry.

No page may be shown in a frame, but for those of a test response: the page that shows a survey as on a phone frames
them. It is the only one whose policy lets it hold a frame.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask, request

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
)

_NONCE, _FRAMED_BY, _FRAMES = "jtbd.nonce", "jtbd.framed_by", "jtbd.frames"
"""What a request remembers of its answer, in its WSGI environment."""


SELF, NOBODY = "'self'", "'none'"


def csp_nonce() -> str:
    """The nonce of this request's page, made on first use."""
    nonce: str = request.environ.setdefault(_NONCE, secrets.token_urlsafe(16))
    return nonce


def allow_framing() -> None:
    """Let pages of this site show the answer to this request in a frame."""
    request.environ[_FRAMED_BY] = SELF


def allow_frames() -> None:
    """Let the answer to this request show pages of this site in a frame."""
    request.environ[_FRAMES] = SELF


class _Protected:
    """The application with the headers on every answer, also on those that it refuses before Flask sees the request.

    They are added to the plain list that goes to the server: through Flask's objects it took a twentieth of the time of
    a page.
    """

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            return start_response(status, _with_more(environ, headers), exc_info)

        return self._app(environ, start)


def _with_more(environ: WSGIEnvironment, headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    there = {name.lower(): value for name, value in headers}
    framed_by = environ.get(_FRAMED_BY, NOBODY)
    more = [
        *_HEADERS,
        ("X-Frame-Options", "DENY" if framed_by == NOBODY else "SAMEORIGIN"),
        ("Content-Security-Policy", _policy(environ.get(_NONCE), environ.get(_FRAMES, NOBODY), framed_by)),
    ]
    if there.get("content-type", "").startswith("text/html"):
        # Pages hold answers or results: neither a proxy nor the next user of the machine may see them.
        more.append(("Cache-Control", "no-store"))
    return headers + [(name, value) for name, value in more if name.lower() not in there]


def _policy(nonce: str | None, frames: str, framed_by: str) -> str:
    own = f" 'nonce-{nonce}'" if nonce else ""
    return (
        f"default-src 'none'; script-src 'self'{own}; style-src 'self'{own}; img-src 'self' data:; "
        f"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-src {frames}; frame-ancestors {framed_by}"
    )


def protect(app: Flask) -> None:
    """Add the headers to every answer and ``csp_nonce()`` to every template."""
    app.wsgi_app = _Protected(app.wsgi_app)  # type: ignore[method-assign]
    app.jinja_env.globals["csp_nonce"] = csp_nonce
