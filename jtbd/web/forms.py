"""The form that every page's form builds on: protected against forged requests."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import current_app, session
from wtforms import Form
from wtforms.csrf.session import SessionCSRF

from jtbd.web.services import services


class _ClockedCSRF(SessionCSRF):
    """Tokens that age by the application's clock."""

    def now(self) -> datetime:
        """The application's time."""
        return services().clock()


class ProtectedForm(Form):
    """A form whose token is tied to the visitor's session."""

    class Meta:
        """Settings that WTForms reads from here."""

        csrf = True
        csrf_class = _ClockedCSRF
        csrf_time_limit = timedelta(hours=12)

        @property
        def csrf_secret(self) -> bytes:
            """The key that signs tokens."""
            key: bytes = current_app.secret_key  # type: ignore[assignment]  # always bytes here: see create_app
            return key

        @property
        def csrf_context(self) -> Any:
            """The visitor's session."""
            return session
