"""Jobs-to-be-Done outcome surveys: job maps, surveys, opportunity scores with their uncertainty.

The public interface is small: :func:`score` and :func:`compare` on a survey, a ratings file or a data frame.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from jtbd._version import __version__

if TYPE_CHECKING:
    import pandas as pd

    from jtbd.analysis import Analysis

__all__ = ["__version__", "compare", "score"]


def score(
    source: str | Path | pd.DataFrame,
    *,
    by: str | None = None,
    where: Mapping[str, object] | Iterable[str] = (),
    weight: str | None = None,
    rake: str | Path | None = None,
    method: str = "opportunity",
    scale: str | None = None,
    wave: int | None = None,
    complete_only: bool = False,
    top: int = 10,
    level: float = 0.95,
    seed: int = 1,
    min_group: int = 5,
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
    method : {"opportunity", "gap", "unmet", "effort", "mean", "rank-sum"}
        What ranks follow.
    scale : {"satisfaction", "difficulty"}, optional
        Second scale; satisfaction where there is one.
    wave : int, optional
        Wave of a survey; all by default.
    complete_only : bool
        Whether responses of a survey that are in progress are left out.
    top : int
        K of ``p_top``.
    level : float
        Confidence level of intervals and rank ranges.
    seed : int
        Seed of the draws.
    min_group : int
        Smallest group that is scored with ``by``.
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
    from jtbd.report.tables import scores_frame

    return scores_frame(
        _analysis(
            source,
            where,
            workspace,
            by=by,
            weight=weight,
            rake=Path(rake) if rake else None,
            method=method,
            scale=scale,
            wave=wave,
            complete_only=complete_only,
            top=top,
            level=level,
            seed=seed,
            min_group=min_group,
        )
    )


def compare(
    source: str | Path | pd.DataFrame,
    *,
    by: str,
    where: Mapping[str, object] | Iterable[str] = (),
    weight: str | None = None,
    rake: str | Path | None = None,
    method: str = "opportunity",
    scale: str | None = None,
    wave: int | None = None,
    complete_only: bool = False,
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
    from jtbd.report.tables import comparisons_frame

    return comparisons_frame(
        _analysis(
            source,
            where,
            workspace,
            by=by,
            weight=weight,
            rake=Path(rake) if rake else None,
            method=method,
            scale=scale,
            wave=wave,
            complete_only=complete_only,
            min_group=min_group,
        )
    )


def _analysis(
    source: str | Path | pd.DataFrame,
    where: Mapping[str, object] | Iterable[str],
    workspace: str | Path | None,
    **options: object,
) -> Analysis:
    from jtbd.analysis import Query, analyse, open_source, source_from_frame
    from jtbd.analysis.query import parse_where
    from jtbd.analysis.source import surveys_only
    from jtbd.errors import InputError
    from jtbd.ratings.codes import cell_text
    from jtbd.settings import Settings

    where = [where] if isinstance(where, str) else where
    conditions = (
        [f"{column}={cell_text(value)}" for column, value in where.items()] if isinstance(where, Mapping) else where
    )
    query = Query(where=parse_where(conditions), **options)  # type: ignore[arg-type]  # checked by the signatures above
    if isinstance(source, (str, Path)):
        opened = open_source(str(source), Settings.read(workspace), wave=query.wave, complete_only=query.complete_only)
    else:
        if query.wave is not None or query.complete_only:
            raise InputError([surveys_only("the data frame")])
        opened = source_from_frame(source)
    return analyse(opened, query)
