"""What a WSGI server starts."""

from __future__ import annotations

from flask import Flask

from jtbd.settings import Settings
from jtbd.web.app import create_app


def application() -> Flask:
    """The web face of the workspace that the environment names."""
    return create_app(Settings.read())
