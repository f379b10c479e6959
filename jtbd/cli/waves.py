"""``jtbd wave``: rounds of a survey that goes on."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from jtbd.cli.options import COMMAND_LINE, opened, settings_of


@click.group()
def wave() -> None:
    """Open, close and list waves; responses that begin meanwhile belong to the open one."""


@wave.command(name="open")
@click.argument("survey")
@click.option("--label", default="", help="What the wave is called, for instance 2026.")
@click.pass_context
def open_(context: click.Context, /, survey: str, label: str) -> None:
    """Begin the next wave of SURVEY."""
    from jtbd.store.waves import open_wave

    with opened(settings_of(context)) as database:
        begun = open_wave(database, survey, label, datetime.now(UTC), by=COMMAND_LINE)
    click.echo(f"{survey}: wave {begun.number} is open")


@wave.command()
@click.argument("survey")
@click.pass_context
def close(context: click.Context, /, survey: str) -> None:
    """End the open wave of SURVEY."""
    from jtbd.store.waves import close_wave

    with opened(settings_of(context)) as database:
        ended = close_wave(database, survey, datetime.now(UTC), by=COMMAND_LINE)
    click.echo(f"{survey}: wave {ended.number} is closed")


@wave.command(name="list")
@click.argument("survey")
@click.pass_context
def list_(context: click.Context, /, survey: str) -> None:
    """List the waves of SURVEY with their responses; --wave takes their numbers and labels."""
    from jtbd.report.progress import waves_text
    from jtbd.store.progress import load_progress
    from jtbd.store.waves import list_waves

    with opened(settings_of(context)) as database:
        waves = list_waves(database, survey)
        progress = load_progress(database, survey, datetime.now(UTC))
    if not waves:
        click.echo(f"{survey} has no waves; begin the first with: jtbd wave open {survey}", err=True)
        return
    click.echo(waves_text(waves, progress), nl=False)
