"""``jtbd score`` and ``jtbd compare``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jtbd.cli.options import (
    deliver,
    format_option,
    make_query,
    output_option,
    query_options,
    settings_of,
    tell,
    text_width,
)

if TYPE_CHECKING:
    from jtbd.analysis import Query, Source


@click.command()
@click.argument("source")
@query_options
@click.option(
    "--top", type=int, default=10, show_default=True, metavar="K", help="K of the probability to be in the top K."
)
@click.option("--across", metavar="COLUMN", help="One ranking over the values of COLUMN: mode, for one.")
@click.option("--stake", "stakes", multiple=True, metavar="GROUP=NUMBER", help="What is at stake there; repeat.")
@click.option("--distribution", is_flag=True, help="Add how many gave each rating, 1 to 5.")
@click.option("--stabilised", is_flag=True, help="Add shares drawn towards the mean where few rated.")
@format_option("table", "csv", "json")
@output_option
@click.pass_context
def score(
    context: click.Context,
    /,
    source: str,
    form: str,
    output: Path | None,
    across: str | None,
    stakes: tuple[str, ...],
    **options: Any,
) -> None:
    """Rank the outcomes of SOURCE, each figure with its uncertainty.

    SOURCE is a ratings file (.csv, .parquet), a folder of Parquet files, or a survey. --method all gives the ranks
    of every method side by side, --across mode --stake GROUP=NUMBER one ranking weighted by what is at stake.
    """
    query = make_query(options)
    if stakes and across is None:
        raise click.UsageError("--stake belongs to --across COLUMN")
    if across is not None and (query.distribution or query.stabilised):
        raise click.UsageError("--distribution and --stabilised are of respondents: leave out --across")
    from jtbd.analysis import analyse, open_for
    from jtbd.report.tables import scores_table, to_csv, to_json

    opened = open_for(source, settings_of(context), query)
    if across is not None:
        deliver(_across(opened, query, across, stakes, form), output)
        return
    analysis = analyse(opened, query)
    tell(analysis.notes)
    if form == "csv":
        result = to_csv(scores_table(analysis))
    elif form == "json":
        result = to_json(scores_table(analysis), "scores", analysis.provenance, analysis.notes)
    else:
        from jtbd.report.text import methods_text, ranking_text

        write = methods_text if analysis.agreements else ranking_text
        result = write(analysis, text_width())
    deliver(result, output)


def _across(source: Source, query: Query, column: str, stakes: tuple[str, ...], form: str) -> str:
    from jtbd.analysis import analyse_across
    from jtbd.analysis.across import parse_values
    from jtbd.report.tables import across_table, to_csv, to_json

    found = analyse_across(source, query, column, parse_values(stakes))
    tell(found.notes)
    if form == "csv":
        return to_csv(across_table(found))
    if form == "json":
        return to_json(across_table(found), "scores", found.provenance, found.notes)
    from jtbd.report.text import across_text

    return across_text(found, text_width())


@click.command()
@click.argument("source")
@query_options
@format_option("table", "csv", "json")
@output_option
@click.pass_context
def compare(context: click.Context, /, source: str, form: str, output: Path | None, **options: Any) -> None:
    """Compare groups of SOURCE pair by pair: differences with their uncertainty.

    p is adjusted over all rows: p_bh for screening, p_holm for claims.
    """
    query = make_query(options)
    if query.by is None:
        raise click.UsageError("say with --by COLUMN which groups to compare")
    from jtbd.analysis import analyse, comparisons, open_for
    from jtbd.report.sentences import conclude_comparison
    from jtbd.report.tables import comparisons_table, to_csv, to_json
    from jtbd.report.text import plain_table

    opened = open_for(source, settings_of(context), query)
    analysis = analyse(opened, query)
    tell(analysis.notes)
    found = comparisons(analysis)
    table = comparisons_table(found)
    if form == "csv":
        result = to_csv(table)
    elif form == "json":
        result = to_json(table, "comparisons", analysis.provenance, analysis.notes)
    else:
        result = f"{conclude_comparison(found, query.level)}\n\n{plain_table(table)}"
    deliver(result, output)


@click.command()
@click.argument("source")
@click.argument("kind", type=click.Choice(["landscape", "ranking"]))
@query_options
@click.option(
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="F.svg|png|pdf|html|json",
    help="File; its ending says the format.",
)
@click.pass_context
def chart(context: click.Context, /, source: str, kind: str, output: Path, **options: Any) -> None:
    """Draw the opportunity landscape or the ranking of SOURCE."""
    query = make_query(options)
    if query.by is not None:
        raise click.UsageError("a chart shows one group: choose it with --where COLUMN=VALUE")
    if query.method == "all":
        raise click.UsageError("a chart shows one method: name it with --method")
    form = output.suffix.removeprefix(".")
    if form not in ("svg", "png", "pdf", "html", "json"):
        raise click.UsageError("the file's ending says the format: .svg, .png, .pdf, .html or .json")
    from jtbd.analysis import analyse, open_for
    from jtbd.report import charts

    opened = open_for(source, settings_of(context), query)
    analysis = analyse(opened, query)
    tell(analysis.notes)
    draw = charts.landscape if kind == "landscape" else charts.ranking_chart
    deliver(charts.render(draw(analysis, ""), form), output)
