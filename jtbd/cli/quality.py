"""``jtbd quality``: careless responding."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jtbd.cli.options import COMMAND_LINE, deliver, format_option, opened, output_option, settings_of, tell, wave_option
from jtbd.errors import InputError, issue

if TYPE_CHECKING:
    from jtbd.analysis.quality import Quality
    from jtbd.report.tables import Table
    from jtbd.settings import Settings


@click.command()
@click.argument("source")
@wave_option
@click.option("--complete-only", is_flag=True, help="Leave out responses in progress.")
@click.option("--exclude", multiple=True, metavar="REF|flagged", help="Do not count this response of a survey; repeat.")
@click.option("--include", multiple=True, metavar="REF", help="Count it, whatever it shows; repeat.")
@click.option("--reason", metavar="TEXT", help="Why: kept with every exclusion and inclusion.")
@click.option("--history", is_flag=True, help="Show who excluded or included what, when and why.")
@click.option("--with-and-without", is_flag=True, help="Rank with everybody, and without the flagged and excluded.")
@format_option("table", "csv", "json")
@output_option
@click.pass_context
def quality(
    context: click.Context,
    /,
    source: str,
    wave: int | str | None,
    complete_only: bool,  # noqa: FBT001 - click hands options over by name
    exclude: tuple[str, ...],
    include: tuple[str, ...],
    reason: str | None,
    history: bool,  # noqa: FBT001
    with_and_without: bool,  # noqa: FBT001
    form: str,
    output: Path | None,
) -> None:
    """Look for careless respondents in SOURCE: who shows two independent signs is flagged, nobody is deleted.

    The table lists the flagged; csv and json have a row for everybody. REF is a reference from that table.
    """
    if sum([bool(exclude), bool(include), history, with_and_without]) > 1:
        raise click.UsageError("choose one of --exclude, --include, --history and --with-and-without")
    if (exclude or include) and not (reason or "").strip():
        raise click.UsageError('say why with --reason "…"')
    if reason and not (exclude or include):
        raise click.UsageError("--reason belongs to --exclude or --include")
    settings = settings_of(context)
    if exclude or include:
        _decide(settings, source, exclude, include, reason or "")
    elif history:
        _history(settings, source, form, output)
    else:
        from jtbd.analysis import open_quality

        found = open_quality(source, settings, wave=wave, complete_only=complete_only)
        _deliver_shifts(found, form, output) if with_and_without else _deliver_signs(found, form, output)


def _decide(settings: Settings, slug: str, exclude: tuple[str, ...], include: tuple[str, ...], reason: str) -> None:
    from jtbd.analysis.quality import chosen_responses, survey_quality
    from jtbd.store import exclusions

    _see_that_survey(slug)
    with opened(settings) as database:
        chosen = chosen_responses(survey_quality(database, slug), exclude or include)
        decide = exclusions.exclude if exclude else exclusions.include
        number = decide(database, slug, chosen, reason, COMMAND_LINE, datetime.now(UTC))
    noun = "response" if number == 1 else "responses"
    click.echo(f"{slug}: {number} {noun} {'excluded' if exclude else 'included'}")


def _history(settings: Settings, slug: str, form: str, output: Path | None) -> None:
    from jtbd.report.quality import history_table
    from jtbd.store.exclusions import history

    _see_that_survey(slug)
    with opened(settings) as database:
        table = history_table(history(database, slug))
    if form == "table" and not table.rows:
        click.echo("nothing was excluded or included so far", err=True)
        return
    deliver(_written(table, "history", {"source": slug}, form), output)


def _see_that_survey(name: str) -> None:
    from jtbd.analysis.source import is_file

    if is_file(name):
        remedy = (
            "of a file, write who is flagged to a file with --format csv, or use: jtbd score FILE --exclude-flagged"
        )
        problem = issue("bad-option", "exclusions are kept for responses of surveys only", remedy, file=name)
        raise InputError([problem])


def _deliver_signs(found: Quality, form: str, output: Path | None) -> None:
    from jtbd.report.quality import not_looked_at, quality_provenance, quality_table, quality_text
    from jtbd.report.tables import to_csv, to_json

    notes = tuple(not_looked_at(found))
    tell(notes)
    if form == "csv":
        deliver(to_csv(quality_table(found)), output)
    elif form == "json":
        deliver(to_json(quality_table(found), "respondents", quality_provenance(found), notes), output)
    else:
        deliver(quality_text(found), output)


def _deliver_shifts(found: Quality, form: str, output: Path | None) -> None:
    from jtbd.analysis import Query
    from jtbd.analysis.quality import with_and_without
    from jtbd.report.quality import shifts_table, shifts_text

    both = with_and_without(found, Query())
    tell(both.without.notes)
    if form == "table":
        deliver(shifts_text(both), output)
        return
    provenance = {"with": both.everybody.provenance, "without": both.without.provenance}
    deliver(_written(shifts_table(both.shifts), "outcomes", provenance, form), output)


def _written(table: Table, name: str, provenance: Mapping[str, object], form: str) -> str:
    from jtbd.report.tables import to_csv, to_json
    from jtbd.report.text import plain_table

    if form == "csv":
        return to_csv(table)
    return to_json(table, name, dict(provenance), ()) if form == "json" else plain_table(table)
