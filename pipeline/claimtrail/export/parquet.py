"""Parquet, with types: lists stay lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from claimtrail.export.base import Source, Written, needed, whole
from claimtrail.export.rows import CLAIM_COLUMNS, EVIDENCE_COLUMNS, Column, Row, all_evidence, claim_row

_GROUP = 10_000


def write(source: Source, folder: Path) -> Written:
    """Write ``claims.parquet`` and ``evidence.parquet``, a group of rows at a time."""
    arrow, parquet = needed("pyarrow", "parquet"), needed("pyarrow.parquet", "parquet")
    claims, evidence = folder / "claims.parquet", folder / "evidence.parquet"
    _write(arrow, parquet, claims, CLAIM_COLUMNS, map(claim_row, source.claims()))
    _write(arrow, parquet, evidence, EVIDENCE_COLUMNS, all_evidence(source.claims()))
    return Written([claims, evidence], [])


def _write(arrow: Any, parquet: Any, path: Path, columns: Sequence[Column], rows: Iterable[Row]) -> None:
    kinds = {
        "text": arrow.string(),
        "integer": arrow.int64(),
        "number": arrow.float64(),
        "truth": arrow.bool_(),
        "texts": arrow.list_(arrow.string()),
    }
    schema = arrow.schema([(column.name, kinds[column.kind]) for column in columns])
    stream = iter(rows)
    with whole(path) as partial, parquet.ParquetWriter(partial, schema, compression="zstd") as writer:
        while group := list(islice(stream, _GROUP)):
            writer.write_table(arrow.Table.from_pylist(group, schema=schema))
