"""Lines of JSON, that a machine can read and that tell nothing of who asked, nor when respondents answered."""

from __future__ import annotations

import json
import logging
import re
import secrets
import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, g, has_request_context, request

from jtbd.settings import Settings

if TYPE_CHECKING:
    from types import TracebackType

_REQUESTS = logging.getLogger("jtbd.requests")
_GIVEN_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_RESPONDENTS = {"respond", "static"}
_TOO_MANY = 429
_FAILED = 500
_METHODS = {"GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"}


class LoggedFlask(Flask):
    """Flask, but what it writes of a failure holds no address: addresses lead to answers."""

    def log_exception(self, exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None]) -> None:
        """Write down a failure; the line's ``route`` says where."""
        self.logger.error("a request failed", exc_info=exc_info)


def number_requests(app: Flask, settings: Settings) -> None:
    """Give each request an id, echoed in ``X-Request-ID``, and write a line when it is answered.

    What respondents ask for has none unless it failed or was one too many. Responses are numbered in the order in which
    they begin, so that such lines would say when each began, of an anonymous survey too; without their time they still
    would, by the lines around them.

    An id of the proxy's own is kept where proxies are trusted, so that its log and ours can be read together.
    """

    def begin() -> None:
        g.began = time.perf_counter()
        given = request.headers.get("X-Request-ID", "") if settings.proxies else ""
        g.request_id = given if _GIVEN_ID.fullmatch(given) else secrets.token_hex(8)

    app.before_request(begin)
    app.after_request(_end)


def request_id() -> str:
    """The id of this request."""
    found: str = g.get("request_id", "")
    return found


def route() -> str:
    """The pattern of the address asked for, never the address itself: it may hold a code or a token."""
    return request.url_rule.rule if request.url_rule else "unknown"


def method() -> str:
    """The method of the request; of one that nobody knows not even its name."""
    return request.method if request.method in _METHODS else "other"


def seconds() -> float:
    """How long the request has taken so far."""
    now = time.perf_counter()
    return now - float(g.get("began", now))


def _end(response: Response) -> Response:
    response.headers["X-Request-ID"] = request_id()
    if _REQUESTS.isEnabledFor(logging.INFO) and _may_be_written(response.status_code):
        _REQUESTS.info("request", extra={"status": response.status_code, "ms": round(seconds() * 1000, 1)})
    return response


def _may_be_written(status: int) -> bool:
    where = (request.endpoint or "").partition(".")[0]
    return where not in _RESPONDENTS or status == _TOO_MANY or status >= _FAILED


class JsonLines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """``time, level, message``, then what is known: ``request, method, route, status, ms, exception``."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, Any] = {"time": at, "level": record.levelname.lower(), "message": record.getMessage()}
        if has_request_context():
            line |= {"request": request_id(), "method": method(), "route": route()}
        line |= {name: record.__dict__[name] for name in ("status", "ms") if name in record.__dict__}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def write_log(settings: Settings) -> None:
    """Write what happens on stderr: requests and failures, or failures alone."""
    logger = logging.getLogger("jtbd")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logger.handlers[:] = [handler]
    logger.propagate = False
    logger.setLevel(logging.INFO if settings.log == "requests" else logging.WARNING)
