"""Jobs-to-be-Done outcome surveys: job maps, surveys, opportunity scores with their uncertainty.

The public interface is small: :func:`score`, :func:`compare`, :func:`changes` and :func:`quality`, on a survey, a
ratings file or a data frame.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from jtbd._version import __version__

if TYPE_CHECKING:
    import pandas as pd

    from jtbd.analysis import Query, Source

__all__ = ["__version__", "changes", "compare", "quality", "score"]


def score(
    source: str | Path | pd.DataFrame,
    *,
    by: str | None = None,
    where: Mapping[str, object] | Iterable[str] = (),
    weight: str | None = None,
    rake: str | Path | None = None,
    trim: float | None = None,
    value: str | None = None,
    method: str = "opportunity",
    scale: str | None = None,
    wave: int | str | None = None,
    complete_only: bool = False,
    exclude_flagged: bool = False,
    top: int = 10,
    level: float = 0.95,
    seed: int = 1,
    min_group: int = 5,
    distribution: bool = False,
    stabilised: bool = False,
    across: str | None = None,
    stakes: Mapping[str, float] | None = None,
    workspace: str | Path | None = None,
) -> pd.DataFrame:
    """Score and rank the outcomes of a survey, a ratings file or a data frame of ratings.

    Parameters
    ----------
    source : str, Path or DataFrame
        A CSV or Parquet file, a folder of Parquet files, the slug of a survey in the workspace, or a data
        frame in the wide layout (``imp_<outcome>``, ``sat_<outcome>`` or ``dif_<outcome>``, 1 to 5 or missing).
    by : str, optional
        Column whose values are scored apart.
    where : mapping of column to value, or iterable of "COLUMN=VALUE"
        Conditions that all hold for the respondents scored.
    weight : str, optional
        Column with base weights.
    rake : path, optional
        CSV ``variable,level,share`` of population targets.
    trim : float, optional
        No weight above this many times the mean weight.
    value : str, optional
        Column that says what each respondent is worth: results are read by value, not by people.
    method : {"opportunity", "gap", "unmet", "effort", "mean", "rank-sum", "all"}
        What ranks follow; ``"all"`` adds the ranks of every method, and how far they agree.
    scale : {"satisfaction", "difficulty"}, optional
        Second scale; satisfaction where there is one.
    wave : int or str, optional
        Wave of a survey; all by default.
    complete_only : bool
        Whether responses of a survey that are in progress are left out.
    exclude_flagged : bool
        Whether respondents flagged as careless (:func:`quality`) are left out.
    top : int
        K of ``p_top``.
    level : float
        Confidence level of intervals and rank ranges.
    seed : int
        Seed of the draws.
    min_group : int
        Smallest group that is scored with ``by``, or chosen with ``where`` or ``wave``.
    distribution : bool
        Whether to add the weighted shares and the numbers of respondents by rating, 1 to 5.
    stabilised : bool
        Whether to add shares drawn towards the mean of all outcomes where few people rated one.
    across : str, optional
        Column over whose values to give one ranking; ``"mode"`` for the modes of a survey.
    stakes : mapping of value to number, optional
        What is at stake in each value of ``across``; all the same by default.
    workspace : path, optional
        Workspace of a survey; ``JTBD_WORKSPACE`` or the current folder by default.

    Returns
    -------
    DataFrame
        A row an outcome (and group), in rank order, with the columns of docs/columns.md. ``attrs["provenance"]``
        says how to get the same figures again, ``attrs["notes"]`` what to be careful about.

    Raises
    ------
    jtbd.errors.InputError
        With every issue found in the input.
    """
    opened, query = _asked(
        source,
        where,
        workspace,
        by=by,
        weight=weight,
        rake=Path(rake) if rake else None,
        trim=trim,
        value=value,
        method=method,
        scale=scale,
        wave=wave,
        complete_only=complete_only,
        exclude_flagged=exclude_flagged,
        top=top,
        level=level,
        seed=seed,
        min_group=min_group,
        distribution=distribution,
        stabilised=stabilised,
    )
    from jtbd.analysis import analyse, analyse_across
    from jtbd.report.tables import across_frame, scores_frame

    if across is not None:
        return across_frame(analyse_across(opened, query, across, stakes or {}))
    return scores_frame(analyse(opened, query))


def compare(
    source: str | Path | pd.DataFrame,
    *,
    by: str,
    where: Mapping[str, object] | Iterable[str] = (),
    weight: str | None = None,
    rake: str | Path | None = None,
    trim: float | None = None,
    value: str | None = None,
    method: str = "opportunity",
    scale: str | None = None,
    wave: int | str | None = None,
    complete_only: bool = False,
    exclude_flagged: bool = False,
    min_group: int = 5,
    workspace: str | Path | None = None,
) -> pd.DataFrame:
    """Compare the scores of groups, pair by pair and outcome by outcome.

    Parameters are those of :func:`score`.

    Returns
    -------
    DataFrame
        ``outcome, group_a, group_b, difference, difference_se, p, p_bh, p_holm``; difference is a - b.
    """
    opened, query = _asked(
        source,
        where,
        workspace,
        by=by,
        weight=weight,
        rake=Path(rake) if rake else None,
        trim=trim,
        value=value,
        method=method,
        scale=scale,
        wave=wave,
        complete_only=complete_only,
        exclude_flagged=exclude_flagged,
        min_group=min_group,
    )
    from jtbd.analysis import analyse
    from jtbd.report.tables import comparisons_frame

    return comparisons_frame(analyse(opened, query))


def quality(
    source: str | Path | pd.DataFrame,
    *,
    wave: int | str | None = None,
    complete_only: bool = False,
    workspace: str | Path | None = None,
) -> pd.DataFrame:
    """Look for signs of careless responding in a survey, a ratings file or a data frame of ratings.

    Parameters are those of :func:`score`.

    Returns
    -------
    DataFrame
        A row a respondent, in the order of the source, with the columns of docs/columns.md.

    Raises
    ------
    jtbd.errors.InputError
        With every issue found in the input.
    """
    from jtbd.analysis import open_quality, source_from_frame
    from jtbd.analysis.quality import frame_quality
    from jtbd.report.quality import quality_frame
    from jtbd.settings import Settings

    if isinstance(source, (str, Path)):
        found = open_quality(str(source), Settings.read(workspace), wave=wave, complete_only=complete_only)
    else:
        found = frame_quality(source_from_frame(source))
    return quality_frame(found)


def changes(
    source: str | Path | pd.DataFrame | None = None,
    *,
    before: str | Path | pd.DataFrame | None = None,
    after: str | Path | pd.DataFrame | None = None,
    waves: str = "wave",
    first: str | None = None,
    last: str | None = None,
    panel: str | None = None,
    where: Mapping[str, object] | Iterable[str] = (),
    weight: str | None = None,
    rake: str | Path | None = None,
    trim: float | None = None,
    value: str | None = None,
    method: str = "opportunity",
    scale: str | None = None,
    complete_only: bool = False,
    exclude_flagged: bool = False,
    level: float = 0.95,
    seed: int = 1,
    min_group: int = 5,
    workspace: str | Path | None = None,
) -> pd.DataFrame:
    """Change of every outcome's score from one wave to a later one.

    Parameters not named here are those of :func:`score`. Weights, targets and trimming apply to each wave by itself; a
    method made of ranks has no change.

    Parameters
    ----------
    source : str, Path or DataFrame, optional
        Ratings of two or more waves; or leave it out and give ``before`` and ``after``.
    before, after : str, Path or DataFrame, optional
        A source for each wave.
    waves : str
        Column that says in which wave a respondent answered.
    first, last : str, optional
        Waves to compare; by default the last and the one before it.
    panel : str, optional
        Column that names persons. Without it the waves are taken as answered by different people.

    Returns
    -------
    DataFrame
        A row an outcome, the surest change first, with the columns of docs/columns.md, "Columns of a change".

    Raises
    ------
    jtbd.errors.InputError
        With every issue found in the input.
    ValueError
        Neither ``source`` alone nor ``before`` and ``after`` are given.
    """
    from jtbd.analysis.change import changes_between, changes_in
    from jtbd.report.change import change_frame

    query = _query(
        where,
        weight=weight,
        rake=Path(rake) if rake else None,
        trim=trim,
        value=value,
        method=method,
        scale=scale,
        complete_only=complete_only,
        exclude_flagged=exclude_flagged,
        level=level,
        seed=seed,
        min_group=min_group,
    )
    if source is not None and before is None and after is None:
        opened = _open(source, query, workspace)
        return change_frame(changes_in(opened, query, column=waves, first=first, last=last, panel=panel))
    if source is not None or before is None or after is None:
        raise ValueError("give source, or before and after")
    left, right = (_open(one, query, workspace) for one in (before, after))
    return change_frame(changes_between(("before", left), ("after", right), query, panel))


def _asked(
    source: str | Path | pd.DataFrame,
    where: Mapping[str, object] | Iterable[str],
    workspace: str | Path | None,
    **options: object,
) -> tuple[Source, Query]:
    query = _query(where, **options)
    return _open(source, query, workspace), query


def _query(where: Mapping[str, object] | Iterable[str], **options: object) -> Query:
    from jtbd.analysis import Query
    from jtbd.analysis.query import parse_where
    from jtbd.ratings.codes import cell_text

    where = [where] if isinstance(where, str) else where
    conditions = (
        [f"{column}={cell_text(value)}" for column, value in where.items()] if isinstance(where, Mapping) else where
    )
    return Query(where=parse_where(conditions), **options)  # type: ignore[arg-type]  # checked by the signatures above


def _open(source: str | Path | pd.DataFrame, query: Query, workspace: str | Path | None) -> Source:
    from jtbd.analysis import open_for, source_from_frame
    from jtbd.analysis.quality import frame_quality, without_flagged
    from jtbd.analysis.source import surveys_only
    from jtbd.errors import InputError
    from jtbd.settings import Settings

    if isinstance(source, (str, Path)):
        return open_for(str(source), Settings.read(workspace), query)
    if query.wave is not None or query.complete_only:
        raise InputError([surveys_only("the data frame")])
    opened = source_from_frame(source)
    return without_flagged(frame_quality(opened)) if query.exclude_flagged else opened
