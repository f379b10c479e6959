"""The studio's workspace, an application with settings of a test's own, and a respondent's browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from jtbd.settings import Settings
from jtbd.web.app import create_app
from jtbd.web.services import Services
from tests.web.visitor import Visitor
from tests.web_studio.conftest import (  # noqa: F401  fixtures
    Clock,
    app,
    client,
    clock,
    database,
    filled,
    settings,
    sign_in,
    visitor,
)

MakeApp = Callable[..., Flask]


@pytest.fixture
def make_app(settings: Settings, clock: Clock) -> Iterator[MakeApp]:  # noqa: F811
    """An application over the workspace, settings changed as given."""
    made: list[Flask] = []

    def make(**changes: Any) -> Flask:
        app = create_app(replace(settings, **changes), clock=clock)  # noqa: F811
        app.testing = True
        made.append(app)
        return app

    yield make
    for one in made:
        services: Services = one.extensions["jtbd"]
        services.database.dispose()


@pytest.fixture
def respondent(app: Flask) -> Visitor:  # noqa: F811
    """Somebody who answers ``tiny``."""
    return Visitor(app.test_client())
