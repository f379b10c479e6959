"""``jtbd score`` and ``jtbd compare``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

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


@click.command()
@click.argument("source")
@query_options
@click.option(
    "--top", type=int, default=10, show_default=True, metavar="K", help="K of the probability to be in the top K."
)
@format_option("table", "csv", "json")
@output_option
@click.pass_context
def score(context: click.Context, /, source: str, form: str, output: Path | None, **options: Any) -> None:
    """Rank the outcomes of SOURCE, each figure with its uncertainty.

    SOURCE is a ratings file (.csv, .parquet), a folder of Parquet files, or a survey.
    """
    query = make_query(options)
    from jtbd.analysis import analyse, open_source
    from jtbd.report.tables import scores_table, to_csv, to_json

    opened = open_source(source, settings_of(context), wave=query.wave, complete_only=query.complete_only)
    analysis = analyse(opened, query)
    tell(analysis.notes)
    if form == "csv":
        result = to_csv(scores_table(analysis))
    elif form == "json":
        result = to_json(scores_table(analysis), "scores", analysis.provenance, analysis.notes)
    else:
        from jtbd.report.text import ranking_text

        result = ranking_text(analysis, text_width())
    deliver(result, output)


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
    from jtbd.analysis import analyse, comparisons, open_source
    from jtbd.report.sentences import conclude_comparison
    from jtbd.report.tables import comparisons_table, to_csv, to_json
    from jtbd.report.text import plain_table

    opened = open_source(source, settings_of(context), wave=query.wave, complete_only=query.complete_only)
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
    form = output.suffix.removeprefix(".")
    if form not in ("svg", "png", "pdf", "html", "json"):
        raise click.UsageError("the file's ending says the format: .svg, .png, .pdf, .html or .json")
    from jtbd.analysis import analyse, open_source
    from jtbd.report import charts

    opened = open_source(source, settings_of(context), wave=query.wave, complete_only=query.complete_only)
    analysis = analyse(opened, query)
    tell(analysis.notes)
    draw = charts.landscape if kind == "landscape" else charts.ranking_chart
    deliver(charts.render(draw(analysis, ""), form), output)
