"""Scores with intervals, rank ranges and P(top 10), small to large, each beside pandas by hand in the same run."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import parquet

import jtbd
from bench.by_hand import bootstrap
from bench.start import seconds
from jtbd.ratings.model import Ratings
from jtbd.tally.count import tally
from jtbd.tally.features import Channels
from jtbd.tally.model import Tally

ROUNDS = 1_000
"""Bootstrap rounds of the version by hand."""
TIMED = {300: 1_000, 30_000: 20}
"""Rounds that are really run, by number of respondents: the rest is extrapolated, as every round does the same."""


@dataclass(frozen=True)
class Usage:
    """What a process took: wall time, processor time, largest memory."""

    seconds: float
    processor: float
    megabytes: float


def main(folder: Path) -> None:
    print("\nscores with intervals, rank ranges and P(top 10), beside a bootstrap by hand in pandas (B = 1000)")
    print(f"{'what':<46}{'seconds':>9}{'target':>8}{'by hand':>10}{'ratio':>8}")
    in_process(300, 0.1)
    in_process(30_000, 1.0)
    path = folder / "million.parquet"
    write_parquet(path, 1_000_000)
    print("\nwhole processes on 1,000,000 x 100 from Parquet; target 10 s, 2,000 MB")
    print(f"{'what':<46}{'seconds':>9}{'cpu':>8}{'MB':>8}")
    (folder / "targets.csv").write_text(
        "variable,level,share\nsegment,a,.4\nsegment,b,.3\nsegment,c,.2\nsegment,d,.1\n"
    )
    for options in (
        [],
        ["--by", "segment"],
        ["--weight", "weight"],
        ["--where", "segment=a"],
        ["--rake", "targets.csv"],
    ):
        used = usage(["score", str(path), "--format", "csv", *options], folder)
        print(
            f"{'jtbd score ' + ' '.join(options):<46}{used.seconds:>9.2f}{used.processor:>8.1f}{used.megabytes:>8.0f}"
        )
    print("by hand: not run; a round copies 1.6 GB, a thousand rounds take hours")
    tally_sizes()


def in_process(n: int, target: float) -> None:
    frame = sample(n, np.random.default_rng(1)).to_pandas()
    jtbd.score(frame)  # imports
    ours = statistics.median(seconds(lambda: jtbd.score(frame)) for _ in range(5))
    by_hand = seconds(lambda: bootstrap(frame, TIMED[n])) * ROUNDS / TIMED[n]
    name = f"jtbd.score, data frame of {n:,} x 100"
    note = "" if TIMED[n] == ROUNDS else f"  (by hand from {TIMED[n]} rounds)"
    print(f"{name:<46}{ours:>9.3f}{target:>8.1f}{by_hand:>10.1f}{by_hand / ours:>8.0f}{note}", flush=True)


def sample(n: int, rng: np.random.Generator, missing: float = 0.05) -> pa.Table:
    """n respondents on 100 outcomes, whose means differ."""
    taste = rng.standard_normal(n, np.float32)
    columns = {
        "segment": pa.array(np.array(list("abcd"))[rng.integers(0, 4, n)]),
        "weight": pa.array(np.round(rng.uniform(0.5, 2, n), 2)),
    }
    for j in range(100):
        for scale, mean in (("imp", 2.6 + 0.015 * j), ("sat", 3.6 - 0.010 * j)):
            said = np.clip(np.round(mean + 0.5 * taste + rng.standard_normal(n, np.float32)), 1, 5)
            columns[f"{scale}_o{j:03}"] = pa.array(said.astype(np.int64), mask=rng.random(n) < missing)
    return pa.table(columns)


def write_parquet(path: Path, n: int) -> None:
    rng = np.random.default_rng(1)
    schema = sample(1, rng).schema
    with parquet.ParquetWriter(path, schema) as writer:
        for start in range(0, n, 100_000):
            writer.write_table(sample(min(100_000, n - start), rng))


def usage(arguments: list[str], folder: Path) -> Usage:
    """What ``jtbd`` with these arguments takes, start included; measured by a process that has no other child."""
    code = (
        "import json, resource, subprocess, sys, time; start = time.perf_counter();"
        "subprocess.run([sys.executable, '-m', 'jtbd', *sys.argv[1:]], check=True, stdout=subprocess.DEVNULL);"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN);"
        "print(json.dumps([time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], cwd=folder, check=True, capture_output=True)
    return Usage(*json.loads(done.stdout))


def tally_sizes() -> None:
    print("\ntallies: size, time to count")
    rng = np.random.default_rng(1)
    features = ("importance_top", "second_top", "unmet", "rated")
    for name, maps, cells, n in (
        ("4 maps x 100 outcomes x 10 cells, unmet", 4, 10, 20_000),
        ("500 cells x 100", 1, 500, 50_000),
    ):
        codes = {scale: np.zeros((n, 100 * maps), np.uint8) for scale in ("importance", "satisfaction")}
        for matrix in codes.values():
            for number in range(maps):
                rows = matrix[number::maps, 100 * number : 100 * (number + 1)]
                rows[:] = rng.integers(0, 6, rows.shape)
        group = np.array([f"{number:03}" for number in range(cells)], object)[rng.integers(0, cells, n)]
        ratings = Ratings(tuple(map(str, range(100 * maps))), codes, {"group": group})
        taken, counted = timed(lambda ratings=ratings: tally(ratings, Channels("satisfaction", features), ["group"]))
        print(f"{name:<46}{megabytes(counted):>9.1f} MB{taken:>8.2f} s")


def timed(work: Callable[[], Tally]) -> tuple[float, Tally]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def megabytes(counted: Tally) -> float:
    """Size of the arrays of a tally."""
    arrays = [
        array
        for cell in counted.cells.values()
        for array in (cell.active, cell.counts, cell.weights, cell.squares, *(block.moments for block in cell.second))
    ]
    return sum(array.nbytes for array in arrays) / 1e6
