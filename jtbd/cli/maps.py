"""``jtbd map``: job maps."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from jtbd.cli.options import deliver, format_option, output_option, settings_of, text_width


@click.group(name="map")
def maps() -> None:
    """Check and show job maps."""


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
@format_option("text", "json")
@output_option
@click.pass_context
def show(context: click.Context, /, name: str, form: str, output: Path | None) -> None:
    """Show a job map: its steps, who takes part, and its outcomes in both phrasings."""
    from jtbd.jobmap.load import load_map
    from jtbd.jobmap.show import as_json, as_text

    job_map = load_map(settings_of(context), name)
    width = min(text_width(), 110)
    deliver(as_json(job_map) if form == "json" else as_text(job_map, width), output)
