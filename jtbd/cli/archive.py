"""``jtbd archive``: a survey's responses to keep and to query."""

from __future__ import annotations

from pathlib import Path

import click

from jtbd.cli.options import settings_of
from jtbd.plural import counted


@click.command()
@click.argument("survey")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--free-text", is_flag=True, help="With what people wrote in their own words.")
@click.option("--panel-ids", is_flag=True, help="With the ids by which the panel knows who was invited.")
@click.pass_context
def archive(context: click.Context, /, survey: str, folder: Path, **also: bool) -> None:
    """Write the responses of SURVEY to DIR, a new folder of Parquet files.

    jtbd score DIR gives the same figures as the survey; any tool that reads Parquet can query it.
    """
    from jtbd.analysis import open_source
    from jtbd.analysis.archive import write_archive
    from jtbd.analysis.run import check_answers

    source = open_source(survey, settings_of(context))
    check_answers(source)
    write_archive(source, folder.resolve(), **also)
    click.echo(f"{folder} holds {counted(source.ratings.n, 'response')}")
