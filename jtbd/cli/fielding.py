"""Commands of ``jtbd survey`` for a study that runs: who may begin, where it is, how it goes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jtbd.cli.options import COMMAND_LINE, deliver, format_option, opened, output_option, settings_of
from jtbd.plural import counted

if TYPE_CHECKING:
    from jtbd.store.surveys import Status

HERE = "http://127.0.0.1:8000"
"""Where `jtbd serve` listens unless it is told otherwise."""


@click.command()
@click.argument("slug")
@click.pass_context
def pause(context: click.Context, /, slug: str) -> None:
    """Take no new responses for a while; people who began may go on."""
    _set_status(context, slug, "paused")


@click.command()
@click.argument("slug")
@click.pass_context
def reopen(context: click.Context, /, slug: str) -> None:
    """Take new responses again."""
    _set_status(context, slug, "open")


@click.command()
@click.argument("slug")
@click.pass_context
def close(context: click.Context, /, slug: str) -> None:
    """Take no new responses any more; people who began may finish."""
    _set_status(context, slug, "closed")


def _set_status(context: click.Context, slug: str, status: Status) -> None:
    from jtbd.store.surveys import set_status

    with opened(settings_of(context)) as database:
        set_status(database, slug, status, datetime.now(UTC), by=COMMAND_LINE)
    click.echo(f"{slug}: {status}")


@click.command()
@click.argument("slug")
@click.option("--delete", "delete_answers", is_flag=True, help="Delete the answers; else they become test answers.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def end_pilot(
    context: click.Context,
    /,
    slug: str,
    delete_answers: bool,  # noqa: FBT001 - click hands options over by name
    yes: bool,  # noqa: FBT001
) -> int:
    """Set the answers of a pilot aside before fielding: all real answers there are become test answers.

    Test answers are kept and never mix with those that count. Refused once a wave has been closed.
    """
    from jtbd.store.pilot import end_pilot as end
    from jtbd.store.pilot import find_pilot
    from jtbd.store.refusals import FieldingBegun

    with opened(settings_of(context)) as database:
        pilot = find_pilot(database, slug)
        if pilot.closed_wave is not None:
            raise FieldingBegun(slug, pilot.closed_wave)
        if not pilot.responses:
            click.echo(f"{slug}: there are no real answers; nothing was changed")
            return 0
        answers = counted(pilot.responses, "real response")
        what = f"Delete {answers} to {slug} for good" if delete_answers else f"Turn {answers} to {slug} into tests"
        for_good = "this cannot be undone (jtbd db backup keeps a copy)"
        if not yes and not click.confirm(f"{what}? {for_good.capitalize()}.", err=True):
            click.echo("nothing was changed", err=True)
            return 1
        now = datetime.now(UTC)
        end(database, slug, delete_answers=delete_answers, expected=pilot.responses, by=COMMAND_LINE, now=now)
    click.echo(f"{slug}: {answers} {'deleted' if delete_answers else 'turned into tests'}")
    return 0


@click.command()
@click.argument("slug")
@format_option("table", "csv", "json")
@output_option
@click.pass_context
def status(context: click.Context, /, slug: str, form: str, output: Path | None) -> None:
    """Say how a study goes: who began and got how far, where people left, how long it takes.

    Counted are real responses; simulated ones until a real one has begun. Abandoned: no page saved for 24 hours. csv
    has a row for each page.
    """
    from jtbd.report.progress import pages_table, progress_json, progress_text
    from jtbd.report.tables import to_csv
    from jtbd.store.progress import load_progress
    from jtbd.store.surveys import load_plan, survey_named
    from jtbd.store.waves import list_waves

    with opened(settings_of(context)) as database:
        row = survey_named(database, slug)
        plan, waves = load_plan(database, row.revision_id), list_waves(database, slug)
        progress = load_progress(database, slug, datetime.now(UTC))
    if form == "csv":
        deliver(to_csv(pages_table(progress, plan)), output)
    elif form == "json":
        deliver(progress_json(row, plan, waves, progress), output)
    else:
        deliver(progress_text(row, plan, waves, progress), output)


def _base_url(context: click.Context, option: click.Parameter, value: str) -> str:
    from jtbd.survey.links import is_base_url

    del context, option
    if not is_base_url(value):
        raise click.BadParameter(f"“{value}” is not an address such as https://survey.example.org")
    return value


@click.command()
@click.argument("slug")
@click.option("--base-url", default=HERE, show_default=True, callback=_base_url, help="Where the server is reached.")
@click.option("--language", metavar="CODE", help="The QR code opens the survey in this language.")
@format_option("text", "svg", "png")
@output_option
@click.pass_context
def links(
    context: click.Context, /, slug: str, base_url: str, language: str | None, form: str, output: Path | None
) -> None:
    """Print the links of a survey: start, each language, preview. svg and png are a QR code of the start link.

    Preview links are good for 24 hours. A survey by invitation has no start links: jtbd invite makes
    a link for each person.
    """
    from jtbd.report.qr import qr_png, qr_svg
    from jtbd.store.surveys import load_plan, survey_named
    from jtbd.survey.links import preview_links, start_links
    from jtbd.survey.preview import preview_token

    settings = settings_of(context)
    with opened(settings) as database:
        plan = load_plan(database, survey_named(database, slug).revision_id)
    starts = list(start_links(plan, base_url))
    if base_url == HERE:
        click.echo("these links work on this machine only; name the server's address with --base-url", err=True)
    if not starts:
        click.echo(
            f"{slug} is answered by invitation; make a link for each person with: jtbd invite {slug} PANEL.csv",
            err=True,
        )
    if form == "text":
        shown = [*starts, *preview_links(plan, base_url, preview_token(settings.secret_key(), slug))]
        width = max(len(link.name) for link in shown)
        deliver("".join(f"{link.name:<{width}}  {link.url}\n" for link in shown), output)
        return
    if not starts:
        raise click.BadParameter(f"{slug} has no start link that a QR code could hold", param_hint="--format")
    asked = language if plan.translations or language != plan.language else ""
    chosen = next((link for link in starts if asked is None or asked == link.language), None)
    if chosen is None:
        offered = ", ".join(one.language for one in plan.languages)
        raise click.BadParameter(f"{slug} is not asked in “{language}”; it is in {offered}", param_hint="--language")
    deliver(qr_svg(chosen.url) if form == "svg" else qr_png(chosen.url), output)
