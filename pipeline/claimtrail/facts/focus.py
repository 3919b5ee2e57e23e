"""The organisation that a text is about."""

from __future__ import annotations

from collections.abc import Sequence

from claimtrail.document import Label, Reference
from claimtrail.facts.anaphora import is_passing, is_source, is_work
from claimtrail.facts.beside import has_post, is_party
from claimtrail.facts.layout import Layout, Role

_TITLE_BONUS = 2.0
_FIRST_BONUS = 0.6
_SUBJECT_BONUS = 0.4
_POST_BONUS = 0.5
_PASSING = 0.4  # what an organisation named in passing counts


def find_focal_organisation(layout: Layout, names: Sequence[Reference]) -> str:
    """Return the number of the organisation named most, weighted for the title, the beginning and subjects.

    One whose posts are named counts more, one named in passing less. An organisation that is only the source of a
    report, or the party of somebody in office, does not count; ``""`` when there is none.
    """
    weights: dict[str, float] = {}
    title_end = _title_end(layout)
    organisations = [r for r in names if r.label is Label.ORG]
    parties = {r.entity for r in organisations if is_party(layout, r)}
    for reference in organisations:
        if reference.entity in parties or is_source(layout, reference):
            continue
        weight = 1.0
        if reference.start < title_end:
            weight += _TITLE_BONUS
        if not weights:
            weight += _FIRST_BONUS
        if layout.role(reference.start, reference.end) in (Role.TOPIC, Role.SUBJECT):
            weight += _SUBJECT_BONUS
        if has_post(layout, reference):
            weight += _POST_BONUS
        if is_passing(layout, reference):
            weight *= _PASSING
        weights[reference.entity] = weights.get(reference.entity, 0.0) + weight
    if not weights:
        return ""
    # max keeps the first of equals, which is the one named first
    return max(weights, key=weights.__getitem__)


def find_focal_people(layout: Layout, names: Sequence[Reference]) -> dict[str, float]:
    """Return how much the text is about each person, 0 to 1: by mentions, weighted for the title and for subjects."""
    weights: dict[str, float] = {}
    title_end = _title_end(layout)
    for reference in names:
        if reference.label is not Label.PERSON or is_work(layout, reference):
            continue
        weight = 1.0
        if reference.start < title_end:
            weight += _TITLE_BONUS
        if layout.role(reference.start, reference.end) in (Role.TOPIC, Role.SUBJECT):
            weight += _SUBJECT_BONUS
        weights[reference.entity] = weights.get(reference.entity, 0.0) + weight
    most = max(weights.values(), default=1.0)
    return {entity: round(weight / most, 6) for entity, weight in weights.items()}


def _title_end(layout: Layout) -> int:
    """Return where the title of the text ends, -1 when it has none."""
    paragraphs = layout.paragraphs
    return paragraphs[0].end if len(paragraphs) > 1 and paragraphs[0].end - paragraphs[0].start < 150 else -1
