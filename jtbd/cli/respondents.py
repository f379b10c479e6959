"""``jtbd respondent``: what respondents ask for."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from jtbd.cli.options import opened, settings_of
from jtbd.errors import InputError, issue
from jtbd.plural import counted

if TYPE_CHECKING:
    from jtbd.store.database import Database
    from jtbd.store.erasure import Choice

MOST_DAYS = 36_500
STALE = "{name} is in use or the disk is full: its file still holds copies; run `jtbd db scrub` when that is over"

INVITED = (
    "take the person out of your panel file: nothing is kept of them, so the next `jtbd invite` would invite them anew"
)


@click.group()
def respondent() -> None:
    """Do what respondents ask for."""


def _days(context: click.Context, option: click.Parameter, value: str | None) -> int | None:
    del context, option
    if value is None:
        return None
    days = re.fullmatch(r"([0-9]{1,5})d", value)
    if days is None or not 1 <= int(days[1]) <= MOST_DAYS:
        raise click.BadParameter(f"“{value}” is no number of days such as 365d")
    return int(days[1])


@respondent.command(context_settings={"ignore_unknown_options": True})  # a reference may start with a dash
@click.argument("what", metavar="REF|SURVEY", required=False)
@click.option("--panel-id", metavar="ID", help="All of the person whom the panel knows by this id.")
@click.option("--older-than", metavar="DAYS", callback=_days, help="All that nobody changed for so long, as 365d.")
@click.option("--all", "everywhere", is_flag=True, help="In every survey.")
@click.option("--dry-run", is_flag=True, help="Say how much it is and stop.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def erase(
    context: click.Context,
    /,
    what: str | None,
    panel_id: str | None,
    older_than: int | None,
    everywhere: bool,  # noqa: FBT001 - click hands options over by name
    dry_run: bool,  # noqa: FBT001
    yes: bool,  # noqa: FBT001
) -> None:
    """Delete responses with all they hold, and the invitations that led to them.

    REF is the reference that a respondent was shown: theirs alone is deleted. With --panel-id or --older-than, name a
    SURVEY or say --all. It is for good, and says first how much it is. Copies made before are yours to delete:
    archives, exports, backups.
    """
    by_reference = panel_id is None and older_than is None
    if panel_id is not None and older_than is not None:
        raise click.UsageError("give --panel-id or --older-than")
    if by_reference and (what is None or everywhere or dry_run):
        raise click.UsageError("give a REF, or --panel-id or --older-than")
    if not by_reference and (what is None) != everywhere:
        raise click.UsageError("name a SURVEY or say --all")
    from jtbd.store.erasure import Choice

    with opened(settings_of(context)) as database:
        if by_reference:
            _erase_one(database, what or "")
        else:
            before = None if older_than is None else datetime.now(UTC) - timedelta(days=older_than)
            if not _erase_many(database, Choice(what, panel_id, before), ask=not yes, dry_run=dry_run):
                return
        if not database.scrub():
            click.echo(STALE.format(name=database.name), err=True)


def _erase_one(database: Database, reference: str) -> None:
    from jtbd.store.erasure import erase as erase_response

    erased = erase_response(database, reference)
    if erased is None:
        problem = issue("no-such-response", "no response has this reference", "check it letter by letter", file="REF")
        raise InputError([problem])
    click.echo("the response is deleted")
    if erased.invitations:
        click.echo(INVITED, err=True)


def _erase_many(database: Database, choice: Choice, *, ask: bool, dry_run: bool) -> bool:
    """Whether anything was erased."""
    from jtbd.store.erasure import Erased, count_chosen, erase_chosen

    def told(found: list[Erased], verb: str) -> None:
        for one in found:
            responses, invitations = counted(one.responses, "response"), counted(one.invitations, "invitation")
            click.echo(f"{one.slug}: {responses} and {invitations} {verb}")

    found = count_chosen(database, choice)
    if not found and choice.panel_id is not None:
        what = f"nobody was invited by the id “{choice.panel_id}”"
        remedy = "check it letter by letter; of anonymous surveys only the invitation is known, not the answers"
        raise InputError([issue("no-such-person", what, remedy, file="--panel-id")])
    if not found:
        click.echo("nothing is that old")
        return False
    if dry_run:
        told(found, "would be deleted")
        return False
    if ask:
        told(found, "will be deleted, for good")
        click.confirm("Delete them?", abort=True, err=True)
    erased = erase_chosen(database, choice)
    told(erased, "deleted")
    if choice.panel_id is not None:
        click.echo(INVITED, err=True)
    return True
