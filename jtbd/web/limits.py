"""How often one address may begin a response, try a code nobody has, and try to log in."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address

from flask import request
from werkzeug.exceptions import TooManyRequests

from jtbd.settings import Rate
from jtbd.store.accounts import name_key
from jtbd.store.attempts import TooOften
from jtbd.web.services import services


def count_start() -> None:
    """Count that a response is begun from this address, unless that is the machine itself.

    From there come load tests, and all visitors if a proxy on it is not trusted: no respondent must be lost by that.
    """
    address = parsed_address(request.remote_addr)
    if address is None or not address.is_loopback:
        _apply(services().limiter.count, "start", services().settings.start_limit, _address())


def see_that_codes_may_be_tried() -> None:
    """See that this address has not tried too many codes nobody has."""
    _apply(services().limiter.see_that_free, "code", services().settings.resume_limit, _address())


def count_unknown_code() -> None:
    """Count a code nobody has."""
    _apply(services().limiter.count, "code", services().settings.resume_limit, _address())


def count_login(name: str) -> None:
    """Count that this address tries to log in, and that somebody, from wherever, tries to as `name`."""
    rate = services().settings.login_limit
    _apply(services().limiter.count, "login", rate, _address())
    _apply(services().limiter.count, "login as", rate, name_key(name))


def _apply(look: Callable[..., None], kind: str, rate: Rate, subject: str) -> None:
    try:
        look(kind, rate, subject, services().clock())
    except TooOften as refusal:
        raise TooManyRequests(retry_after=refusal.seconds) from refusal


def _address() -> str:
    """Where a request comes from; of IPv6 what one customer of a provider has, as all of it is theirs to vary."""
    address = parsed_address(request.remote_addr)
    if isinstance(address, IPv6Address):
        return str(int(address) >> 64)
    return str(address) if address else request.remote_addr or ""


def parsed_address(text: str | None) -> IPv4Address | IPv6Address | None:
    """An address, of IPv4 also where it is written as one of IPv6; ``None`` for what is none, such as a socket."""
    try:
        address = ip_address((text or "").partition("%")[0])
    except ValueError:
        return None
    return address.ipv4_mapped or address if isinstance(address, IPv6Address) else address
