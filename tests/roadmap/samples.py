"""Ratings whose groups differ by design."""

from __future__ import annotations

import numpy as np
import pandas as pd

OUTCOMES = ("rival-ahead", "unserved", "own-strength", "plain", "overdone")
IMPORTANCE = {"rival-ahead": 0.7, "unserved": 0.9, "own-strength": 0.7, "plain": 0.55, "overdone": 0.2}
SATISFACTION = {
    "ours": {"rival-ahead": 0.2, "unserved": 0.2, "own-strength": 0.9, "plain": 0.5, "overdone": 0.8},
    "theirs": {"rival-ahead": 0.9, "unserved": 0.2, "own-strength": 0.5, "plain": 0.5, "overdone": 0.8},
    "third": {"rival-ahead": 0.5, "unserved": 0.2, "own-strength": 0.5, "plain": 0.5, "overdone": 0.8},
}


def market(n: int = 150, seed: int = 4) -> pd.DataFrame:
    """n users of each solution, a third of them at the organisation Acme."""
    rng = np.random.default_rng(seed)
    parts = []
    for solution, satisfaction in SATISFACTION.items():
        columns = {"solution": [solution] * n, "organisation": (["Acme", "Beta", "Beta"] * n)[:n]}
        for outcome in OUTCOMES:
            columns[f"imp_{outcome}"] = np.where(rng.random(n) < IMPORTANCE[outcome], 5, 2)
            columns[f"sat_{outcome}"] = np.where(rng.random(n) < satisfaction[outcome], 4, 1)
        parts.append(pd.DataFrame(columns))
    return pd.concat(parts, ignore_index=True)
