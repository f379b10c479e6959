"""``jtbd export``: rankings and ratings to take away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from jtbd.cli.options import deliver, format_option, make_query, query_options, settings_of, tell


@click.command()
@click.argument("survey")
@click.argument("what", type=click.Choice(["ranking", "ratings"]))
@format_option("csv", "xlsx", "json")
@click.option(
    "--output", required=True, is_eager=True, type=click.Path(dir_okay=False, path_type=Path), metavar="F", help="File."
)
@click.option("--free-text", is_flag=True, help="Ratings: with what people wrote in their own words.")
@click.option("--panel-ids", is_flag=True, help="Ratings: with the ids by which a panel knows its people.")
@query_options
@click.pass_context
def export(
    context: click.Context,
    /,
    survey: str,
    what: str,
    form: str,
    output: Path,
    *,
    free_text: bool,
    panel_ids: bool,
    **options: Any,
) -> None:
    """Write a survey's ranking (csv, xlsx, json) or its ratings file (csv) to a file.

    The ratings file scores to the same figures as the survey: jtbd score F.
    """
    from jtbd.analysis import Query

    kept = {name: options[name] for name in ("wave", "complete_only", "exclude_flagged")}
    plain = Query(**kept)
    query = make_query(options)
    if what == "ratings" and form != "csv":
        raise click.UsageError("ratings are written as csv")
    if what == "ranking" and (free_text or panel_ids):
        raise click.UsageError("--free-text and --panel-ids go with ratings")
    if what == "ratings" and query != plain:
        raise click.UsageError(
            "ratings are written as they are: only --wave, --complete-only and --exclude-flagged choose among them"
        )
    from jtbd.analysis import analyse, open_for
    from jtbd.analysis.run import check_answers
    from jtbd.report.tables import ratings_table, scores_table, to_csv, to_json

    source = open_for(survey, settings_of(context), query)
    if what == "ratings":
        check_answers(source)  # an empty file must not take the place of a full one
        deliver(to_csv(ratings_table(source, free_text=free_text, panel_ids=panel_ids)), output)
        return
    analysis = analyse(source, query)
    tell(analysis.notes)
    if form == "xlsx":
        from jtbd.report.xlsx import ranking_workbook

        deliver(ranking_workbook(analysis), output)
    elif form == "json":
        deliver(to_json(scores_table(analysis), "scores", analysis.provenance, analysis.notes), output)
    else:
        deliver(to_csv(scores_table(analysis)), output)
