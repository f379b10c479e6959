"""``jtbd db``: the database."""

from __future__ import annotations

from pathlib import Path

import click

from jtbd.cli.options import opened, settings_of
from jtbd.plural import counted


@click.group(name="db")
def database() -> None:
    """Look after the database."""


@database.command()
@click.pass_context
def upgrade(context: click.Context, /) -> None:
    """Bring the database to the newest schema; answers may arrive meanwhile."""
    with opened(settings_of(context), make=True):
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


def _said(rows: dict[str, int], size: int) -> str:
    told = ", ".join(counted(rows[name], name) for name in ("survey", "response", "rating"))
    return f"{told} ({size / 1e6:.1f} MB)"


@database.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Overwrite FILE.")
@click.pass_context
def backup(context: click.Context, /, file: Path, replace: bool) -> None:  # noqa: FBT001 - click hands it over by name
    """Back the database up to FILE, while answers arrive, and see that it reads back whole.

    FILE is a SQLite database, also where the database is PostgreSQL; it can be restored into either. It holds answers
    and password hashes: keep it as safe as the database.
    """
    from jtbd.store.backup import back_up

    with opened(settings_of(context)) as store:
        copied = back_up(store, file, replace=replace)
    click.echo(f"{file}: {_said(copied.rows, copied.size)}")


@database.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Give up what the database holds now.")
@click.pass_context
def restore(context: click.Context, /, file: Path, replace: bool) -> None:  # noqa: FBT001 - as above
    """Put the backup FILE in the place of what the database holds; stop the server first.

    All or nothing; refused while another process has a SQLite database open. Everybody has to log in again, and
    whoever was erased since the backup has to be erased again.
    """
    from jtbd.store.backup import restore as put_back
    from jtbd.store.database import Database

    store = Database(settings_of(context).database_url)
    try:
        copied = put_back(store, file, replace=replace)
    finally:
        store.dispose()
    click.echo(f"restored {file}: {_said(copied.rows, copied.size)}")
    if not store.is_sqlite:
        click.echo(
            "restart every server that ran meanwhile: it knows numbers that may stand for something else now", err=True
        )
