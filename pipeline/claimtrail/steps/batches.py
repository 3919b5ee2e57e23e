"""Batches of columns, as data set libraries hand them to a function."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from claimtrail.output.lines import as_line
from claimtrail.steps.texts import Item, Reads

Batch = Callable[[Mapping[str, Sequence[Any]]], dict[str, list[str]]]


@dataclass(frozen=True, slots=True)
class Columns:
    """The names of the columns that are read (``id`` and ``date`` may be empty) and of the one that is made."""

    text: str = "text"
    id: str = ""
    date: str = ""
    claims: str = "claims"


def on_batch(pipeline: Reads, columns: Columns) -> Batch:
    """Return the function from a batch to its new column."""
    return _OnBatch(pipeline, columns)


@dataclass(frozen=True, slots=True)
class _OnBatch:
    """A class, not a closure, so that it can be pickled, and hashes alike from run to run."""

    pipeline: Reads
    columns: Columns

    def __call__(self, batch: Mapping[str, Sequence[Any]]) -> dict[str, list[str]]:
        """Return the column with the claims of each text.

        Raises:
            KeyError: the batch has no such column.
        """
        # One string a text: a column of lists has no type as long as all lists are empty, and a data set that has seen
        # such a batch refuses the next one.
        claims = [as_line(found.claims).decode() for found in self.pipeline.pipe(self._items(batch))]
        return {self.columns.claims: claims}

    def _items(self, batch: Mapping[str, Sequence[Any]]) -> Iterator[Item]:
        named = {"id": self.columns.id, "date": self.columns.date}
        for row, text in enumerate(batch[self.columns.text]):
            yield {"text": text or ""} | {field: batch[name][row] for field, name in named.items() if name}
