"""States, provinces and towns as the bodies that their offices belong to: 'Ruritaniens Präsident Anna Kern'."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from claimtrail.document import Document, Entity, Label, Sentence
from claimtrail.entities.lexicon import EntityRules, entity_rules
from claimtrail.entities.script import fold


class StatesAsBodies:
    """Stage: turns each place that acts as a body into an organisation.

    Such a place appoints people, as the language's ``state_subjects`` say, or stands before its office ('Ruritania's
    president') or behind it ('president of Ruritania').
    """

    name = "states-as-bodies"
    requires = frozenset({"sentences", "entities"})
    provides = frozenset({"entities"})

    def process(self, documents: Sequence[Document]) -> list[Document]:
        """Return the documents with such places as organisations."""
        return [self._with_states(document) for document in documents]

    def _with_states(self, document: Document) -> Document:
        if not any(entity.label is Label.GPE for entity in document.entities):
            return document
        text = fold(document.text)
        out = list(document.entities)
        for sentence, first, end in _by_sentence(document):
            rules = entity_rules(sentence.lang)
            inside = document.entities[first:end]
            for index, entity in enumerate(inside):
                if entity.label is Label.GPE and _is_body(inside, index, text, rules):
                    out[first + index] = replace(entity, label=Label.ORG, source="pattern")
        return replace(document, entities=tuple(out))


def _by_sentence(document: Document) -> list[tuple[Sentence, int, int]]:
    """Return the sentences that hold entities, with the range of these."""
    found = []
    first = 0
    for sentence in document.sentences:
        while first < len(document.entities) and document.entities[first].start < sentence.start:
            first += 1
        end = first
        while end < len(document.entities) and document.entities[end].end <= sentence.end:
            end += 1
        if end > first:
            found.append((sentence, first, end))
        first = end
    return found


def _is_body(entities: Sequence[Entity], index: int, text: str, rules: EntityRules) -> bool:
    start, end = entities[index].start, entities[index].end
    if rules.state_subjects and _compiled(rules.state_subjects).match(text, end):
        return True
    before = entities[index - 1] if index else None
    if before is not None and before.label is Label.TITLE and rules.state_after_links:
        between = _compiled(rules.state_after_links).fullmatch(text, before.end, start)
        if between is not None and _is_office(text[before.start : before.end], rules):
            return True
    links = [rules.state_links, rules.state_person_links]
    for link, after in zip(links, entities[index + 1 :], strict=False):
        if not rules.state_posts or _compiled(link).fullmatch(text, end, after.start) is None:
            return False
        if after.label is not Label.PERSON:
            return after.label is Label.TITLE and _is_office(text[after.start : after.end], rules)
        end = after.end
    return False


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _is_office(post: str, rules: EntityRules) -> bool:
    return any(post.endswith(office) for office in rules.state_posts)
