"""Rows of Parquet files as records; pyarrow, which reads them, is an extra."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

# Rows that are held at a time.
_BATCH = 64


class ParquetError(ValueError):
    """The file cannot be read as Parquet; the message says why."""


def parquet_rows(path: Path, names: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield the rows of a file in order, with those of the named columns that it has; dates and times become ISO.

    Raises:
        ParquetError: pyarrow is not installed, or the file is no Parquet.
    """
    try:
        from pyarrow import ArrowException  # noqa: PLC0415 - an extra
        from pyarrow.parquet import ParquetFile  # noqa: PLC0415
    except ImportError as error:
        raise ParquetError("reading Parquet needs pyarrow, which is not installed: pip install pyarrow") from error
    try:
        with ParquetFile(path, memory_map=False) as file:
            there = [name for name in dict.fromkeys(names) if name in file.schema_arrow.names]
            if not there:  # rows without any of these columns are rows all the same
                yield from ({} for _ in range(file.metadata.num_rows))
                return
            for batch in file.iter_batches(batch_size=_BATCH, columns=there):
                for row in batch.to_pylist():
                    yield {name: _plain(value) for name, value in row.items()}
    except ArrowException as error:
        raise ParquetError(f"not readable as Parquet: {str(error).splitlines()[0]}") from error


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
