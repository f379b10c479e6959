"""``jtbd serve``: the web server."""

from __future__ import annotations

import atexit
import os
import socket
from dataclasses import replace
from datetime import UTC, datetime
from importlib.util import find_spec
from tempfile import TemporaryDirectory

import click

from jtbd.cli.options import opened, settings_of
from jtbd.errors import InputError, issue
from jtbd.settings import Settings

FIRST_LINK_HOURS = 24

MOST_THREADS = 512
"""Of a process: so many visitors may be slow to send what they send before others have to wait."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, metavar="H", help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, metavar="P", help="Port.")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, metavar="N", help="Processes.")
@click.option(
    "--proxies",
    type=click.IntRange(0, 10),
    metavar="N",
    help="Proxies before the server whose X-Forwarded headers to believe [JTBD_TRUSTED_PROXIES, or 0].",
)
@click.pass_context
def serve(context: click.Context, /, host: str, port: int, workers: int, proxies: int | None) -> None:
    """Serve surveys and the studio until stopped.

    The first start prints a one-time link that creates the administrator. docs/operations.md says how to put the
    server behind a proxy with TLS, and lists the settings.
    """
    settings = settings_of(context)
    if proxies is not None:
        settings = replace(settings, proxies=proxies)
    if not settings.has_database:
        click.echo(f"There was no database here: {settings.database_file} is new and empty.", err=True)
    with opened(settings, make=True):
        see_that_free(host, port)
        settings.secret_key()  # made before several workers want it
    announce(settings, host, port)
    run_server(settings, host, port, workers)


class PortInUse(click.ClickException):
    """Somebody else listens there: the server could not start."""

    exit_code = 3


def see_that_free(host: str, port: int) -> None:
    """See that nobody listens on the port: two servers would share it without a word, and mix up their visitors."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortInUse(
                f"cannot listen on {host}:{port} ({error.strerror}); stop what runs there, or use another --port"
            ) from None


def address_of(settings: Settings, host: str, port: int) -> str:
    """Where visitors reach the server: behind a proxy by the first name it answers to, else where it listens."""
    named = next((name for name in settings.hosts if not name.startswith(".")), None)
    if named and (settings.proxies or settings.https):
        return f"https://{named}{settings.url_prefix}"
    return f"http://{f'[{host}]' if ':' in host else host}:{port}{settings.url_prefix}"


def announce(settings: Settings, host: str, port: int) -> None:
    """Say where things are; while nobody can log in, with a link that creates the administrator."""
    from jtbd.store.accounts import has_accounts, issue_login_link

    address = address_of(settings, host, port)
    click.echo(f"Surveys  {address}/")
    with opened(settings) as database:
        if has_accounts(database):
            click.echo(f"Studio   {address}/studio")
            return
        token = issue_login_link(database, None, "create_admin", datetime.now(UTC), FIRST_LINK_HOURS)
    click.echo(f"Studio   {address}/studio/link/{token}")
    click.echo(f"         (opens once, within {FIRST_LINK_HOURS} hours, to create the administrator)")


def _share_metrics() -> None:
    """Let the server's processes count in files of one folder, so that each can answer for all."""
    if find_spec("prometheus_client") is None:
        raise InputError(
            [
                issue(
                    "metrics-missing",
                    "metrics need a package that is missing",
                    "run `pip install 'jtbd[metrics]'`, or set it to off",
                    file="JTBD_METRICS",
                )
            ]
        )
    folder = TemporaryDirectory(prefix="jtbd-metrics-")
    atexit.register(folder.cleanup)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder.name


def run_server(settings: Settings, host: str, port: int, workers: int) -> None:
    """Run until interrupted or terminated; requests under way are finished first."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    if settings.metrics != "off":
        _share_metrics()
    os.environ.update(settings.environment())  # workers are new processes: it is how they learn the settings
    Granian(
        "jtbd.web.wsgi:application",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=MOST_THREADS,
        websockets=False,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
    ).serve()
