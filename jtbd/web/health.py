"""What machines ask: whether the server lives, whether it can work, and how much it does."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from flask import Flask, Response, abort, current_app, request

from jtbd.errors import StoreError
from jtbd.settings import Settings
from jtbd.store.database import SchemaError
from jtbd.web import log
from jtbd.web.limits import parsed_address
from jtbd.web.services import services

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry


def answer_machines(app: Flask, settings: Settings) -> None:
    """Add ``/healthz`` and ``/readyz``, and ``/metrics`` if the settings ask for it."""
    app.add_url_rule("/healthz", "healthz", lambda: ({"status": "ok"}, 200))
    app.add_url_rule("/readyz", "readyz", _ready)
    if settings.metrics != "off":
        _measure(app, only_from_here=settings.metrics == "loopback")


def _ready() -> tuple[dict[str, str], int]:
    """Whether the database answers at the newest schema. Why it does not is for the log: anybody may ask here."""
    try:
        services().database.see_that_there()
    except SchemaError as error:
        current_app.logger.error("not ready: %s", error)
        return {"status": "the schema of the database is not the newest"}, 503
    except StoreError as error:
        current_app.logger.error("not ready: %s", error)
        return {"status": "the database does not answer"}, 503
    return {"status": "ready"}, 200


def _measure(app: Flask, *, only_from_here: bool) -> None:
    from prometheus_client import CollectorRegistry, Counter, Histogram

    registry = CollectorRegistry()
    count = Counter("jtbd_requests", "Requests answered.", ("method", "route", "status"), registry=registry)
    took = Histogram("jtbd_request_seconds", "Seconds from a request to its answer.", ("route",), registry=registry)

    def measure(response: Response) -> Response:
        count.labels(log.method(), log.route(), str(response.status_code)).inc()
        took.labels(log.route()).observe(log.seconds())
        return response

    def show() -> Response:
        if only_from_here and not _from_this_machine():
            abort(404)
        return _exposition(registry)

    app.after_request(measure)
    app.add_url_rule("/metrics", "metrics", show)


def _exposition(registry: CollectorRegistry) -> Response:
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector

    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:  # whichever process is asked, it answers for all
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _from_this_machine() -> bool:
    """Whether a request was made on this machine, and not passed on by a proxy on it."""
    if any(name.startswith("X-Forwarded") or name == "Forwarded" for name in request.headers.keys()):  # noqa: SIM118
        return False
    address = parsed_address(request.remote_addr)
    return address is not None and address.is_loopback
