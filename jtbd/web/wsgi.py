"""What a WSGI server starts."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from contextlib import nullcontext
from io import BytesIO
from typing import TYPE_CHECKING

from jtbd.settings import Settings
from jtbd.web.app import MOST_BYTES, create_app
from jtbd.web.log import write_log

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

AT_WORK = 16
"""Requests worked on at a time: more would only take the processor from each other. Most of them wait for the disk."""


class Patient:
    """Waits for what a visitor sends before the application is asked, so that a slow one holds up nobody.

    The server gives each request a thread and has hundreds of them; few work at the same time. Neither has who is slow
    to read an answer any hold: it is handed over whole.
    """

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app
        self._turns = threading.BoundedSemaphore(AT_WORK)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        environ["wsgi.input"] = BytesIO(_sent(environ))
        asks_whether_alive = environ["PATH_INFO"].endswith("/healthz")
        with (
            nullcontext() if asks_whether_alive else self._turns
        ):  # the answer is yes also while all wait for a database
            parts = self._app(environ, start_response)
            try:
                return [b"".join(parts)]
            finally:
                if hasattr(parts, "close"):
                    parts.close()


def _sent(environ: WSGIEnvironment) -> bytes:
    """The body; of one that is too large so much that the application sees that it is.

    The server hands over what it has of a body whose sender was cut off, and says that it is all there is. That is for
    the application to see, by the length: half a page must not be saved as the whole.
    """
    if environ["REQUEST_METHOD"] in ("GET", "HEAD"):
        return b""
    if "CONTENT_LENGTH" in environ:
        environ.pop("wsgi.input_terminated", None)
    body: bytes = environ["wsgi.input"].read(MOST_BYTES + 1)
    return body


def application() -> WSGIApplication:
    """The web face of the workspace that the environment names."""
    settings = Settings.read()
    write_log(settings)
    return Patient(create_app(settings))
