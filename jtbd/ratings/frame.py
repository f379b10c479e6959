"""Ratings from a data frame in the wide layout."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from jtbd.errors import InputError
from jtbd.ratings.cells import cell_codes, cell_labels, number_codes
from jtbd.ratings.codes import cell_text
from jtbd.ratings.columns import WideColumns, wide_columns
from jtbd.ratings.model import Codes, Labels, Ratings
from jtbd.ratings.table import empty
from jtbd.ratings.wide import from_parts

if TYPE_CHECKING:
    import pandas as pd

CELLS_TOGETHER = 200_000
"""Cells looked at together, so that their copies stay small."""


@dataclass(frozen=True)
class FramePart:
    """All rows of a data frame, by column.

    Parameters
    ----------
    columns : mapping of str to Series
    plain : mapping of str to Codes
        Codes of the columns that hold numbers, as far as they were read beforehand.
    file : str
    lines : sequence of int
        The numbers of the rows, from 1.
    """

    columns: Mapping[str, pd.Series]
    plain: Mapping[str, Codes]
    file: str
    lines: Sequence[int]

    def codes(self, column: str) -> Codes:
        """1..5, ``NOT_RATED`` or ``BAD`` for each row."""
        from pandas.api.types import is_bool_dtype, is_numeric_dtype

        if column in self.plain:
            return self.plain[column]
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
    part = FramePart(_Columns(frame, header), _plain_codes(frame, header, columns), name, range(1, len(frame) + 1))
    return from_parts([part], columns, header, len(frame))


class _Columns(Mapping[str, "pd.Series"]):
    """The columns of a frame by their names as text, each taken from it when asked for."""

    def __init__(self, frame: pd.DataFrame, header: Sequence[str]) -> None:
        self._frame = frame
        self._places = {column: place for place, column in enumerate(header)}

    def __getitem__(self, column: str) -> pd.Series:
        return self._frame.iloc[:, self._places[column]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def _plain_codes(frame: pd.DataFrame, header: Sequence[str], columns: WideColumns) -> dict[str, Codes]:
    """Codes of the ratings that are numbers, many columns at once: one by one takes pandas longer than counting."""
    kinds: dict[np.dtype[Any], list[int]] = {}
    dtypes = frame.dtypes.to_list()
    for places in columns.scales.values():
        for place in places:
            if place is not None and isinstance(dtypes[place], np.dtype) and dtypes[place].kind in "iuf":
                kinds.setdefault(dtypes[place], []).append(place)
    codes: dict[str, Codes] = {}
    together = max(1, CELLS_TOGETHER // len(frame))
    for alike in kinds.values():
        for start in range(0, len(alike), together):
            some = alike[start : start + together]
            read = number_codes(frame.iloc[:, some].to_numpy()).T
            codes |= zip((header[place] for place in some), read, strict=True)
    return codes
