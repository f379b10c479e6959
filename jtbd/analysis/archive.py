"""A survey's responses as a folder of Parquet files that scores to the same figures without the survey."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from jtbd._version import __version__
from jtbd.analysis.source import OutcomeLabel, Source
from jtbd.errors import InputError, issue
from jtbd.survey.model import Role


@dataclass(frozen=True)
class About:
    """What the files say of themselves, as JSON in their metadata: all that scoring needs beside the ratings."""

    survey: str
    title: str
    simulated: bool
    n_excluded: int
    data_version: str
    jtbd_version: str
    wording_split: tuple[str, ...] = ()
    labels: Mapping[str, OutcomeLabel] = field(default_factory=dict)
    roles: Mapping[Role, str] = field(default_factory=dict)
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    verbatims: tuple[str, ...] = ()


def write_archive(source: Source, folder: Path, *, free_text: bool = False, panel_ids: bool = False) -> None:
    """Write a survey's responses to a new folder, whole or not at all.

    Parameters
    ----------
    source : Source
        The survey; respondents stay in its order.
    free_text : bool
        Whether answers that people wrote in their own words go with it.
    panel_ids : bool
        Whether the ids by which a panel knows its people go with it.

    Raises
    ------
    InputError
        The folder is in use, or pyarrow is missing.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError([issue("not-empty", "the folder is not empty", "name a new folder", file=str(folder))])
    from pydantic import TypeAdapter

    from jtbd.ratings.parquet import write_parquet

    ratings = source.written(free_text=free_text, panel_ids=panel_ids)
    about = About(
        source.name,
        source.title,
        source.simulated,
        source.n_excluded,
        source.version,
        __version__,
        source.wording_split,
        source.labels,
        {role: column for role, column in source.roles.items() if column in ratings.attributes},
        source.texts,
        tuple(source.verbatims) if free_text else (),
    )
    write_parquet(ratings, folder, TypeAdapter(About).dump_json(about))


def archived(source: Source, about: bytes) -> Source:
    """A folder as the source that it was written from.

    Raises
    ------
    InputError
        The metadata are not what :func:`write_archive` writes.
    """
    from pydantic import TypeAdapter, ValidationError

    try:
        known = TypeAdapter(About).validate_json(about)
    except ValidationError:
        what = "what the files say of themselves cannot be read"
        raise InputError([issue("broken-parquet", what, "write the archive again", file=source.name)]) from None
    attributes = source.ratings.attributes
    return replace(
        source,
        ratings=replace(source.ratings, attributes={k: v for k, v in attributes.items() if k not in known.verbatims}),
        verbatims={name: attributes[name] for name in known.verbatims if name in attributes},
        title=known.title,
        labels=known.labels,
        roles=known.roles,
        texts=known.texts,
        simulated=known.simulated,
        n_excluded=known.n_excluded,
        wording_split=known.wording_split,
        version=known.data_version,
    )
