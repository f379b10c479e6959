"""``jtbd map``: job maps."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jtbd.cli.options import (
    deliver,
    format_option,
    language_option,
    output_option,
    settings_of,
    text_width,
    write_to_fill,
)
from jtbd.errors import InputError

if TYPE_CHECKING:
    from jtbd.jobmap.model import JobMap
    from jtbd.settings import Settings

SHOWN = ("text", "json", "svg", "png")


@click.group(name="map")
def maps() -> None:
    """Check, show, compare and translate job maps."""


@maps.command()
@click.argument("paths", nargs=-1, type=click.Path(), metavar="[PATH]…")
@format_option("text", "json")
@click.pass_context
def lint(context: click.Context, /, paths: tuple[str, ...], form: str) -> int:
    """Check job maps: all of the workspace and the shipped ones, or the PATHs given.

    Exit 1 if any has an error.
    """
    from jtbd.jobmap.lint import lint as found

    issues = found(settings_of(context), paths)
    if form == "json":
        deliver(json.dumps([asdict(issue) for issue in issues], ensure_ascii=False, indent=1) + "\n", None)
    else:
        deliver("".join(f"{issue}\n" for issue in issues), None)
        click.echo("no issues" if not issues else f"{len(issues)} issue{'s' if len(issues) > 1 else ''}", err=True)
    return int(any(issue.level == "error" for issue in issues))


@maps.command()
@click.argument("name", metavar="MAP")
@click.option(
    "--format",
    "form",
    type=click.Choice(SHOWN),
    help="Output format [the ending of FILE where it is one of these, else text].",
)
@output_option
@click.pass_context
def show(context: click.Context, /, name: str, form: str | None, output: Path | None) -> None:
    """Show a job map: its steps, who takes part, and its outcomes in both phrasings.

    svg and png are the map as a picture for a slide (16:9).
    """
    ending = output.suffix.removeprefix(".") if output else ""
    form = form or (ending if ending in SHOWN else "text")
    if form == "png" and output is None and sys.stdout.isatty():
        raise click.UsageError("a PNG picture is not for the terminal: add --output FILE")
    from jtbd.jobmap.load import load_map
    from jtbd.jobmap.show import as_json, as_text

    settings = settings_of(context)
    job_map = load_map(settings, name)
    if form in ("svg", "png"):
        deliver(_picture(settings, job_map, form), output)
    else:
        shown = as_json(job_map) if form == "json" else as_text(job_map, min(text_width(), 110))
        deliver(shown + "\n", output)


def _picture(settings: Settings, job_map: JobMap, form: str) -> str | bytes:
    from jtbd.jobmap.atlas import read_atlas
    from jtbd.jobmap.picture import as_png, as_svg

    atlas = read_atlas(settings)
    shared = {outcome.id for outcome in job_map.outcomes if atlas.elsewhere(outcome.id, job_map)}
    picture = as_svg(job_map, shared)
    return as_png(picture) if form == "png" else picture


@maps.command()
@click.argument("name", metavar="MAP")
@language_option
@click.pass_context
def translate(context: click.Context, /, name: str, language: str) -> None:
    """Write or update the PO file with the texts of a map for a translator to fill in.

    MAP may also be a file of shared outcomes, such as shared. Translations that are there are kept; those of texts
    that were reworded are marked as fuzzy. The file goes into the workspace: maps/translations/MAP.LANGUAGE.po.
    """
    from jtbd.jobmap.load import check_file, no_such_map
    from jtbd.jobmap.translate import for_translator

    settings = settings_of(context)
    path = settings.find("maps", name)
    issues = check_file(settings, path)[1] if path else [no_such_map(settings, name)]
    if path is None or any(one.level == "error" for one in issues):
        raise InputError(one for one in issues if one.level == "error")
    write_to_fill([for_translator(settings, path, language)])


@maps.command(name="diff")
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@format_option("text", "json")
@output_option
@click.pass_context
def compare(context: click.Context, /, before: str, after: str, form: str, output: Path | None) -> None:
    """Say what differs between two maps: A and B are names or files.

    Of two versions of one map: what was added, removed, reworded, moved. Of two modes: which outcomes both have, and
    which only one. Steps and outcomes are the same if their ids are.
    """
    from jtbd.jobmap.diff import diff
    from jtbd.jobmap.show_diff import as_json, as_text
    from jtbd.jobmap.versions import load_version

    settings = settings_of(context)
    difference = diff(load_version(settings, before), load_version(settings, after))
    text = as_json(difference) if form == "json" else as_text(difference, (before, after), min(text_width(), 110))
    deliver(text + "\n", output)


@maps.command()
@click.argument("what", type=click.Choice(("map", "shared", "survey")), default="map", metavar="[map|shared|survey]")
@output_option
def schema(what: str, output: Path | None) -> None:
    """Print the JSON Schema of map files, files of shared outcomes, or survey files.

    Editors check YAML against it while one writes, complete keys, and show what each is for.
    """
    from jtbd.jobmap.schema import map_schema, shared_schema
    from jtbd.survey.schema import survey_schema

    of = {"map": map_schema, "shared": shared_schema, "survey": survey_schema}[what]
    deliver(json.dumps(of(), ensure_ascii=False, indent=2) + "\n", output)
