"""What a stage is: it takes documents and returns new ones, and says what it needs and what it adds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from claimtrail.document import Document


class Stage(Protocol):
    """A step of the pipeline.

    ``requires`` and ``provides`` name fields of ``Document`` (``stretches``, ``tokens`` …). ``process`` returns one
    document for each one given, in order; its answer for a document does not depend on the others of the batch.
    """

    @property
    def name(self) -> str:
        """The stage's name as messages and timings show it."""

    @property
    def requires(self) -> frozenset[str]:
        """The fields that the stage reads."""

    @property
    def provides(self) -> frozenset[str]:
        """The fields that the stage fills."""

    def process(self, documents: Sequence[Document]) -> list[Document]:
        """Return the documents with the provided fields filled."""
        ...


class StageOrderError(ValueError):
    """The stages, in the order given, do not provide what they require."""


def check_order(stages: Sequence[Stage], given: frozenset[str]) -> None:
    """Check that each stage finds what it requires; all faults are reported together.

    ``given`` names the fields that the documents bring along.

    Raises:
        StageOrderError: with one line a missing field.
    """
    have = set(given)
    faults = []
    for stage in stages:
        faults += [
            f"{stage.name} requires {name}, which no stage before it provides" for name in sorted(stage.requires - have)
        ]
        have |= stage.provides
    if faults:
        raise StageOrderError("; ".join(faults))
