"""What the pages of one server share: settings, database, analyses, clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import current_app

from jtbd.analysis.cache import Analyst
from jtbd.settings import Settings
from jtbd.store.attempts import Limiter
from jtbd.store.database import Database

Clock = Callable[[], datetime]

RESPONSE_KEY = "respond:"
"""What keys of a visitor's session start with that hold a response; a survey's slug follows."""


def utc_now() -> datetime:
    """The clock that servers use."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Services:
    """The parts that requests use."""

    settings: Settings
    database: Database
    analyst: Analyst
    clock: Clock
    limiter: Limiter


def services() -> Services:
    """The services of the application that answers this request."""
    found: Services = current_app.extensions["jtbd"]
    return found
