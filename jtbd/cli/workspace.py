"""``jtbd init`` and ``jtbd demo``: a place to work, and one to look around."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from jtbd.cli.options import deliver, opened
from jtbd.cli.serve import announce, run_server, see_that_free
from jtbd.errors import InputError, issue
from jtbd.resources import shipped
from jtbd.settings import DEMO_MARK, Settings

STARTER_MAP, STARTER_SURVEY = "find-volunteers.yaml", "volunteers"
DEMO_SURVEY = "revenue-modes"
DEMO_SEED = 2002
"""The year of the paper that introduced the opportunity score."""


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), metavar="DIR")
def init(folder: Path) -> None:
    """Make DIR a workspace: a small job map and a survey over it, with comments, and the survey revenue-modes."""
    if folder.exists() and any(folder.iterdir()):
        raise InputError(
            [issue("not-empty", "the folder is not empty", "name a new or empty folder", file=str(folder))]
        )
    starter = shipped("templates") / "starter"
    for path in sorted(starter.rglob("*.*")):
        _copy(path, folder / path.relative_to(starter))
    _copy(shipped("surveys") / f"{DEMO_SURVEY}.yaml", folder / "surveys" / f"{DEMO_SURVEY}.yaml")
    jtbd = f"jtbd --workspace {folder}"
    click.echo(
        f"{folder} is a workspace; {folder / 'README.md'} says what is in it. Next:\n"
        f"  edit     {folder / 'maps' / STARTER_MAP} and {folder / 'surveys' / STARTER_SURVEY}.yaml\n"
        f"  check    {jtbd} map lint {folder / 'maps'}\n"
        f"           {jtbd} survey check {STARTER_SURVEY}\n"
        f"  publish  {jtbd} survey publish {STARTER_SURVEY}\n"
        f"  serve    {jtbd} serve"
    )


def _copy(source: Path, target: Path) -> None:
    """The content alone: an installation may be read-only, a workspace is not."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


@click.command()
@click.option(
    "--dir",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("demo"),
    show_default=True,
    metavar="DIR",
    help="Workspace of the demo.",
)
@click.option("--host", default="127.0.0.1", show_default=True, metavar="H", help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, metavar="P", help="Port.")
@click.option(
    "--respondents",
    type=click.IntRange(1, 100_000),
    default=400,
    show_default=True,
    metavar="N",
    help="Simulated respondents.",
)
@click.option("--no-serve", is_flag=True, help="Set it up and stop.")
@click.pass_context
def demo(
    context: click.Context,
    /,
    folder: Path,
    host: str,
    port: int,
    respondents: int,
    no_serve: bool,  # noqa: FBT001 - click hands options over by name
) -> None:
    """Look around: the survey over the four revenue modes with simulated responses.

    The true scores that the simulation drew from stand in DIR/truth.csv, beside the data.
    """
    del context
    settings = Settings.read(folder)
    if not no_serve:
        see_that_free(host, port)
    set_up_demo(settings, respondents)
    announce(settings, host, port)
    click.echo(f"Data     simulated; the true scores are in {folder / 'truth.csv'}")
    if no_serve:
        click.echo(f"Serve it with: jtbd demo --dir {folder} --port {port}")
    else:
        run_server(replace(settings, log="errors"), host, port, workers=1)  # the links stay in sight


def set_up_demo(settings: Settings, respondents: int) -> None:
    """Publish the shipped survey and fill it once; a demo that exists is left as it is."""
    from jtbd.report.tables import Table, to_csv
    from jtbd.simulation import simulate_into
    from jtbd.store.surveys import counts, list_surveys, publish
    from jtbd.survey.compile import load_survey

    settings.workspace.mkdir(parents=True, exist_ok=True)
    mark = settings.workspace / DEMO_MARK
    note = {"respondents": respondents, "seed": DEMO_SEED, "note": "Every response in this workspace is simulated."}
    with opened(settings, make=True) as database:
        if not mark.exists():
            if list_surveys(database):
                where, remedy = str(settings.workspace), "name another folder with --dir, and no other database"
                raise InputError([issue("not-a-demo", "a real study is in this workspace", remedy, file=where)])
            # Written first: should the set-up be interrupted, the folder is still known for a demo.
            mark.write_text(json.dumps(note, indent=1) + "\n")
        publish(database, load_survey(settings, DEMO_SURVEY), datetime.now(UTC))
        if counts(database, DEMO_SURVEY).simulated:
            return
        started = datetime.now(UTC) - timedelta(days=14)
        truth = simulate_into(database, DEMO_SURVEY, respondents, DEMO_SEED, started)
    rows = tuple((one.outcome, one.importance, one.satisfaction, one.opportunity) for one in truth)
    deliver(
        to_csv(Table(("outcome", "importance", "satisfaction", "opportunity"), rows)), settings.workspace / "truth.csv"
    )
