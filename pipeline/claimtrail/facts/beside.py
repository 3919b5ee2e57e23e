"""Which organisation is named right beside a person: 'ORG chief X', 'X, chief of ORG', 'ORGのX社長'."""

from __future__ import annotations

import re

from claimtrail.document import Label, Reference
from claimtrail.entities.lexicon import entity_rules
from claimtrail.facts.anaphora import organisation_kinds
from claimtrail.facts.layout import Layout
from claimtrail.facts.lexicon import compiled, ends_with

_REACH = 60
_POST_REACH = 16
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
