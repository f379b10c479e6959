"""``jtbd user``: who may use the studio."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from jtbd.cli.options import opened, settings_of

LINK_HOURS = 24


@click.group()
def user() -> None:
    """Add, list, disable and enable accounts of the studio."""


@user.command()
@click.argument("name")
@click.option("--role", type=click.Choice(["admin", "strategist", "planner"]), default="strategist", show_default=True)
@click.option("--url", default="http://127.0.0.1:8000", show_default=True, help="Where the server is reached.")
@click.pass_context
def add(context: click.Context, /, name: str, role: str, url: str) -> None:
    """Add an account, or reset a lost password: prints a one-time link that sets it."""
    from jtbd.store.accounts import add_account, find_account, issue_login_link

    now = datetime.now(UTC)
    with opened(settings_of(context)) as database:
        known = find_account(database, name)
        if known is None:
            add_account(database, name, role, now)  # type: ignore[arg-type]  # click has checked the choice
        token = issue_login_link(database, name, "reset", now, LINK_HOURS)
    click.echo(f"{name} is {'known; the link sets a new password' if known else f'a new {role}'}", err=True)
    click.echo(f"{url.rstrip('/')}/studio/link/{token}")


@user.command(name="list")
@click.pass_context
def list_(context: click.Context, /) -> None:
    """List accounts."""
    from jtbd.store.accounts import list_accounts

    with opened(settings_of(context)) as database:
        found = list_accounts(database)
    for account in found:
        state = "disabled" if account.disabled else "" if account.password_set_at else "no password yet"
        click.echo(f"{account.name}  {account.role}  {state}".rstrip())


@user.command()
@click.argument("name")
@click.option("--enable", is_flag=True, hidden=True)  # from before there was `enable`
@click.pass_context
def disable(context: click.Context, /, name: str, enable: bool) -> None:  # noqa: FBT001 - click hands it over by name
    """Keep an account out; its open sessions end too."""
    _set_disabled(context, name, disabled=not enable)


@user.command()
@click.argument("name")
@click.pass_context
def enable(context: click.Context, /, name: str) -> None:
    """Let a disabled account in again, with the password it had."""
    _set_disabled(context, name, disabled=False)


def _set_disabled(context: click.Context, name: str, *, disabled: bool) -> None:
    from jtbd.store.accounts import set_disabled

    with opened(settings_of(context)) as database:
        set_disabled(database, name, disabled=disabled)
    click.echo(f"{name}: {'disabled' if disabled else 'enabled'}")
