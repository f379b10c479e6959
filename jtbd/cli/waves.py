"""``jtbd wave``: rounds of a survey that goes on."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from jtbd.cli.options import opened, settings_of


@click.group()
def wave() -> None:
    """Open and close waves; responses that begin meanwhile belong to the open one."""


@wave.command(name="open")
@click.argument("survey")
@click.option("--label", default="", help="What the wave is called, for instance 2026.")
@click.pass_context
def open_(context: click.Context, /, survey: str, label: str) -> None:
    """Begin the next wave of SURVEY."""
    from jtbd.store.waves import open_wave

    with opened(settings_of(context)) as database:
        begun = open_wave(database, survey, label, datetime.now(UTC))
    click.echo(f"{survey}: wave {begun.number} is open")


@wave.command()
@click.argument("survey")
@click.pass_context
def close(context: click.Context, /, survey: str) -> None:
    """End the open wave of SURVEY."""
    from jtbd.store.waves import close_wave

    with opened(settings_of(context)) as database:
        ended = close_wave(database, survey, datetime.now(UTC))
    click.echo(f"{survey}: wave {ended.number} is closed")
