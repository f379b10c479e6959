"""``jtbd db``: the database."""

from __future__ import annotations

import click

from jtbd.cli.options import opened, settings_of


@click.group(name="db")
def database() -> None:
    """Look after the database."""


@database.command()
@click.pass_context
def upgrade(context: click.Context, /) -> None:
    """Bring the database to the newest schema; answers may arrive meanwhile."""
    with opened(settings_of(context)):
        click.echo("the database is up to date")


@database.command()
@click.pass_context
def check(context: click.Context, /) -> int:
    """Check that the database can be reached, is up to date and is whole."""
    from jtbd.store.database import Database

    store = Database(settings_of(context).database_url)
    try:
        problems = store.check()
    finally:
        store.dispose()
    for problem in problems:
        click.echo(problem)
    if not problems:
        click.echo("the database is well")
    return int(bool(problems))


@database.command()
@click.pass_context
def scrub(context: click.Context, /) -> int:
    """Leave no copy of what was erased in the files of SQLite; deleting respondents does it too."""
    with opened(settings_of(context)) as store:
        done = store.scrub()
    click.echo("no copies are left" if done else "the database is in use, or the disk is full; try again later")
    return 0 if done else 3
