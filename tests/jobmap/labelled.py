"""The labelled statements, and how the rules do on them: ``make bench`` prints precision and recall.

``held`` statements have not been used to change the rules; where one is, it moves to the part ``dev``.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jtbd.jobmap.rules.statement import check_ability, check_outcome
from jtbd.jobmap.rules.words import read_words
from jtbd.settings import Settings

LONG = " ".join(["word"] * 60)
"""Stands for the long form of a short one that is judged alone."""


@dataclass(frozen=True)
class Labelled:
    part: str
    form: str
    good: bool
    code: str
    statement: str
    found: tuple[str, ...]


def labelled() -> Iterator[Labelled]:
    """Each statement with the codes of what the shipped rules find in it."""
    words, _ = read_words(Settings.read(Path(__file__).parent, {}))
    with (Path(__file__).parent / "statements.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            text = row["statement"]
            found = check_ability(text, LONG, words) if row["form"] == "ability" else check_outcome(text, words)
            codes = tuple(finding.code for finding in found)
            yield Labelled(row["part"], row["form"], row["verdict"] == "good", row["code"], text, codes)


def precision_and_recall(part: str, form: str = "") -> tuple[float, float, int]:
    """Of the statements the rules object to, the share that are bad; of the bad ones, the share objected to."""
    rows = [row for row in labelled() if row.part == part and form in ("", row.form)]
    objected = [row for row in rows if row.found]
    bad = [row for row in rows if not row.good]
    hit = [row for row in bad if row.found]
    return len(hit) / max(len(objected), 1), len(hit) / max(len(bad), 1), len(rows)
