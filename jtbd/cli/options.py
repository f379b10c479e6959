"""Options and small things that several commands share."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from jtbd.errors import InputError, called, issue
from jtbd.settings import Settings
from jtbd.translation.catalogue import is_language

if TYPE_CHECKING:
    from jtbd.analysis import Query
    from jtbd.errors import Issue
    from jtbd.store.database import Database
    from jtbd.translation.update import ToFill

COMMAND_LINE = "command line"
"""Who is named for what is decided and done here."""

Command = TypeVar("Command", bound=Callable[..., Any])


def _wave(context: click.Context, option: click.Parameter, value: str | None) -> int | str | None:
    del context, option
    return int(value) if value and value.isascii() and value.isdigit() else value


wave_option: Callable[[Command], Command] = click.option(
    "--wave", callback=_wave, metavar="W", help="Only this wave of a survey: its number or label."
)

_QUERY_OPTIONS: list[Callable[[Any], Any]] = [
    click.option("--by", metavar="COLUMN", help="Score the values of COLUMN apart."),
    click.option("--where", multiple=True, metavar="COLUMN=VALUE", help="Only these respondents; repeat for and."),
    click.option(
        "--method",
        default="opportunity",
        show_default=True,
        metavar="M",
        help="opportunity, gap, unmet, effort, mean or rank-sum.",
    ),
    click.option("--scale", metavar="SCALE", help="satisfaction or difficulty [satisfaction where there is one]."),
    click.option("--weight", metavar="COLUMN", help="Base weights."),
    click.option("--rake", metavar="TARGETS.csv", help="Rake to population targets: variable,level,share."),
    click.option("--trim", type=float, metavar="R", help="No weight above R times the mean weight."),
    click.option("--value", metavar="COLUMN", help="Read results by value: what each respondent is worth."),
    wave_option,
    click.option("--complete-only", is_flag=True, help="Leave out responses in progress."),
    click.option("--exclude-flagged", is_flag=True, help="Leave out who is flagged by: jtbd quality."),
    click.option("--min-group", type=int, default=5, show_default=True, help="Smallest group that is scored."),
    click.option("--level", type=float, default=0.95, show_default=True, help="Confidence level."),
    click.option("--seed", type=int, default=1, show_default=True, help="Seed of the draws."),
]


def query_options(command: Command) -> Command:
    """Add the options that make a query, the same for all commands that score."""
    for option in reversed(_QUERY_OPTIONS):
        option(command)
    return command


def query_options_without(*names: str) -> Callable[[Command], Command]:
    """:func:`query_options` for a command to which some of them mean nothing."""

    def add(command: Command) -> Command:
        query_options(command)
        parameters = command.__click_params__  # type: ignore[attr-defined]  # where click keeps them until it is done
        parameters[:] = [one for one in parameters if one.name not in names]
        return command

    return add


def make_query(options: dict[str, Any]) -> Query:
    """The query that the options of :func:`query_options` ask for; takes them out of ``options``."""
    from jtbd.analysis import Query
    from jtbd.analysis.query import parse_where

    names = (
        "by",
        "method",
        "scale",
        "weight",
        "trim",
        "value",
        "wave",
        "complete_only",
        "exclude_flagged",
        "min_group",
        "level",
        "seed",
    )
    chosen = {name: options.pop(name) for name in names if name in options}
    rake = options.pop("rake")
    return Query(
        where=parse_where(options.pop("where")),
        rake=Path(rake) if rake else None,
        top=options.pop("top", 10),
        distribution=options.pop("distribution", False),
        stabilised=options.pop("stabilised", False),
        **chosen,
    )


PICTURES = ("svg", "png", "pdf", "html")


def format_option(*formats: str, pictures: bool = False) -> Callable[[Command], Command]:
    """``--format``; where it is not given, what the ending of ``--output`` says, or the first of ``formats``.

    With ``pictures`` the command draws one where the ending asks for it.
    """
    endings = tuple(one for one in (*formats, *(PICTURES if pictures else ())) if one != "table")

    def by_ending(context: click.Context, option: click.Parameter, value: str) -> str:
        output, name = context.params.get("output"), option.name or ""
        if output is None or context.get_parameter_source(name) is not click.core.ParameterSource.DEFAULT:
            return value
        ending = output.suffix.removeprefix(".").lower()
        if ending in formats or ending not in _SAYING:
            return ending if ending in formats else value
        if ending in endings:
            return value
        raise click.UsageError(
            f"this command writes no .{ending}; name a file that ends in {', '.join('.' + one for one in endings)}, "
            "or say the --format"
        )

    return click.option(
        "--format",
        "form",
        type=click.Choice(formats),
        default=formats[0],
        show_default=True,
        callback=by_ending,
        help="Output format; without it, the ending of the file says.",
    )


_SAYING = {"csv", "json", "xlsx", "xls", "md", "parquet", "sav", "gif", "jpg", "jpeg", *PICTURES}
"""Endings by which people expect a certain format."""

output_option: Callable[[Command], Command] = click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    is_eager=True,
    metavar="FILE",
    help="Write to FILE, not to stdout.",
)


def _language(context: click.Context, option: click.Parameter, value: str) -> str:
    del context, option
    if not is_language(value):
        raise click.BadParameter(f"“{value}” is not a language code such as de or pt-BR")
    return value


language_option: Callable[[Command], Command] = click.option(
    "--language", required=True, callback=_language, metavar="CODE", help="Language to translate into, such as de."
)


def write_to_fill(files: list[ToFill]) -> None:
    """PO files into the workspace, and what is left to do in each."""
    for one in files:
        one.path.parent.mkdir(parents=True, exist_ok=True)
        deliver(one.content, one.path)
        counts = one.counts
        click.echo(
            f"{called(one.path)}: {counts.done} done, {counts.outdated} to look at again, {counts.missing} missing"
        )


def settings_of(context: click.Context) -> Settings:
    """The settings of the workspace named before the command."""
    return Settings.read(context.find_root().obj)


def text_width() -> int:
    """Columns of the terminal; wide where the text goes elsewhere, so that nothing is cut."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 300


