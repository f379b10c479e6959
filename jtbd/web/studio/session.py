"""Who is signed in: kept in the signed cookie, checked against the accounts at every request."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from flask import session

from jtbd.store.accounts import Account, find_account
from jtbd.web.services import RESPONSE_KEY, services

IDLE = timedelta(hours=12)
"""A session ends when nothing was asked for so long."""

_SEEN_EVERY = timedelta(minutes=5)
"""How exactly it is known when somebody was last seen: not every answer need set a cookie."""

_KEY = "studio"


def sign_in(account: Account) -> None:
    """Begin a session; nothing of an earlier one is kept."""
    sign_out()
    now = services().clock().timestamp()
    session[_KEY] = {"id": account.id, "name": account.name, "since": now, "seen": now}


def sign_out() -> None:
    """End the session. The same visitor's answers to surveys, kept in the same cookie, are not the studio's."""
    for key in [key for key in session if not key.startswith(RESPONSE_KEY)]:
        del session[key]


def signed_in() -> Account | None:
    """The account of the session, if it may still be used.

    Not if it was idle for 12 hours, the account was disabled, or its password was set since.
    """
    held = session.get(_KEY)
    if held is None:
        return None
    now = services().clock().timestamp()
    account = find_account(services().database, held["name"])
    fresh = now - held["seen"] <= IDLE.total_seconds()
    if not fresh or account is None or account.id != held["id"] or not _may_go_on(account, held["since"]):
        sign_out()
        return None
    if now - held["seen"] > _SEEN_EVERY.total_seconds():
        session[_KEY] = {**held, "seen": now}
    return account


def _may_go_on(account: Account, since: float) -> bool:
    set_at = account.password_set_at
    return not account.disabled and set_at is not None and set_at.timestamp() <= since


def local_path(wanted: str | None) -> str | None:
    """``wanted`` if it is a path of the studio, not an address elsewhere dressed up as one."""
    if not wanted or any(character in "\\" or ord(character) < 32 for character in wanted):
        return None
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return None
    if parts.scheme or parts.netloc or not (parts.path + "/").startswith("/studio/"):
        return None
    return wanted
