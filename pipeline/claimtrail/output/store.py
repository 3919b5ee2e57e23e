"""What a text gave, ready to be written, and the document model as JSON and back."""

from __future__ import annotations

import dataclasses
from typing import Any

import orjson

from claimtrail.records import DocumentRecord


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What a text gave: its line of the ledger, and its lines of the other files as they are written.

    ``evidence`` is empty for a text that was not read through. No line has its end.
    """

    record: DocumentRecord
    mentions: tuple[bytes, ...]
    evidence: bytes


def dumps(value: Any) -> bytes:
    """Return a dataclass of the document model, or a list or dict of such, as JSON; named tuples become lists."""
    return orjson.dumps(value, default=list)
