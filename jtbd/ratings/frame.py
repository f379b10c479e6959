"""Ratings from a data frame in the wide layout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from jtbd.errors import InputError
from jtbd.ratings.cells import cell_codes, cell_labels, number_codes
from jtbd.ratings.codes import cell_text
from jtbd.ratings.columns import wide_columns
from jtbd.ratings.model import Codes, Labels, Ratings
from jtbd.ratings.table import empty
from jtbd.ratings.wide import from_parts

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class FramePart:
    """All rows of a data frame, by column; ``lines`` are the numbers of its rows, from 1."""

    columns: Mapping[str, pd.Series]
    file: str
    lines: Sequence[int]

    def codes(self, column: str) -> Codes:
        """1..5, ``NOT_RATED`` or ``BAD`` for each row."""
        from pandas.api.types import is_bool_dtype, is_numeric_dtype

        cells = self.columns[column]
        if is_bool_dtype(cells.dtype) or not is_numeric_dtype(cells.dtype):
            return cell_codes(cells.astype(object).where(cells.notna(), None))
        nullable = not isinstance(cells.dtype, np.dtype)
        return number_codes(cells.to_numpy(float, na_value=np.nan) if nullable else cells.to_numpy())

    def labels(self, column: str) -> Labels:
        """What is written in each row, as text."""
        cells = self.columns[column]
        return cell_labels(cells.astype(object).where(cells.notna(), None))

    def text(self, row: int, column: str) -> str:
        """What is written in one cell."""
        return cell_text(self.columns[column].iloc[row])


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
    part = FramePart({str(column): cells for column, cells in frame.items()}, name, range(1, len(frame) + 1))
    return from_parts([part], columns, header, len(frame))
