"""Ratings from Parquet: a file or several, batch by batch."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from jtbd.errors import InputError, Issue, issue
from jtbd.ratings.cells import cell_codes, cell_labels, number_codes
from jtbd.ratings.codes import NOT_RATED, cell_text
from jtbd.ratings.columns import duplicate_columns, wide_columns
from jtbd.ratings.model import Codes, Labels, Ratings
from jtbd.ratings.table import empty
from jtbd.ratings.wide import from_parts
from jtbd.survey.answers import NOT_APPLICABLE

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow import parquet

BATCH = 20_000
"""Rows decoded at once: few enough to stay near the processor."""

ABOUT = b"jtbd"
"""The key of a file's metadata under which an archive says what it holds."""

FILE_ROWS = 250_000
"""Respondents in each file of an archive."""


@dataclass(frozen=True)
class ArrowPart:
    """Rows of a Parquet file; ``first`` is the line of the first one, counted from 1."""

    batch: pa.RecordBatch
    file: str
    first: int

    @property
    def lines(self) -> Sequence[int]:
        """The number of each row in the file."""
        return range(self.first, self.first + self.batch.num_rows)

    def codes(self, column: str) -> Codes:
        """1..5, ``NOT_RATED`` or ``BAD`` for each row."""
        cells = self._cells(column)
        if cells is None:
            return np.full(self.batch.num_rows, NOT_RATED, np.uint8)
        from pyarrow import types

        if types.is_integer(cells.type) or types.is_floating(cells.type):
            codes = _plain_codes(cells)
            return _number_codes(cells) if codes is None else codes
        values, places = _distinct(cells)
        found: Codes = cell_codes(values)[places]
        return found

    def labels(self, column: str) -> Labels:
        """What is written in each row, as text: rows that say the same share it."""
        cells = self._cells(column)
        if cells is None:
            return np.full(self.batch.num_rows, "", object)
        values, places = _distinct(cells)
        labels: Labels = cell_labels(values)[places]
        return labels

    def text(self, row: int, column: str) -> str:
        """What is written in one cell."""
        cells = self._cells(column)
        return "" if cells is None else cell_text(cells[row].as_py())

    def _cells(self, column: str) -> pa.Array | None:
        place = self.batch.schema.get_field_index(column)
        return None if place < 0 else self.batch.column(place)


def _plain_codes(cells: pa.Array) -> Codes | None:
    """Codes of a column of whole numbers in which all is well, many times faster than one cell at a time."""
    from pyarrow import types

    if not types.is_integer(cells.type):
        return None
    validity, numbers = cells.buffers()
    rows = slice(cells.offset, cells.offset + len(cells))
    written = np.frombuffer(numbers, cells.type.to_pandas_dtype())[rows]
    codes: Codes = written.astype(np.uint8)
    well = (codes == written) & (codes - np.uint8(1) < 5)  # 0 - 1 is 255 here
    if cells.null_count:
        given = np.unpackbits(np.frombuffer(validity, np.uint8), bitorder="little")[rows]
        codes *= given  # what stands in memory where nothing was given may be anything
        well |= given == 0
    return codes if well.all() else None


def _number_codes(cells: pa.Array) -> Codes:
    if not cells.null_count:
        return number_codes(cells.to_numpy(zero_copy_only=False))
    codes = number_codes(cells.fill_null(1).to_numpy(zero_copy_only=False))
    codes[cells.is_null().to_numpy(zero_copy_only=False)] = NOT_RATED
    return codes


def _distinct(cells: pa.Array) -> tuple[list[Any], NDArray[np.integer]]:
    """The values of a column, each once where the type allows it and ``None`` last, and the place of each row's."""
    from pyarrow import types

    if types.is_nested(cells.type) or types.is_null(cells.type):
        return [*cells.to_pylist(), None], np.arange(len(cells))
    coded = cells if types.is_dictionary(cells.type) else cells.dictionary_encode()
    values = coded.dictionary.to_pylist()
    return [*values, None], coded.indices.fill_null(len(values)).to_numpy(zero_copy_only=False)