def deliver(result: str | bytes, output: Path | None) -> None:
    """A result to a file or to stdout; a file is replaced whole or not at all."""
    data = result.encode(errors="backslashreplace") if isinstance(result, str) else result
    if output is None:
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
        return
    output = output.resolve()
    if output.exists() and not output.is_file():  # a device or a pipe is written to, not replaced
        output.write_bytes(data)
        return
    partial = output.with_name(output.name + ".part")
    partial.write_bytes(data)
    partial.replace(output)


def tell(notes: tuple[Issue, ...]) -> None:
    """Warnings on stderr."""
    for note in notes:
        click.echo(str(note), err=True)


@contextmanager
def opened(settings: Settings, *, make: bool = False) -> Iterator[Database]:
    """The workspace's database at its newest schema, let go of afterwards.

    Parameters
    ----------
    make : bool
        Whether to make one where there is none; else that is most likely the wrong folder.

    Raises
    ------
    InputError
        There is none and none is to be made.
    StoreError
    """
    if not make and not settings.has_database:
        what = "there is no database here"
        remedy = "name its workspace with jtbd --workspace DIR; `jtbd survey publish` or `jtbd db upgrade` makes one"
        raise InputError([issue("no-database", what, remedy, file=str(settings.database_file))])
    from jtbd.store.database import Database

    database = Database(settings.database_url)
    try:
        database.upgrade()
        yield database
    finally:
        database.dispose()


def picture_format(output: Path | None) -> str:
    """The picture that a file's ending asks for; empty where it asks for none."""
    ending = output.suffix.removeprefix(".").lower() if output else ""
    return ending if ending in PICTURES else ""
