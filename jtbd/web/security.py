"""Security headers on every answer, and the nonce that scripts and styles of a page carry.

No page may be shown in a frame, but for those of a test response: the page that shows a survey as on a phone frames
them. It is the only one whose policy lets it hold a frame.
"""

from __future__ import annotations

import secrets

from flask import Flask, Response, g

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


SELF, NOBODY = "'self'", "'none'"


def csp_nonce() -> str:
    """The nonce of this request's page, made on first use."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    nonce: str = g.csp_nonce
    return nonce


def allow_framing() -> None:
    """Let pages of this site show the answer to this request in a frame."""
    g.framed_by = SELF


def allow_frames() -> None:
    """Let the answer to this request show pages of this site in a frame."""
    g.frames = SELF


def _add_headers(response: Response) -> Response:
    nonce = f" 'nonce-{g.csp_nonce}'" if "csp_nonce" in g else ""
    framed_by = g.get("framed_by", NOBODY)
    headers = _HEADERS | {
        "X-Frame-Options": "DENY" if framed_by == NOBODY else "SAMEORIGIN",
        "Content-Security-Policy": f"default-src 'none'; script-src 'self'{nonce}; style-src 'self'{nonce}; "
        f"img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        f"frame-src {g.get('frames', NOBODY)}; frame-ancestors {framed_by}",
    }
    if response.mimetype == "text/html":
        # Pages hold answers or results: neither a proxy nor the next user of the machine may see them.
        headers["Cache-Control"] = "no-store"
    there = {name.lower() for name, _ in response.headers}
    response.headers.extend([(name, value) for name, value in headers.items() if name.lower() not in there])
    return response


def protect(app: Flask) -> None:
    """Add the headers to every answer and ``csp_nonce()`` to every template."""
    app.after_request(_add_headers)
    app.jinja_env.globals["csp_nonce"] = csp_nonce
