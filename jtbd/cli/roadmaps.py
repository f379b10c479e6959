"""``jtbd roadmap``: what to do, for vendors and buyers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jtbd.cli.options import deliver, format_option, make_query, output_option, query_options, settings_of, text_width
from jtbd.ratings.codes import shown

if TYPE_CHECKING:
    from jtbd.analysis import Query, Source
    from jtbd.roadmap.model import Roadmap


@click.group()
def roadmap() -> None:
    """Turn scores into a roadmap, decided by tested differences."""


@roadmap.command()
@click.argument("source")
@click.option("--solution", required=True, metavar="V", help="The vendor's own solution.")
@query_options
@format_option("table", "csv", "json")
@output_option
@click.pass_context
def vendor(context: click.Context, /, source: str, solution: str, **options: Any) -> None:
    """Where to catch up, lead, defend, hold or trim, for the vendor of a solution."""
    from jtbd.analysis.roadmaps import for_vendor

    _run(context, source, lambda opened, query: for_vendor(opened, query, solution), options)


@roadmap.command()
@click.argument("source")
@click.option("--organisation", required=True, metavar="B", help="The organisation that buys.")
@query_options
@format_option("table", "csv", "json")
@output_option
@click.pass_context
def buyer(context: click.Context, /, source: str, organisation: str, **options: Any) -> None:
    """What to fix inside, adopt, ask vendors for, keep or spend less on, for an organisation that buys."""
    from jtbd.analysis.roadmaps import for_buyer

    _run(context, source, lambda opened, query: for_buyer(opened, query, organisation), options)


def _run(context: click.Context, name: str, make: Callable[[Source, Query], Roadmap], options: dict[str, Any]) -> None:
    form: str = options.pop("form")
    output: Path | None = options.pop("output")
    query = make_query(options)
    if query.by is not None:
        raise click.UsageError("--by makes no sense here: a roadmap compares solutions and organisations itself")
    if query.method != "opportunity":
        raise click.UsageError("a roadmap rests on opportunity: leave out --method")
    from jtbd.analysis import open_for
    from jtbd.analysis.run import provenance
    from jtbd.report.roadmaps import roadmap_table, roadmap_text
    from jtbd.report.tables import to_csv

    source = open_for(name, settings_of(context), query)
    found = make(source, query)
    for name in found.left_out:
        click.echo(f"{shown(name)} is not compared: fewer than {query.min_group} people use it", err=True)
    table = roadmap_table(source, found)
    if form == "csv":
        result = to_csv(table)
    elif form == "json":
        head = {
            "kind": found.kind,
            "subject": found.subject,
            "comparisons": found.comparisons,
            "simulated": source.simulated,
            "provenance": provenance(source, query),
            "left_out": found.left_out,
        }
        result = json.dumps({**head, "items": list(table.records())}, ensure_ascii=False, indent=1) + "\n"
    else:
        result = roadmap_text(source, found, text_width())
    deliver(result, output)
