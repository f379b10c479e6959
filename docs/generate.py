"""Write docs/commands.md from the commands' own help; a test checks that it is current."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from jtbd.cli.main import cli

WIDTH: dict[str, Any] = {"terminal_width": 100, "max_content_width": 100}
TARGET = Path(__file__).parent / "commands.md"


def commands(command: click.Command, name: str, parent: click.Context | None = None) -> Iterator[tuple[str, str]]:
    """The name and help of a command and all below it."""
    settings = cli.context_settings if parent is None else {}
    context = click.Context(command, info_name=name, parent=parent, **{**settings, **WIDTH})
    yield context.command_path, command.get_help(context)
    if isinstance(command, click.Group):
        for child in command.list_commands(context):
            found = command.get_command(context, child)
            if found is not None:
                yield from commands(found, child, context)


def text() -> str:
    """The whole page."""
    parts = [
        "# Commands\n\nWhat `--help` says, command by command. Exit codes: 0 done (warnings allowed), 1 the input is"
        " wrong or a check failed,\n2 usage, 3 could not finish (database, disk), 130 interrupted.\n"
    ]
    for path, help_text in commands(cli, "jtbd"):
        parts.append(f"## {path}\n\n```text\n{help_text.rstrip()}\n```\n")
    return "\n".join(parts)


if __name__ == "__main__":
    TARGET.write_text(text())
