"""Reference results computed with R (see weighted_survey/README.md), read as plain rows."""

from __future__ import annotations

import csv
from pathlib import Path

FOLDER = Path(__file__).parent / "weighted_survey"
DATA = FOLDER / "survey_data.csv"
TARGETS = FOLDER / "survey_targets.csv"


def rows(name: str, **chosen: str) -> list[dict[str, str]]:
    """Rows of a reference file whose columns have the values chosen."""
    with (FOLDER / f"{name}.csv").open(newline="") as file:
        return [row for row in csv.DictReader(file) if all(row[key] == value for key, value in chosen.items())]
