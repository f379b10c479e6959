"""``jtbd survey quotas``: how far each is filled."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from jtbd.cli.options import deliver, opened, settings_of


@click.command()
@click.argument("slug")
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True)
@click.pass_context
def quotas(context: click.Context, /, slug: str, form: str) -> None:
    """Show each quota: limit, complete, reserved, free, and how many came when it was full.

    Of the open wave if there is one. Reserved places are those of people who are answering; they are free again after
    24 hours without an answer.
    """
    from jtbd.report.quotas import quota_table
    from jtbd.report.tables import to_csv, to_json
    from jtbd.report.text import plain_table
    from jtbd.store.quotas import fieldwork

    with opened(settings_of(context)) as database:
        found = fieldwork(database, slug, datetime.now(UTC))
    table = quota_table(found)
    if form == "csv":
        deliver(to_csv(table), None)
    elif form == "json":
        about = {"survey": slug, "wave": found.wave, "screened_out": found.screened_out}
        deliver(to_json(table, "quotas", about, ()), None)
    elif table.rows:
        deliver(plain_table(table), None)
    else:
        click.echo(f"{slug} has no quotas", err=True)
    if form == "table":
        for question, number in found.screened_out.items():
            click.echo(f"screened out by {question}: {number}", err=True)
