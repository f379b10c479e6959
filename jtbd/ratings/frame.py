"""Ratings from a data frame in the wide layout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from jtbd.errors import InputError
from jtbd.ratings.codes import cell_codes, cell_labels, cell_text, number_codes
from jtbd.ratings.columns import wide_columns
from jtbd.ratings.model import Codes, Labels, Ratings
from jtbd.ratings.table import empty
from jtbd.ratings.wide import from_parts

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class FramePart:
    """All rows of a data frame; ``places`` are the numbers of its columns."""

    frame: pd.DataFrame
    file: str
    places: dict[str, int]

    @property
    def lines(self) -> Sequence[int]:
        """The number of each row, from 1."""
        return range(1, len(self.frame) + 1)

    def codes(self, column: str) -> Codes:
        """1..5, ``NOT_RATED`` or ``BAD`` for each row."""
        from pandas.api.types import is_bool_dtype, is_numeric_dtype

        cells = self._cells(column)
        if is_bool_dtype(cells.dtype) or not is_numeric_dtype(cells.dtype):
            return cell_codes(cells.astype(object).where(cells.notna(), None))
        nullable = not isinstance(cells.dtype, np.dtype)
        return number_codes(cells.to_numpy(float, na_value=np.nan) if nullable else cells.to_numpy())

    def labels(self, column: str) -> Labels:
        """What is written in each row, as text."""
        cells = self._cells(column)
        return cell_labels(cells.astype(object).where(cells.notna(), None))

    def text(self, row: int, column: str) -> str:
        """What is written in one cell."""
        return cell_text(self._cells(column).iloc[row])

    def _cells(self, column: str) -> pd.Series:
        return self.frame.iloc[:, self.places[column]]


def read_frame(frame: pd.DataFrame, name: str) -> Ratings:
    """Ratings of a data frame, one row a respondent.

    Raises
    ------
    InputError
        No rows, columns that make no pairs, cells that are no ratings.
    """
    header = [str(column) for column in frame.columns]
    columns = wide_columns(header, name)
    if frame.empty:
        raise InputError([empty(name, "there are no rows")])
    part = FramePart(frame, name, {column: place for place, column in enumerate(header)})
    return from_parts([part], columns, header, len(frame))
