"""Countries and their parts, known by name whatever the engine made of them: 'Ruritanias Präsident'."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from claimtrail.document import Entity, Label
from claimtrail.entities.lexicon import entity_rules
from claimtrail.entities.scene import Scene


@cache
def _compiled(lang: str) -> re.Pattern[str] | None:
    rules = entity_rules(lang)
    if not rules.places:
        return None
    names = "|".join(re.escape(name) for name in sorted(rules.places, key=_longest))
    if not rules.spaced:
        return re.compile(names)
    endings = "|".join(re.escape(ending) for ending in sorted(rules.name_endings, key=_longest))
    return re.compile(rf"(?<![\w-])(?P<name>{names})(?:{endings})?(?![\w-])" if endings else rf"\b(?:{names})\b")


def _longest(name: str) -> tuple[int, str]:
    return -len(name), name


def _spans(scene: Scene) -> Iterator[tuple[int, int]]:
    for sentence in scene.sentences:
        pattern = _compiled(sentence.lang)
        spaced = entity_rules(sentence.lang).spaced
        for match in pattern.finditer(scene.text, sentence.start, sentence.end) if pattern else ():
            if spaced or scene.stands(*match.span()):
                yield match.span()


def as_places(entities: Sequence[Entity], scene: Scene) -> tuple[Entity, ...]:
    """Return the entities with each person that is a country a place, and each 'French paper' cut to its country."""
    spans = dict(_spans(scene))
    if not spans:
        return tuple(entities)
    return tuple(_as_place(entity, spans, scene) for entity in entities)


def _as_place(entity: Entity, spans: dict[int, int], scene: Scene) -> Entity:
    end = spans.get(entity.start)
    if end is None or end > entity.end:
        return entity
    if end == entity.end:
        return replace(entity, label=Label.GPE) if entity.label is Label.PERSON else entity
    rules = scene.rules_at(entity.start)
    if rules is not None and entity.label is Label.ORG and scene.text[end : entity.end] in rules.class_nouns:
        return replace(entity, end=end, label=Label.GPE)
    return entity


def with_places(entities: Sequence[Entity], scene: Scene) -> tuple[Entity, ...]:
    """Return the entities with the countries that stand free of all others."""
    taken = {place for entity in entities for place in range(entity.start, entity.end)}
    found = [
        Entity(start, end, Label.GPE, "pattern")
        for start, end in _spans(scene)
        if taken.isdisjoint(range(start, end)) and not scene.matched(start, end)
    ]
    return tuple(sorted([*entities, *found], key=lambda entity: entity.start)) if found else tuple(entities)
