"""``jtbd survey`` and ``jtbd simulate``: from a plan to answers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from jtbd.cli import fielding
from jtbd.cli.options import COMMAND_LINE, language_option, opened, settings_of, tell, write_to_fill
from jtbd.cli.quotas import quotas
from jtbd.errors import InputError
from jtbd.plural import counted

if TYPE_CHECKING:
    from jtbd.survey.model import Survey


@click.group(name="survey")
def surveys() -> None:
    """Check, publish and run surveys."""


for command in (
    fielding.status,
    fielding.links,
    fielding.pause,
    fielding.reopen,
    fielding.close,
    fielding.end_pilot,
    quotas,
):
    surveys.add_command(command)


@surveys.command()
@click.argument("name", metavar="FILE|NAME")
@click.pass_context
def check(context: click.Context, /, name: str) -> int:
    """Check a survey plan and say what respondents will see."""
    from jtbd.survey.compile import check_survey

    plan, issues = check_survey(settings_of(context), name)
    for issue in issues:
        click.echo(str(issue))
    if plan is None:
        return 1
    click.echo(_summary(plan))
    return 0


@surveys.command()
@click.argument("name", metavar="FILE|NAME")
@language_option
@click.pass_context
def translate(context: click.Context, /, name: str, language: str) -> None:
    """Write or update every PO file that a translator has to fill in for a survey to be asked in a language.

    These are the survey's own, and those of its maps and of the interface where anything is missing. Translations that
    are there are kept; those of texts that were reworded are marked as fuzzy. The files go into the workspace. Then add
    the language to the survey's `languages`, check it and publish it.
    """
    from jtbd.survey.compile import check_draft
    from jtbd.survey.translate import files_to_fill

    settings = settings_of(context)
    draft, issues = check_draft(settings, name)
    if draft is None:
        raise InputError(one for one in issues if one.level == "error")
    write_to_fill(list(files_to_fill(settings, draft, language)))


def _summary(plan: Survey) -> str:
    from jtbd.survey.gates import condition_text

    modes = {page.mode for page in plan.pages if page.outcomes}
    questions = len(list(plan.questions))
    size = f"{counted(len(plan.outcomes), 'outcome')}, {counted(questions, 'question')}"
    lines = [f"{plan.slug}: {plan.title}", size]
    for mode in sorted(modes):
        pages = [page for page in plan.pages if page.mode == mode]
        outcomes = sum(len(page.outcomes) for page in pages)
        lines.append(f"  {mode}: {counted(len(pages), 'page')}, {counted(outcomes, 'outcome')}")
    for quota in plan.quotas:
        lines.append(f"quota {quota.id}: {quota.limit} of {condition_text(quota)}")
    if plan.access == "invited":
        lines.append("for people with an invitation: jtbd invite --help")
    if plan.anonymous:
        lines.append("anonymous: nothing stored leads from answers to a person")
    if plan.translations:
        lines.append("languages: " + ", ".join(f"{one.language_name} ({one.language})" for one in plan.languages))
    return "\n".join(lines)


_original_option = click.option(
    "--original-where-missing",
    is_flag=True,
    help="Publish although translations are missing or out of date: respondents read the original there.",
)


@surveys.command()
@click.argument("name", metavar="FILE|NAME")
@_original_option
@click.pass_context
def publish(
    context: click.Context,
    /,
    name: str,
    original_where_missing: bool,  # noqa: FBT001 - click hands options over by name
) -> None:
    """Freeze a survey plan as a revision that respondents answer.

    Responses stay on the revision they began. Publishing the same plan again changes nothing.
    """
    from jtbd.store.surveys import find_survey
    from jtbd.store.surveys import publish as publish_plan
    from jtbd.survey.compile import check_survey

    settings = settings_of(context)
    plan, issues = check_survey(settings, name, original_where_missing=original_where_missing)
    if plan is None:
        raise InputError(issues)
    tell(tuple(issues))
    with opened(settings, make=True) as database:
        published = publish_plan(database, plan, datetime.now(UTC))
        row = find_survey(database, plan.slug)
    what = "published" if published.is_new else "unchanged"
    click.echo(f"{plan.slug}: {what}, revision {published.revision_number}, at /s/{plan.slug}")
    if row and row.status != "open":
        click.echo(
            f"{plan.slug} is {row.status} to respondents; open it with: jtbd survey reopen {plan.slug}", err=True
        )


@surveys.command()
@click.argument("name", metavar="FILE|NAME")
@click.option("--url", default="http://127.0.0.1:8000", show_default=True, help="Where the server is reached.")
@_original_option
@click.pass_context
def preview(
    context: click.Context,
    /,
    name: str,
    url: str,
    original_where_missing: bool,  # noqa: FBT001 - click hands options over by name
) -> None:
    """Print links that open a survey as respondents see it; answers given there are tests and never count.

    The second shows it in a frame of a phone's size; then comes one for each further language. A plan that is not
    published yet is published first, closed to respondents.
    """
    from jtbd.store.surveys import find_survey, set_status
    from jtbd.store.surveys import publish as publish_plan
    from jtbd.survey.compile import load_survey
    from jtbd.survey.links import preview_links
    from jtbd.survey.preview import preview_token

    settings = settings_of(context)
    plan = load_survey(settings, name, original_where_missing=original_where_missing)
    with opened(settings, make=True) as database:
        now = datetime.now(UTC)
        first = find_survey(database, plan.slug) is None
        publish_plan(database, plan, now)
        if first:
            set_status(database, plan.slug, "closed", now, by=COMMAND_LINE)
            click.echo(f"{plan.slug} is closed to respondents until: jtbd survey reopen {plan.slug}", err=True)
    for link in preview_links(plan, url, preview_token(settings.secret_key(), plan.slug)):
        click.echo(link.url)


@surveys.command(name="list")
@click.pass_context
def list_(context: click.Context, /) -> None:
    """List published surveys with their response counts."""
    from jtbd.store.surveys import list_surveys

    with opened(settings_of(context)) as database:
        found = list_surveys(database)
    for row, counts in found:
        click.echo(
            f"{row.slug}  {row.status}  revision {row.revision_number}  "
            f"{counts.complete} complete, {counts.in_progress} in progress, {counts.screened_out} screened out, "
            f"{counts.quota_full} over quota, {counts.excluded} excluded, {counts.test} test, "
            f"{counts.simulated} simulated"
        )
    if not found:
        click.echo("no survey is published; see: jtbd survey publish --help", err=True)


@click.command()
@click.argument("slug", metavar="SURVEY")
@click.option("--respondents", type=click.IntRange(1, 1_000_000), required=True, metavar="N", help="How many.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Seed of truth and answers.")
@click.pass_context
def simulate(context: click.Context, /, slug: str, respondents: int, seed: int) -> None:
    """Answer a published survey with simulated respondents, marked as simulated wherever they show."""
    from jtbd.simulation import simulate_into

    with opened(settings_of(context)) as database:
        simulate_into(database, slug, respondents, seed, datetime.now(UTC))
    click.echo(f"{slug}: {counted(respondents, 'simulated response')} added")
