"""Which organisation is named right beside a person: 'ORG chief X', 'X, chief of ORG', 'ORGのX社長'."""

from __future__ import annotations

import re

from claimtrail.document import Document, Entity, Label, Reference
from claimtrail.entities.lexicon import entity_rules
from claimtrail.facts.anaphora import organisation_kinds
from claimtrail.facts.layout import Layout
from claimtrail.facts.lexicon import compiled, ends_with

_REACH = 60
_POST_REACH = 16
_ORG_REACH = 12  # between a post and its organisation: "of the"
_BRACKET = re.compile(r"\s?[(（\[]\s?$")


def beside(layout: Layout, person: Reference, organisation: Reference) -> bool:
    """Say whether nothing but titles and small words stands between a person and an organisation of one sentence.

    An organisation that the person has left ('ex-') does not count, nor the party of someone in an office of state.
    """
    if is_party(layout, organisation):
        return False
    start, end = min(person.end, organisation.end), max(person.start, organisation.start)
    words = layout.lexicon_at(person.start)
    if words is None or not 0 <= end - start <= _REACH or layout.sentence_at(start) != layout.sentence_at(end):
        return False
    gap = layout.document.text[start:end]
    for title in layout.titles_in(start, end):
        gap = gap.replace(layout.document.covered(title), " ", 1)
    # 'The former A chief X' is not of A; said after the name ('X, former chief of A') the same words stand in between.
    former = words.roles.former
    if ends_with(former, layout.document.text, organisation.start) is not None:
        return False
    if former and person.start < organisation.start and compiled(former).search(gap) is not None:
        return False
    pattern = words.roles.between_after if person.start < organisation.start else words.roles.between_before
    return compiled(pattern).fullmatch(gap) is not None


def has_post(layout: Layout, organisation: Reference) -> bool:
    """Say whether a post stands right before or after an organisation, that is not one somebody had there before."""
    words = layout.lexicon_at(organisation.start)
    if words is None:
        return False
    text, former = layout.document.text, words.roles.former
    if ends_with(former, text, organisation.start) is not None:
        return False
    for title in layout.titles_in(organisation.start - _REACH, organisation.end + _REACH):
        start, end = min(title.end, organisation.end), max(title.start, organisation.start)
        if not 0 <= end - start <= _POST_REACH or layout.sentence_at(start) != layout.sentence_at(end):
            continue
        roles = words.roles
        pattern = roles.between_after if title.start < organisation.start else roles.between_before
        if compiled(pattern).fullmatch(text[start:end]) and ends_with(former, text, title.start) is None:
            return True
    return False


def post_beside(layout: Layout, person: Reference) -> Entity | None:
    """Return the post that stands right before or after a person, or that the phrase meaning the person names.

    One somebody had before ('the former chair X') does not count, nor one that stands before another person's name.
    """
    words = layout.lexicon_at(person.start)
    if words is None:
        return None
    text, roles = layout.document.text, words.roles
    inside = [t for t in layout.titles_in(person.start, person.end) if t.end == person.end]
    if inside:
        return inside[0]
    for title in layout.titles_in(person.start - _REACH, person.end + _POST_REACH + _REACH):
        after = title.start >= person.end
        start, end = min(title.end, person.end), max(title.start, person.start)
        if not 0 < end - start <= _POST_REACH or layout.sentence_at(start) != layout.sentence_at(end):
            continue
        pattern = roles.between_after if after else roles.between_before
        if compiled(pattern).fullmatch(text[start:end]) is None or ends_with(roles.former, text, title.start):
            continue
        if after and any(title.end <= name.start <= title.end + 2 for name in _people_at(layout, title.end)):
            continue
        return title
    return None


def names_no_other(document: Document, post: Entity, organisation: str) -> bool:
    """Say whether no organisation but the entity ``organisation`` stands right before or after a post."""
    return all(
        r.entity == organisation
        for r in document.facts.references
        if r.label is Label.ORG and (-3 <= r.end - post.start <= 0 or 0 <= r.start - post.end <= _ORG_REACH)
    )


def _people_at(layout: Layout, position: int) -> list[Entity]:
    return [e for e in layout.document.entities if e.label is Label.PERSON and position <= e.start <= position + 2]


def is_party(layout: Layout, organisation: Reference) -> bool:
    """Say whether a party stands in brackets behind a name ('X (PARTY)').

    It is one by its name, or because it stands behind somebody in an office of state: 'minister X (PARTY)'.
    """
    document = layout.document
    bracket = _BRACKET.search(document.text[max(0, organisation.start - 3) : organisation.start])
    if bracket is None:
        return False
    end = organisation.start - len(bracket.group())
    name = next((e for e in layout.ending_at(end) if e.label is Label.PERSON), None)
    if name is None:
        return False
    if "party" in organisation_kinds(organisation.name):
        return True
    lang = layout.lang_at(organisation.start)
    offices = tuple(entity_rules(lang).state_posts) if lang else ()
    return any(
        e.label is Label.TITLE and document.covered(e).endswith(offices)
        for place in (name.start - 1, name.start)
        for e in layout.ending_at(place)
    )
