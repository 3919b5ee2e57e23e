"""Countries and their parts, known by name whatever the engine made of them: 'Ruritaniens Küste'."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from claimtrail.document import Entity, Label
from claimtrail.entities.lexicon import EntityRules, compiled, entity_rules
from claimtrail.entities.scene import Scene

_BEFORE = 40  # characters in which words before a club are looked for
_START = 2  # characters by which names are looked up; one of a single character is none of a place


@cache
def _by_start(lang: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for name in sorted(entity_rules(lang).places, key=_longest):
        found.setdefault(name[:_START], []).append(name)
    return {start: tuple(names) for start, names in found.items()}


def _longest(name: str) -> tuple[int, str]:
    return -len(name), name


def countries(scene: Scene) -> dict[int, int]:
    """Return where the countries of a text begin and end."""
    found: dict[int, int] = {}
    for sentence in scene.sentences:
        known, behind = _by_start(sentence.lang), sentence.start
        for token in scene.document.tokens[sentence.first_token : sentence.end_token] if known else ():
            names = known.get(scene.text[token.start : token.start + _START])
            for name in names if names and token.start >= behind else ():
                end = token.start + len(name)
                if scene.text.startswith(name, token.start) and scene.stands(token.start, end := scene.name_end(end)):
                    found[token.start] = behind = end
                    break
    return found


def as_places(entities: Sequence[Entity], known: dict[int, int], scene: Scene) -> tuple[Entity, ...]:
    """Return the entities with each person that is a country a place, and without words for a class of things.

    A 'French paper' is cut to its country, 'NATO soldiers' to the name of the table; a town that one joins is a club.
    """
    return tuple(_as_place(entity, known, scene) for entity in entities)


def _as_place(entity: Entity, known: dict[int, int], scene: Scene) -> Entity:
    end = known.get(entity.start)
    if end == entity.end and entity.label is Label.PERSON:
        return replace(entity, label=Label.GPE)
    rules = scene.rules_at(entity.start)
    if rules is not None and entity.label is Label.GPE and end is None and _is_club(entity, scene, rules):
        return replace(entity, label=Label.ORG)
    if entity.label is not Label.ORG or rules is None or not rules.class_nouns:
        return entity
    if end is not None and scene.text[end : entity.end] in rules.class_nouns:
        return replace(entity, end=end, label=Label.GPE)
    match = scene.match_at(entity.start)
    if match is not None and match.strong and scene.text[match.end : entity.end] in rules.class_nouns:
        return replace(entity, end=match.end)
    return entity


def _is_club(entity: Entity, scene: Scene, rules: EntityRules) -> bool:
    """Say whether the words beside a town are those beside a club that bears its name: 'joined Ipswich in 1990'."""
    if not rules.club_before or entity.source != "model":
        return False
    before = scene.text[max(0, entity.start - _BEFORE) : entity.start]
    return (
        compiled(rules.club_before).search(before) is not None
        and compiled(rules.club_after).match(scene.text, entity.end) is not None
    )


def with_places(entities: Sequence[Entity], known: dict[int, int], scene: Scene) -> tuple[Entity, ...]:
    """Return the entities with the countries that stand free of all others."""
    taken = {place for entity in entities for place in range(entity.start, entity.end)}
    found = [
        Entity(start, end, Label.GPE, "pattern")
        for start, end in known.items()
        if taken.isdisjoint(range(start, end)) and not scene.matched(start, end)
    ]
    return tuple(sorted([*entities, *found], key=_start)) if found else tuple(entities)


def _start(entity: Entity) -> int:
    return entity.start
