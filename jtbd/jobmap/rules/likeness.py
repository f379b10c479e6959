"""Statements that a respondent would answer alike."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jtbd.jobmap.model import Outcome

ALIKE = 88.0
"""Likeness of the whole statements, and of what remains without the metric, from which two are one (0..100)."""

_METRIC = re.compile(
    r"^(?:minimi[sz]e|increase) the (\w+)(?: it takes)?(?: \w+)*?(?: (?:to|that|of|in|for))?\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Pair:
    """Two outcomes that say nearly the same; ``second`` comes later."""

    first: int
    second: int
    likeness: float


def near_duplicates(outcomes: Sequence[Outcome]) -> Iterator[Pair]:
    """Pairs of different outcomes with the same metric and nearly the same words, by their numbers.

    Two are alike if rapidfuzz's token-sort ratio of the long forms is at least 88 and both measure the
    same: the time and the effort of one thing are answered differently, its time twice is not. Texts that
    are equal but for a word that turns the meaning (first, last, not) are for the author to judge.
    """
    import numpy as np
    from rapidfuzz import fuzz, process

    texts = [outcome.outcome.casefold() for outcome in outcomes]
    metrics = [match[1].casefold() if (match := _METRIC.match(text)) else "" for text in texts]
    likeness = process.cdist(texts, texts, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE)
    for first, second in zip(*np.nonzero(np.triu(likeness, 1)), strict=True):
        if metrics[first] == metrics[second] and outcomes[first].id != outcomes[second].id:
            yield Pair(int(first), int(second), float(likeness[first, second]))
