"""The application factory."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, render_template
from werkzeug.exceptions import HTTPException, ServiceUnavailable

from jtbd.analysis.cache import Analyst
from jtbd.errors import StoreError
from jtbd.resources import shipped
from jtbd.settings import Settings
from jtbd.store.database import Database
from jtbd.web import respond, studio
from jtbd.web.security import protect
from jtbd.web.services import Clock, Services, utc_now

MOST_BYTES = 1_000_000


def create_app(settings: Settings, *, clock: Clock = utc_now) -> Flask:
    """The web face of one workspace.

    Parameters
    ----------
    settings : Settings
        The workspace and its database, which must be at the newest schema (``jtbd db upgrade``).
    clock : callable, optional
        Where the time comes from.
    """
    app = Flask(__name__, template_folder=str(shipped("templates")))
    app.config.update(
        MAX_CONTENT_LENGTH=MOST_BYTES,
        MAX_FORM_MEMORY_SIZE=MOST_BYTES,
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        SESSION_COOKIE_NAME="jtbd",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    app.secret_key = settings.secret_key()
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    database = Database(settings.database_url)
    app.extensions["jtbd"] = Services(settings, database, Analyst(database), clock)
    protect(app)
    app.register_blueprint(respond.blueprint)
    app.register_blueprint(studio.blueprint)
    app.register_error_handler(HTTPException, _polite)
    app.register_error_handler(StoreError, _store_failed)
    app.add_url_rule("/healthz", "healthz", lambda: ({"status": "ok"}, 200))
    return app


_WORDS = {
    400: ("That did not arrive as it should", "Go back, reload the page and try again."),
    403: ("You may not do that", "Log in with an account that may."),
    404: ("There is nothing at this address", "Check the link for missing characters."),
    405: ("That is not possible at this address", "Go back and follow a link or press a button on the page."),
    410: ("This is over", "There is nothing more to do here."),
    413: ("That is too much at once", "Shorten your text and send the page again."),
    429: ("Too many attempts", "Wait a minute, then try again."),
    503: ("We cannot save anything right now", "Nothing you sent is lost in your browser: go back and send it again."),
}


def _polite(error: HTTPException) -> tuple[str, int] | HTTPException:
    """A page in plain words for what would be a bare status."""
    code = error.code or 500
    if code < 400:
        return error
    title, advice = _WORDS.get(code, ("Something went wrong here", "It is our fault, not yours. Try again later."))
    return render_template("error.html", title=title, advice=advice, status=code), code


def _store_failed(_error: StoreError) -> tuple[str, int] | HTTPException:
    return _polite(ServiceUnavailable())