def read_parquet(paths: Sequence[Path], name: str) -> tuple[Ratings, bytes]:
    """Ratings of all files, and what an archive says about itself.

    Raises
    ------
    InputError
        No file, no pyarrow, files that are broken, of several archives or hold what is no rating.
    """
    if not paths:
        raise InputError([issue("no-rows", "the folder holds no Parquet files", "check the path", file=name)])
    _see_that_installed(name)
    import pyarrow as pa

    files = _opened(paths)
    about = {(file.schema_arrow.metadata or {}).get(ABOUT, b"") for file in files}
    if len(about) > 1:
        what = "the folder holds files of several archives, or of an archive and others"
        raise InputError([issue("mixed-archives", what, "give each a folder of its own", file=name)])
    n = sum(file.metadata.num_rows for file in files)
    if not n:
        raise InputError([empty(name, "the file has no rows")])
    header = list(dict.fromkeys(column for file in files for column in file.schema_arrow.names))
    columns = wide_columns(header, name)
    try:
        ratings = from_parts(_parts(paths, files), columns, header, n)
    except (pa.ArrowException, OSError) as error:
        raise InputError([_broken(name, error)]) from None
    return ratings, about.pop()


def _opened(paths: Sequence[Path]) -> list[parquet.ParquetFile]:
    import pyarrow as pa
    from pyarrow import parquet

    files, issues = [], []
    for path in paths:
        try:
            file = parquet.ParquetFile(path)
        except (pa.ArrowException, OSError) as error:
            issues.append(_broken(str(path), error))
            continue
        issues += duplicate_columns(file.schema_arrow.names, str(path))
        files.append(file)
    if issues:
        raise InputError(issues)
    return files


def _parts(paths: Sequence[Path], files: Sequence[parquet.ParquetFile]) -> Iterator[ArrowPart]:
    for path, file in zip(paths, files, strict=True):
        first = 1
        # One thread decodes while the batch before is read; more, a column each, take twice the processor time.
        for batch in _ahead(file.iter_batches(BATCH, use_threads=False)):
            yield ArrowPart(batch, str(path), first)
            first += batch.num_rows


def _ahead(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The same batches, the next one decoded meanwhile."""
    with ThreadPoolExecutor(1) as decoder:
        following = decoder.submit(next, batches, None)
        while (batch := following.result()) is not None:
            following = decoder.submit(next, batches, None)
            yield batch


def _broken(file: str, error: Exception) -> Issue:
    return issue("broken-parquet", f"the Parquet cannot be read ({error})", "write the file again", file=file)


def _see_that_installed(name: str) -> None:
    if find_spec("pyarrow") is None:
        remedy = 'install it with: pip install "jtbd[archive]"'
        raise InputError([issue("needs-extra", "Parquet needs pyarrow", remedy, file=name)])


def write_parquet(ratings: Ratings, folder: Path, about: bytes) -> None:
    """Write ratings to a new or empty folder of Parquet files in the wide layout: all of them, or nothing.

    Parameters
    ----------
    about : bytes
        What :func:`read_parquet` returns beside the ratings.

    Raises
    ------
    InputError
        pyarrow is missing.
    """
    _see_that_installed(str(folder))
    from pyarrow import parquet

    partial = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    partial.mkdir()
    try:
        for number, start in enumerate(range(0, ratings.n, FILE_ROWS)):
            table = _table(ratings, slice(start, start + FILE_ROWS), about)
            parquet.write_table(table, partial / f"part-{number:05}.parquet", compression="zstd")
        partial.replace(folder)
    except BaseException:
        shutil.rmtree(partial)
        raise


def _table(ratings: Ratings, rows: slice, about: bytes) -> pa.Table:
    import pyarrow as pa

    columns = {
        name: pa.array([label or None for label in labels[rows].tolist()], pa.string())
        for name, labels in ratings.attributes.items()
    }
    for j, outcome in enumerate(ratings.outcomes):
        for scale, matrix in ratings.scales.items():
            codes = np.ascontiguousarray(matrix[rows, j])
            columns[f"{scale[:3]}_{outcome}"] = pa.array(codes, mask=codes == NOT_RATED)
        if ratings.not_applicable is not None:
            marks = ratings.not_applicable[rows, j]
            columns[NOT_APPLICABLE + outcome] = pa.array(marks.astype(np.uint8), mask=~marks)
    return pa.table(columns).replace_schema_metadata({ABOUT: about})
