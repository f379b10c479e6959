"""``jtbd invite``: a link for each person of a panel."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from jtbd.cli.options import deliver, opened, output_option, settings_of
from jtbd.plural import counted

if TYPE_CHECKING:
    from jtbd.ratings.panel import Panel
    from jtbd.store.invitations import Invited, InvitedNow

HERE = "http://127.0.0.1:8000"


def _base_url(context: click.Context, option: click.Parameter, value: str) -> str:
    del context, option
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        raise click.BadParameter(f"“{value}” is no address such as https://survey.example.org")
    return value.rstrip("/")


@click.command()
@click.argument("survey")
@click.argument("panel", metavar="PANEL.csv", type=click.Path(path_type=Path))
@click.option(
    "--base-url",
    default=HERE,
    show_default=True,
    callback=_base_url,
    metavar="URL",
    help="Where respondents reach the server.",
)
@click.option("--again", is_flag=True, help="New links for those who have not used theirs, which then ends.")
@output_option
@click.pass_context
def invite(
    context: click.Context,
    /,
    survey: str,
    panel: Path,
    base_url: str,
    again: bool,  # noqa: FBT001 - click hands options over by name
    output: Path | None,
) -> None:
    """Make a link for each person in PANEL.csv, good for one response to SURVEY; writes a CSV of id and link.

    The column id, or else the first, holds the panel's own id of each person; no other column is read. The links are
    shown this once, as only digests of them are stored. In a survey with waves an invitation is to the open one.
    People who have an invitation get no second one; who deleted their answers has none, and counts as new.
    """
    from jtbd.ratings.panel import read_panel
    from jtbd.report.tables import Table, to_csv
    from jtbd.store.invitations import invite as invite_panel

    read = read_panel(panel)

    def hand_out(invited: Sequence[Invited]) -> None:
        links = tuple((one.panel_id, f"{base_url}/i/{one.token}") for one in invited)
        deliver(to_csv(Table(("id", "link"), links)), output)

    with opened(settings_of(context)) as database:
        done = invite_panel(database, survey, read.ids, datetime.now(UTC), hand_out, again=again)
    for line in _told(done, read):
        click.echo(line, err=True)
    if base_url == HERE:
        click.echo("the links lead to this machine; say with --base-url where respondents reach it", err=True)


def _told(done: InvitedNow, panel: Panel) -> list[str]:
    known = done.replaced + done.kept + done.used
    lines = [f"ids are in the column {panel.column}", f"{done.new:,} invited"]
    if done.new and known:
        lines.append(
            f"{counted(known, 'person', 'people')} of the file had been invited before. Who deleted their answers since"
            " is among the new ones, as nothing is kept of them: send links only to those you added to the file"
        )
    if done.replaced:
        lines.append(f"{done.replaced:,} got a new link; their earlier one has ended")
    if done.kept:
        keep = "has an invitation already and keeps it" if done.kept == 1 else "have an invitation already and keep it"
        lines.append(f"{done.kept:,} {keep}; replace it with --again")
    if done.used:
        used = "has used their invitation and gets" if done.used == 1 else "have used their invitation and get"
        lines.append(f"{done.used:,} {used} no other")
    if panel.left_out:
        lines.append(f"not read: {', '.join(panel.left_out)}")
    return lines
