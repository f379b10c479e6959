"""``jtbd serve``: the web server."""

from __future__ import annotations

import os
import socket
from datetime import UTC, datetime

import click

from jtbd.cli.options import opened, settings_of
from jtbd.settings import Settings

FIRST_LINK_HOURS = 24


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, metavar="H", help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, metavar="P", help="Port.")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, metavar="N", help="Processes.")
@click.pass_context
def serve(context: click.Context, /, host: str, port: int, workers: int) -> None:
    """Serve surveys and the studio until stopped.

    The first start prints a one-time link that creates the administrator.
    """
    settings = settings_of(context)
    with opened(settings):
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


def announce(settings: Settings, host: str, port: int) -> None:
    """Say where things are; while nobody can log in, with a link that creates the administrator."""
    from jtbd.store.accounts import has_accounts, issue_login_link

    address = f"http://{host}:{port}"
    click.echo(f"Surveys  {address}/")
    with opened(settings) as database:
        if has_accounts(database):
            click.echo(f"Studio   {address}/studio")
            return
        token = issue_login_link(database, None, "create_admin", datetime.now(UTC), FIRST_LINK_HOURS)
    click.echo(f"Studio   {address}/studio/link/{token}")
    click.echo(f"         (opens once, within {FIRST_LINK_HOURS} hours, to create the administrator)")


def run_server(settings: Settings, host: str, port: int, workers: int) -> None:
    """Run until interrupted or terminated; requests under way are finished first."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    # Workers are new processes: they learn the workspace from the environment.
    os.environ["JTBD_WORKSPACE"] = str(settings.workspace)
    os.environ["JTBD_DATABASE_URL"] = settings.database_url
    Granian(
        "jtbd.web.wsgi:application",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=8,
        websockets=False,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
    ).serve()
