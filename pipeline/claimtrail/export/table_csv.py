"""CSV that spreadsheets open without harm: UTF-8 with a byte order mark, and no cell that is taken for a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from claimtrail.export.base import Source, Written, whole
from claimtrail.export.rows import CLAIM_COLUMNS, EVIDENCE_COLUMNS, Column, Row, all_evidence, claim_row

# A spreadsheet runs a cell that begins so, in wide characters too; after an apostrophe it is text.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BETWEEN = " | "


def write(source: Source, folder: Path) -> Written:
    """Write ``claims.csv`` and ``evidence.csv``; lists stand in one cell with bars between."""
    claims, evidence = folder / "claims.csv", folder / "evidence.csv"
    _write(claims, CLAIM_COLUMNS, map(claim_row, source.claims()))
    _write(evidence, EVIDENCE_COLUMNS, all_evidence(source.claims()))
    return Written([claims, evidence], [])


def cell(value: Any) -> Any:
    """Return a value as a cell: a text that a spreadsheet would run is kept from it by an apostrophe."""
    if isinstance(value, list):
        value = _BETWEEN.join(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        value = value.replace("\0", "\ufffd")
        return f"'{value}" if value.startswith(_FORMULA) else value
    return value


def _write(path: Path, columns: Sequence[Column], rows: Iterable[Row]) -> None:
    with whole(path) as partial, partial.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([column.name for column in columns])
        for row in rows:
            writer.writerow([cell(row[column.name]) for column in columns])
