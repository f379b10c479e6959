"""How much of the true top ten designs find, and whether intervals stay honest: simulated, through the code that fields
surveys and scores them.

A hundred outcomes in ten steps, shares rating importance 4-5 drawn from Beta(6, 4) and satisfaction from Beta(5, 5).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from jtbd.ratings.model import Ratings
from jtbd.scoring.estimates import estimate
from jtbd.scoring.figures import figure
from jtbd.scoring.methods import METHODS
from jtbd.survey.adaptive import Standing, most_open
from jtbd.survey.design import ask, blocks_of, least_seen
from jtbd.survey.model import Design, Page, RatedOutcome, Survey
from jtbd.tally.count import tally
from jtbd.tally.features import Channels

OUTCOMES, STEPS, WANTED, TOP = 100, 10, 30, 10
SIZES = (150, 400, 1_000)
RHO = 0.2
"""Correlation of the latent ratings of one respondent on a scale, where respondents are correlated."""

Tops = NDArray[np.bool_]


@dataclass(frozen=True)
class Study:
    """The shares that are true, and what everybody would answer, shape (respondents, outcomes): a 4-5 or not."""

    truth: NDArray[np.float64]
    important: Tops
    served: Tops


def draw(rng: np.random.Generator, rho: float) -> Study:
    importance = np.clip(rng.beta(6, 4, OUTCOMES), 0.05, 0.97)
    satisfaction = np.clip(rng.beta(5, 5, OUTCOMES), 0.05, 0.95)

    def tops(shares: NDArray[np.float64]) -> Tops:
        shape = (max(SIZES), OUTCOMES)
        latent = np.sqrt(rho) * rng.standard_normal((shape[0], 1)) + np.sqrt(1 - rho) * rng.standard_normal(shape)
        answered: Tops = latent < ndtri(shares)
        return answered

    truth = 10 * (importance + np.maximum(importance - satisfaction, 0))
    return Study(truth, tops(importance), tops(satisfaction))


def plan() -> Survey:
    per_step = OUTCOMES // STEPS
    pages = tuple(
        Page(
            f"s{s}",
            "S",
            outcomes=tuple(RatedOutcome(f"o{s * per_step + j}", "S", "A") for j in range(per_step)),
            map="m",
        )
        for s in range(STEPS)
    )
    scales = ("importance", "satisfaction")
    return Survey("s", "S", "", "", scales, "outcome", (), pages, design=Design("balanced", WANTED))


def everything(study: Study, rng: np.random.Generator) -> Tops:
    return np.ones_like(study.important)


def balanced(study: Study, rng: np.random.Generator) -> Tops:
    blocks = blocks_of(plan(), "m")
    together = np.zeros((OUTCOMES, OUTCOMES), np.int64)
    asked = np.zeros_like(study.important)
    for row in asked:
        chosen = least_seen(blocks, together, WANTED, rng)
        ask(together, chosen)
        row[chosen] = True
    return asked


def adaptive(study: Study, rng: np.random.Generator) -> Tops:
    blocks = blocks_of(plan(), "m")
    together = np.zeros((OUTCOMES, OUTCOMES), np.int64)
    counts = np.zeros((4, OUTCOMES), np.int64)
    asked = np.zeros_like(study.important)
    for row, important, served in zip(asked, study.important, study.served, strict=True):
        chosen = most_open(blocks, together, Standing(*counts), WANTED, rng)
        ask(together, chosen)
        row[chosen] = True
        counts += row * np.array([row, important, served, important & served])
    return asked


DESIGNS: dict[str, Callable[[Study, np.random.Generator], Tops]] = {
    "all 100 each": everything,
    "balanced, 30 each": balanced,
    "adaptive, 30 each": adaptive,
}


def judged(study: Study, asked: Tops, n: int) -> tuple[float, float]:
    """Share of the true top ten found among `n` respondents, and share of intervals that hold the truth."""
    codes = {
        "importance": np.where(asked[:n], np.where(study.important[:n], 5, 2), 0).astype(np.uint8),
        "satisfaction": np.where(asked[:n], np.where(study.served[:n], 4, 1), 0).astype(np.uint8),
    }
    ratings = Ratings(tuple(f"o{j}" for j in range(OUTCOMES)), codes)
    counted = tally(ratings, Channels("satisfaction", ()))
    scores = figure(estimate(counted, counted.pool()), METHODS["opportunity"], 0.95)
    found = set(np.argsort(-scores.value, kind="stable")[:TOP]) & set(np.argsort(-study.truth, kind="stable")[:TOP])
    covered = (scores.bounds.low <= study.truth) & (study.truth <= scores.bounds.high)
    return len(found) / TOP, float(covered.mean())


def run(seed: int, rho: float) -> list[list[tuple[float, float]]]:
    """One study: for each design, top ten found and coverage at each size."""
    rng = np.random.default_rng([seed, round(100 * rho)])
    study = draw(rng, rho)
    asked = [design(study, rng) for design in DESIGNS.values()]
    return [[judged(study, one, n) for n in SIZES] for one in asked]


def main(runs: int = 60, correlated: int = 30) -> None:
    print(f"\nsimulated studies of {OUTCOMES} outcomes: share of the true top ten found, coverage of 95% intervals")
    for rho, studies, called in ((0.0, runs, "independent"), (RHO, correlated, f"correlated, rho {RHO}")):
        started = time.process_time()
        results = np.array([run(seed, rho) for seed in range(studies)])
        called = f"{called}; {studies} studies"
        print(f"{called:<34}" + "".join(f"{f'n = {n:,}':>20}" for n in SIZES))
        for name, found, error in zip(
            DESIGNS, results.mean(axis=0), results.std(axis=0) / np.sqrt(studies), strict=True
        ):
            cells = (f"{top:.3f}±{se:.3f} {covered:.3f}" for (top, covered), (se, _) in zip(found, error, strict=True))
            print(f"  {name:<32}" + "".join(f"{cell:>20}" for cell in cells))
        print(f"  {time.process_time() - started:.0f} s of processor time")


if __name__ == "__main__":
    main()
