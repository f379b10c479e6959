"""The form that every page's form builds on: protected against forged requests."""

from __future__ import annotations

import hmac
import secrets

from flask import current_app, session
from wtforms import Field, Form, ValidationError
from wtforms.csrf.core import CSRF
from wtforms.form import BaseForm

from jtbd.web.services import services

GOOD_FOR = 12 * 60 * 60
"""Seconds for which the token of a page is good."""

_SECRET = "csrf"  # noqa: S105 - its key in the session


def new_token() -> str:
    """A token for a form, tied to the visitor's session, which gets its secret with the first.

    It is the second at which it ends by the application's clock and, after a dot, the signature of that and the secret.
    """
    if _SECRET not in session:
        session[_SECRET] = secrets.token_urlsafe(16)
    ends = str(int(services().clock().timestamp()) + GOOD_FOR)
    return f"{ends}.{_signature(ends)}"


def is_genuine(token: str) -> bool:
    """Whether a token is of the visitor's session, and not too old."""
    ends, _, signature = token.partition(".")
    given, made = signature.encode("utf-8", "replace"), _signature(ends).encode()
    return _SECRET in session and hmac.compare_digest(given, made) and int(ends) >= services().clock().timestamp()


def _signature(ends: str) -> str:
    key: bytes = current_app.secret_key  # type: ignore[assignment]  # always bytes here: see create_app
    text = f"{session.get(_SECRET)}.{ends}".encode("utf-8", "replace")
    return hmac.digest(key, text, "sha256").hex()


class _SessionToken(CSRF):
    """WTForms' way to these tokens."""

    def generate_csrf_token(self, csrf_token_field: Field) -> str:
        """A new token."""
        del csrf_token_field
        return new_token()

    def validate_csrf_token(self, form: BaseForm, field: Field) -> None:
        """See that the token sent is genuine; raises ValidationError if not."""
        del form
        if not is_genuine(field.data or ""):
            raise ValidationError


class ProtectedForm(Form):
    """A form whose token is tied to the visitor's session."""

    @property
    def token(self) -> str:
        """What the form's hidden field ``csrf_token`` has to bring back."""
        return new_token()

    class Meta:
        """Settings that WTForms reads from here."""

        csrf = True
        csrf_class = _SessionToken
