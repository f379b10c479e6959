"""Who is signed in: the signed cookie holds a token, the database whose it is and whether it still counts."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import g, session

from jtbd.store.accounts import Account
from jtbd.store.sessions import begin_session, end_session, find_session
from jtbd.web.services import RESPONSE_KEY, services

_KEY = "studio"

DECIDERS = ("admin", "strategist")
"""Roles that decide whom to exclude and run studies; planners read."""


def sign_in(account: Account) -> None:
    """Begin a session; nothing of an earlier one is kept."""
    sign_out()
    session[_KEY] = begin_session(services().database, account.id, services().clock())


def sign_out() -> None:
    """End the session, also for copies of its cookie.

    The same visitor's answers to surveys, kept in the same cookie, are not the studio's.
    """
    if token := _token():
        end_session(services().database, token)
    for key in [key for key in session if not key.startswith(RESPONSE_KEY)]:
        del session[key]


def signed_in() -> Account | None:
    """The account of the session, if it may still be used."""
    token = _token()
    account = find_session(services().database, token, services().clock()) if token else None
    if account is None and _KEY in session:
        sign_out()
    return account


def _token() -> str | None:
    held = session.get(_KEY)
    return held if isinstance(held, str) else None  # earlier versions kept more


def local_path(wanted: str | None) -> str | None:
    """``wanted`` if it is a path of the studio, not an address elsewhere dressed up as one.

    As the application sees paths: without the prefix that it may lie under.
    """
    if not wanted or any(character in "\\" or ord(character) < 32 for character in wanted):
        return None
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return None
    if parts.scheme or parts.netloc or not (parts.path + "/").startswith("/studio/"):
        return None
    return wanted


def is_masked() -> bool:
    """Whether figures of one to four people are kept from whoever is signed in."""
    return g.account.role not in DECIDERS
