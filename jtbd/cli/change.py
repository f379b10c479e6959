"""``jtbd change``: what changed between two waves, and what of it is real."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jtbd.cli.options import (
    deliver,
    format_option,
    make_query,
    output_option,
    picture_format,
    query_options_without,
    settings_of,
    tell,
    text_width,
)

if TYPE_CHECKING:
    from jtbd.analysis.change import ChangeAnalysis


@click.command()
@click.argument("source", required=False)
@click.option("--before", metavar="SOURCE", help="The earlier wave, where each wave is a source of its own.")
@click.option("--after", metavar="SOURCE", help="The later wave.")
@click.option("--waves", default="wave", show_default=True, metavar="COLUMN", help="Column that says the wave.")
@click.option("--from", "first", metavar="W", help="Wave to compare from [the one before the last].")
@click.option("--to", "last", metavar="W", help="Wave to compare to [the last].")
@click.option("--panel", metavar="COLUMN", help="The same people answered: the column that names them.")
@query_options_without("by", "wave")
@format_option("table", "csv", "json", pictures=True)
@output_option
@click.pass_context
def change(context: click.Context, /, form: str, output: Path | None, **options: Any) -> None:
    """What changed between two waves, with intervals and adjusted p.

    SOURCE is a survey with waves, or a ratings file with a column that says the wave; or give --before and --after.
    Weights and targets apply to each wave by itself. A change is real where p_holm is below 1 - level, suggested where
    p_bh is. An --output file that ends in .png, .svg, .pdf or .html is a picture.
    """
    analysis = _analysis(context, options)
    tell(analysis.notes)
    picture = picture_format(output)
    if picture:
        from jtbd.report import charts

        deliver(charts.render(charts.change_chart(analysis), picture), output)
        return
    from jtbd.report.change import change_table, change_text
    from jtbd.report.tables import to_csv, to_json

    if form == "csv":
        result = to_csv(change_table(analysis))
    elif form == "json":
        result = to_json(change_table(analysis), "changes", analysis.provenance, analysis.notes)
    else:
        result = change_text(analysis, text_width())
    deliver(result, output)


def _analysis(context: click.Context, options: dict[str, Any]) -> ChangeAnalysis:
    query = make_query(options)
    source, before, after = (options.pop(name) for name in ("source", "before", "after"))
    apart = before is not None and after is not None
    if (source is None) != apart or (before is None) != (after is None):
        raise click.UsageError("give SOURCE, or --before and --after")
    from jtbd.analysis import open_for
    from jtbd.analysis.change import changes_between, changes_in

    settings = settings_of(context)
    opened = [open_for(name, settings, query) for name in (source, before, after) if name]
    if not apart:
        return changes_in(opened[0], query, column=options.pop("waves"), **options)
    if options["first"] or options["last"]:
        raise click.UsageError("--from and --to choose waves of one SOURCE")
    return changes_between(("before", opened[0]), ("after", opened[1]), query, options["panel"])
