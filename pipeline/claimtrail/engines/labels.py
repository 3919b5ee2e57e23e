"""What the entity labels of spaCy and Stanza models are called here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from claimtrail import data
from claimtrail.document import Label
from claimtrail.engines.base import EngineError


@dataclass(frozen=True, slots=True)
class LabelMap:
    """Labels of foreign models and ours; ``ignored`` lists labels that are known and of no use here."""

    labels: dict[str, str]
    ignored: list[str]


@cache
def label_map() -> LabelMap:
    """Return the shipped label map, ``lang/entity_labels.yaml``."""
    return data.read_as(data.find("entity_labels.yaml"), LabelMap)


def mapped(labels: Iterable[str], model: str) -> dict[str, Label | None]:
    """Map each label of a model to ours, to None where it is of no use here.

    Raises:
        EngineError: a label is in no label map.
    """
    known = label_map()
    found: dict[str, Label | None] = {}
    for label in labels:
        if label in known.labels:
            found[label] = Label(known.labels[label])
        elif label in known.ignored:
            found[label] = None
        else:
            raise EngineError(f"{model}: the entity label {label} is in no label map (entity_labels.yaml)")
    return found
