"""``jtbd respondent``: what respondents ask for."""

from __future__ import annotations

import click

from jtbd.cli.options import opened, settings_of
from jtbd.errors import InputError, issue


@click.group()
def respondent() -> None:
    """Do what respondents ask for."""


@respondent.command(context_settings={"ignore_unknown_options": True})  # a reference may start with a dash
@click.argument("reference", metavar="REF")
@click.pass_context
def erase(context: click.Context, /, reference: str) -> None:
    """Delete a response with all its answers; REF is the reference that the respondent was shown."""
    from jtbd.store.responses import erase as erase_response

    with opened(settings_of(context)) as database:
        if not erase_response(database, reference):
            problem = issue(
                "no-such-response", "no response has this reference", "check it letter by letter", file="REF"
            )
            raise InputError([problem])
    click.echo("the response is deleted")
