"""The command ``jtbd``: groups of commands, each loaded only when it is called."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from typing import Any

import click

from jtbd._version import __version__
from jtbd.errors import InputError, StoreError
from jtbd.store.refusals import Refusal

COMMANDS: dict[str, str] = {
    "init": "workspace:init",
    "demo": "workspace:demo",
    "map": "maps:maps",
    "survey": "surveys:surveys",
    "wave": "waves:wave",
    "invite": "invite:invite",
    "serve": "serve:serve",
    "db": "database:database",
    "simulate": "surveys:simulate",
    "score": "scores:score",
    "compare": "scores:compare",
    "quality": "quality:quality",
    "segments": "segments:segments",
    "change": "change:change",
    "plan": "plan:plan",
    "chart": "scores:chart",
    "roadmap": "roadmaps:roadmap",
    "export": "exports:export",
    "archive": "archive:archive",
    "user": "users:user",
    "respondent": "respondents:respondent",
}
"""Command to ``module:attribute`` in :mod:`jtbd.cli`."""


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is looked up, to start fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all commands, in the order of a study."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(importlib.import_module(f"jtbd.cli.{module}"), attribute)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="jtbd")
@click.option(
    "--workspace", metavar="DIR", help="Folder with maps/, surveys/ and the database [JTBD_WORKSPACE, or here]."
)
@click.pass_context
def cli(ctx: click.Context, workspace: str | None) -> None:
    """Job maps become surveys, surveys become rankings that say how sure they are."""
    ctx.obj = workspace


def main(arguments: list[str] | None = None) -> None:
    """Run the command line: exit 0 done, 1 wrong input, 2 usage, 3 could not finish, 130 interrupted."""
    sys.exit(exit_code(lambda: cli.main(arguments, prog_name="jtbd", standalone_mode=False)))


def exit_code(run: Callable[[], Any]) -> int:
    """Run, report what went wrong on stderr, and say which exit code it is."""
    try:
        result = run()
    except click.exceptions.Abort:
        click.echo("interrupted", err=True)
        return 130
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except InputError as error:
        for issue in error.issues:
            click.echo(str(issue), err=True)
        return 1
    except Refusal as error:
        click.echo(str(error), err=True)
        return 1
    except StoreError as error:
        click.echo(f"jtbd could not finish: {error}", err=True)
        return 3
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except OSError as error:
        click.echo(f"jtbd could not finish: {error.strerror or error} ({error.filename or 'no file'})", err=True)
        return 3
    except KeyboardInterrupt:
        return 130
    return result if isinstance(result, int) else 0
