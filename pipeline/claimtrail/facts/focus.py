"""The organisation that a text is about."""

from __future__ import annotations

from collections.abc import Sequence

from claimtrail.document import Label, Reference
from claimtrail.facts.anaphora import is_passing, is_source
from claimtrail.facts.beside import is_party
from claimtrail.facts.layout import Layout, Role

_TITLE_BONUS = 2.0
_FIRST_BONUS = 0.6
_PASSING = 0.4  # what an organisation named in passing counts


def find_focal_organisation(layout: Layout, names: Sequence[Reference]) -> str:
    """Return the number of the organisation named most, weighted for the title, the beginning and subjects.

    An organisation that is only the source of a report, or the party of somebody in office, does not count; ``""``
    when there is none.
    """
    paragraphs = layout.paragraphs
    weights: dict[str, float] = {}
    title_end = paragraphs[0].end if len(paragraphs) > 1 and paragraphs[0].end - paragraphs[0].start < 150 else -1
    for reference in names:
        if reference.label is not Label.ORG or is_source(layout, reference) or is_party(layout, reference):
            continue
        weight = 1.0
        if reference.start < title_end:
            weight += _TITLE_BONUS
        if not weights:
            weight += _FIRST_BONUS
        if layout.role(reference.start, reference.end) in (Role.TOPIC, Role.SUBJECT):
            weight += 0.4
        if is_passing(layout, reference):
            weight *= _PASSING
        weights[reference.entity] = weights.get(reference.entity, 0.0) + weight
    if not weights:
        return ""
    # max keeps the first of equals, which is the one named first
    return max(weights, key=weights.__getitem__)
