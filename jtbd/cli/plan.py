"""``jtbd plan``: what a study can tell apart, before and after it is fielded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

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

_BEFORE = ("respondents", "per_respondent", "groups", "correlation", "design_effect", "questions")


@click.command()
@click.option("--outcomes", type=int, metavar="J", help="Outcomes that are asked.")
@click.option("--respondents", type=int, metavar="N", help="People who will answer.")
@click.option("--per-respondent", type=int, metavar="M", help="Outcomes each of them rates [all].")
@click.option("--groups", type=int, default=2, show_default=True, metavar="G", help="Equal groups that are compared.")
@click.option(
    "--correlation", type=float, default=0.2, show_default=True, help="Of one person's ratings on a scale, 0 to 0.8."
)
@click.option("--design-effect", type=float, default=1.0, show_default=True, help="Of weights; 1 for equal ones.")
@click.option("--questions", type=int, default=5, show_default=True, help="Profile questions, for the minutes.")
@click.option("--source", metavar="SOURCE", help="After fielding: plan from the answers there are.")
@click.option(
    "--around", type=int, default=10, show_default=True, help="With --source: outcomes on each side of the cut."
)
@click.option("--top", type=int, default=10, show_default=True, metavar="K", help="K of the top that is looked for.")
@query_options_without("by")
@format_option("table", "csv", "json", pictures=True)
@output_option
@click.pass_context
def plan(context: click.Context, /, source: str | None, form: str, output: Path | None, **options: Any) -> None:
    """What a study can tell apart.

    Before fielding, --outcomes and --respondents: ratings of each outcome, how far its score may be off, the smallest
    difference between two groups that is found four times in five, how open ranks are, how many of the true top are
    found, and minutes; for this study and others around it. An --output file that ends in .png, .svg, .pdf or .html is
    a picture. After fielding, --source: which outcomes around the cut after the top K are tied, and how many more
    ratings would separate them.
    """
    given = {name for name in options if context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE}
    if source is None:
        _see_that_none(given - {"outcomes", "top", "level", "seed", *_BEFORE}, "--source")
        _before(output, form, options)
    else:
        _see_that_none(given & {"outcomes", *_BEFORE}, "--outcomes")
        _after(context, source, output, form, options)


def _see_that_none(given: set[str], needed: str) -> None:
    if given:
        names = ", ".join(f"--{name.replace('_', '-')}" for name in sorted(given))
        raise click.UsageError(
            f"{names}: only {'with' if needed == '--source' else 'before fielding, without'} --source"
        )


def _before(output: Path | None, form: str, options: dict[str, Any]) -> None:
    if options["outcomes"] is None or options["respondents"] is None:
        raise click.UsageError("give --outcomes and --respondents, or --source for a study that is fielded")
    from jtbd.analysis.planning import plan as make_plan
    from jtbd.report.plan import plan_table, plan_text
    from jtbd.report.tables import to_csv, to_json
    from jtbd.scoring.planning import Assumptions

    names = ("groups", "top", "level", "correlation", "design_effect", "questions", "seed")
    assumed = Assumptions(**{name: options[name] for name in names})
    found = make_plan(options["outcomes"], options["respondents"], options["per_respondent"], assumed)
    picture = picture_format(output)
    if picture:
        from jtbd.report import charts

        deliver(charts.render(charts.plan_chart(found), picture), output)
    elif form == "csv":
        deliver(to_csv(plan_table(found)), output)
    elif form == "json":
        deliver(to_json(plan_table(found), "plan", found.provenance, ()), output)
    else:
        deliver(plan_text(found), output)


def _after(context: click.Context, source: str, output: Path | None, form: str, options: dict[str, Any]) -> None:
    if picture_format(output):
        raise click.UsageError("a picture is drawn before fielding; after it there is a table")
    query = make_query(options)
    from jtbd.analysis import analyse, open_for
    from jtbd.analysis.planning import separate
    from jtbd.report.plan import separation_table, separation_text
    from jtbd.report.tables import to_csv, to_json

    analysis = analyse(open_for(source, settings_of(context), query), query)
    tell(analysis.notes)
    found = separate(analysis, options["around"])
    if form == "csv":
        result = to_csv(separation_table(found))
    elif form == "json":
        result = to_json(separation_table(found), "separations", analysis.provenance, analysis.notes)
    else:
        result = separation_text(found, text_width())
    deliver(result, output)
