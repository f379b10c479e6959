"""``jtbd segments``: segments found in the ratings, if there are any that hold."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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


def _groups(context: click.Context, parameter: click.Parameter, value: str) -> tuple[int, ...]:
    """``2..5`` or ``3`` as numbers."""
    match = re.fullmatch(r"([0-9]{1,2})(?:\.\.([0-9]{1,2}))?", value.strip())
    if match is None:
        raise click.BadParameter("write a range such as 2..5, or one number", context, parameter)
    return tuple(range(int(match[1]), int(match[2] or match[1]) + 1))


@click.command()
@click.argument("source")
@click.option(
    "--groups", default="2..5", show_default=True, callback=_groups, metavar="K..L", help="Numbers of segments to try."
)
@click.option(
    "--by-model",
    type=click.Choice(["lca", "kmeans"]),
    default="lca",
    show_default=True,
    help="Latent classes, or factors and k-means.",
)
@click.option(
    "--outcomes", metavar="A,B,…", help="6 to 12 outcomes to divide people by [the 10 on which they differ most]."
)
@click.option("--resamples", type=int, default=50, show_default=True, help="Bootstrap samples for each number.")
@click.option(
    "--assign",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.csv",
    help="Write each respondent's segment to FILE.csv, if segments hold.",
)
@click.option(
    "--table",
    type=click.Choice(["solutions", "sizes", "outcomes", "profiles", "rankings"]),
    default="solutions",
    show_default=True,
    help="Which table --format csv gives.",
)
@query_options
@format_option("table", "csv", "json")
@output_option
@click.pass_context
def segments(
    context: click.Context,
    /,
    source: str,
    groups: tuple[int, ...],
    outcomes: str | None,
    assign: Path | None,
    table: str,
    form: str,
    output: Path | None,
    **options: Any,
) -> None:
    """Find segments in the ratings of SOURCE, and show them only if they hold.

    They hold if other samples of the same people give them again, if each has 50 people, and if one
    population without segments would hardly look the same. Segments are described, never tested: they
    were found in these same ratings.
    """
    by_model, resamples = options.pop("by_model"), options.pop("resamples")
    query = make_query(options)
    if query.by is not None:
        raise click.UsageError("--by makes no sense here: the groups are to be found")
    from jtbd.analysis import open_for
    from jtbd.analysis.segments import SegmentQuery, segment
    from jtbd.report.segments import TABLES, assignment_table, segments_json, segments_text
    from jtbd.report.tables import to_csv

    named = tuple(one.strip() for one in outcomes.split(",") if one.strip()) if outcomes else ()
    asked = SegmentQuery(named, groups, by_model, resamples)
    opened = open_for(source, settings_of(context), query)
    with _progress(2 * len(groups) * resamples) as tick:
        found = segment(opened, query, asked, tick)
    tell(found.notes)
    if assign and found.found.accepted:
        deliver(to_csv(assignment_table(found)), assign)
    elif assign:
        click.echo(f"{assign} is not written: no segments hold", err=True)
    if form == "csv":
        result = to_csv(TABLES[table](found))
    elif form == "json":
        result = segments_json(found)
    else:
        result = segments_text(found, text_width())
    deliver(result, output)


@contextmanager
def _progress(steps: int) -> Iterator[Callable[[], None]]:
    """A progress bar on a terminal, nothing elsewhere; it ends full though the last steps may not be needed."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    with click.progressbar(length=steps, label="Trying divisions", file=sys.stderr) as bar:
        yield lambda: bar.update(1)
        bar.update(steps - bar.pos)
