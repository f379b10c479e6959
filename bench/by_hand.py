"""What a user would write by hand: a bootstrap of respondents in pandas."""

from __future__ import annotations

import numpy as np
import pandas as pd


def scores(frame: pd.DataFrame, names: list[str]) -> pd.Series:
    """Opportunity by outcome, pairwise complete."""
    importance, satisfaction = (frame[[f"{scale}_{name}" for name in names]] for scale in ("imp", "sat"))
    importance, satisfaction = importance.set_axis(names, axis=1), satisfaction.set_axis(names, axis=1)
    rated = importance.notna() & satisfaction.notna()
    important = 10 * ((importance >= 4) & rated).sum() / rated.sum()
    satisfied = 10 * ((satisfaction >= 4) & rated).sum() / rated.sum()
    return important + (important - satisfied).clip(lower=0)


def bootstrap(frame: pd.DataFrame, rounds: int, top: int = 10) -> pd.DataFrame:
    """Opportunity with percentile interval, percentile range of ranks and share of rounds in the top."""
    names = [column.removeprefix("imp_") for column in frame.columns if column.startswith("imp_")]
    rng = np.random.default_rng(1)
    drawn = pd.DataFrame([scores(frame.iloc[rng.integers(0, len(frame), len(frame))], names) for _ in range(rounds)])
    ranks = drawn.rank(axis=1, ascending=False, method="min")
    return pd.DataFrame(
        {
            "opportunity": scores(frame, names),
            "low": drawn.quantile(0.025),
            "high": drawn.quantile(0.975),
            "rank_low": ranks.quantile(0.025),
            "rank_high": ranks.quantile(0.975),
            "p_top": (ranks <= top).mean(),
        }
    )
