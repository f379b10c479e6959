"""Where a request comes from and what the server is called: what proxies say is believed only when told so."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from flask import Flask, Request, Response, abort, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature
from werkzeug.exceptions import BadRequest
from werkzeug.middleware.proxy_fix import ProxyFix

from jtbd.settings import URL_PREFIX, Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ALWAYS_ANSWERED = {"healthz", "readyz", "metrics"}
"""Machines ask for these by an address of their own, whatever people call the server."""

COOKIES_REMEMBERED = 2_000

_LOG = logging.getLogger("jtbd.proxy")
_HOST = re.compile(r"([a-z0-9.-]+|\[[a-f0-9:.]+\])(:[0-9]{1,5})?", re.ASCII | re.IGNORECASE)


def stand_behind(app: Flask, settings: Settings) -> None:
    """See every request as its visitor sent it: scheme, host, address and the path before ours."""
    app.wsgi_app = _Mount(app.wsgi_app, settings)  # type: ignore[method-assign]
    if settings.proxies:
        trusted = settings.proxies
        prefix = 0 if settings.url_prefix else trusted
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=trusted, x_proto=trusted, x_host=trusted, x_prefix=prefix
        )
    app.session_interface = _Cookies(app)
    if settings.hosts:
        app.before_request(lambda: _see_that_allowed(settings.hosts))


class _Mount:
    """The application under the prefix of the settings or of the proxy, whether or not the proxy took it off."""

    def __init__(self, app: WSGIApplication, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._has_warned = False

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self._warn_of_proxies(environ)
        prefix = self._settings.url_prefix or environ.get("SCRIPT_NAME", "").rstrip("/")
        if self._settings.https:
            environ["wsgi.url_scheme"] = "https"
        strange = not URL_PREFIX.fullmatch(prefix) or environ["wsgi.url_scheme"] not in ("http", "https")
        if strange or not _HOST.fullmatch(environ.get("HTTP_HOST", "localhost")):
            return BadRequest()(environ, start_response)  # no page of ours could even name its style sheet
        path = environ.get("PATH_INFO", "")
        environ["SCRIPT_NAME"] = prefix
        if prefix and (path == prefix or path.startswith(prefix + "/")):
            environ["PATH_INFO"] = path[len(prefix) :] or "/"
        return self._app(environ, start_response)

    def _warn_of_proxies(self, environ: WSGIEnvironment) -> None:
        if "HTTP_X_FORWARDED_FOR" in environ and not self._settings.proxies and not self._has_warned:
            self._has_warned = True
            _LOG.warning("a request came through a proxy that is not trusted; should it be, set JTBD_TRUSTED_PROXIES")


class _Cookies(SecureCookieSessionInterface):
    """Cookies that never leave TLS once they came by it, and that other applications of the host do not get.

    What a cookie says is remembered, as every page of a respondent comes with the same: to read one takes longer than
    to read the response.
    """

    def __init__(self, app: Flask) -> None:
        serializer = self.get_signing_serializer(app)
        if serializer is None:
            raise RuntimeError("sessions need a secret key")
        self._read = lru_cache(maxsize=COOKIES_REMEMBERED)(partial(serializer.loads, return_timestamp=True))

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        """The visitor's session; an empty one if there is none, its time is over, or it is not of our making.

        To Flask a signature from the future is none. Where a clock is set back, or a server's is behind another's by a
        moment, those who have just begun a survey would be sent to its start.
        """
        cookie = request.cookies.get(self.get_cookie_name(app))
        if not cookie:
            return self.session_class()
        try:
            said, signed_at = self._read(cookie)
        except BadSignature:
            return self.session_class()
        is_over = datetime.now(UTC) - signed_at > app.permanent_session_lifetime
        return self.session_class() if is_over else self.session_class(said)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Send the visitor their session if it has changed."""
        if session.modified:
            super().save_session(app, session, response)
        elif session.accessed:
            response.headers.add("Vary", "Cookie")

    def get_cookie_secure(self, app: Flask) -> bool:
        """Whether the visitor came through TLS."""
        del app
        return request.is_secure

    def get_cookie_path(self, app: Flask) -> str:
        """The path this server lies under."""
        del app
        return request.script_root or "/"


def _see_that_allowed(hosts: tuple[str, ...]) -> None:
    """Refuse a request for a host we are not: links on its page would lead there."""
    asked = _HOST.fullmatch(request.host)
    name = asked[1].lower() if asked else ""
    known = any(name == host or (host.startswith(".") and f".{name}".endswith(host)) for host in hosts)
    if not known and request.endpoint not in ALWAYS_ANSWERED:
        abort(400)
