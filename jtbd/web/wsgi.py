"""What a WSGI server starts."""

from __future__ import annotations

from flask import Flask

from jtbd.settings import Settings
from jtbd.web.app import create_app
from jtbd.web.log import write_log


def application() -> Flask:
    """The web face of the workspace that the environment names."""
    settings = Settings.read()
    write_log(settings)
    return create_app(settings)
