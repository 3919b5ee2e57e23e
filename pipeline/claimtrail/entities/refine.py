"""The entities of a document, corrected with what the whole document, the table and the word lists say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from claimtrail.document import Document, Entity, Label
from claimtrail.entities.agreement import agreed, known_names, mentions
from claimtrail.entities.gazetteer import Match
from claimtrail.entities.patterns import bracketed, extended, short_forms, text_patterns
from claimtrail.entities.scene import Scene, TitleFinder, no_titles
from claimtrail.entities.trimming import trimmed

_ROUNDS = 6
_RANK = {"pattern": 0, "gazetteer": 1, "model": 2, "agreement": 3}
_ORDER = {Label.PERSON: 0, Label.ORG: 1, Label.TITLE: 2, Label.GPE: 3, Label.DATE: 4}


class RefineEntities:
    """Stage: corrects and completes the entities an engine found; spans never overlap nor cross a sentence."""

    name = "refine-entities"
    requires = frozenset({"sentences", "tokens", "entities"})
    provides = frozenset({"entities"})

    def __init__(self, find_titles: TitleFinder = no_titles) -> None:
        """Take the finder of posts: ``find_titles(text, lang, start, end)`` gives their spans."""
        self._find_titles = find_titles

    def process(self, documents: Sequence[Document]) -> list[Document]:
        """Return the documents with their entities corrected."""
        return [self._refined(document) for document in documents]

    def _refined(self, document: Document) -> Document:
        if not document.sentences:
            return document
        scene = Scene(document, self._find_titles)
        fixed = text_patterns(scene)
        fixed += [Entity(title.start, title.end, Label.TITLE, "pattern") for title in scene.titles]
        entities = document.entities
        for _ in range(_ROUNDS):
            corrected = _round(entities, fixed, scene)
            if corrected == entities:
                break
            entities = corrected
        return replace(document, entities=entities)


def _round(entities: Sequence[Entity], fixed: Sequence[Entity], scene: Scene) -> tuple[Entity, ...]:
    present = [piece for entity in entities for piece in trimmed(entity, scene)]
    present = resolved([*present, *(piece for entity in fixed for piece in trimmed(entity, scene))])
    present = resolved([*present, *_from_table(scene.matches, present, scene)])
    present = agreed(present, scene)
    for step in (extended, bracketed, short_forms):
        present = resolved([*present, *(piece for entity in step(present, scene) for piece in trimmed(entity, scene))])
    names = known_names(present, scene)
    return tuple(resolved([*present, *mentions(names, scene)]))


def _from_table(matches: Sequence[Match], present: Sequence[Entity], scene: Scene) -> list[Entity]:
    """Return the table's names that are strong, or that the text supports elsewhere."""
    organisations = {scene.text[e.start : e.end] for e in present if e.label is Label.ORG}
    others = {scene.text[e.start : e.end] for e in present if e.label in (Label.PERSON, Label.GPE)}
    keys = {match.key for match in matches if match.strong and match.key}
    by_start = {}
    for entity in present:
        by_start[entity.start] = entity
    found = []
    for match in matches:
        name = scene.text[match.start : match.end]
        supported = name in organisations or match.key in keys
        if not match.strong and (not supported or not scene.stands(match.start, match.end)):
            continue
        if name in others and name not in organisations and not match.strong:
            continue
        found.append(Entity(match.start, match.end, Label.ORG, "gazetteer", match.key))
    return found


def resolved(candidates: Iterable[Entity]) -> list[Entity]:
    """Return entities without overlap, in order: longer ones first, then by source and label."""
    taken: list[Entity] = []
    covered: set[int] = set()
    for entity in sorted(candidates, key=_preference):
        places = range(entity.start, entity.end)
        if not any(place in covered for place in (entity.start, entity.end - 1)) and covered.isdisjoint(places):
            covered.update(places)
            taken.append(entity)
    return sorted(taken, key=_place)


def _preference(entity: Entity) -> tuple[int, int, int, int, str]:
    return (
        entity.start - entity.end,
        _RANK.get(entity.source, len(_RANK)),
        _ORDER[entity.label],
        entity.start,
        entity.key,
    )


def _place(entity: Entity) -> int:
    return entity.start
