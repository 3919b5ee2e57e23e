"""States, provinces and towns as the bodies that their offices belong to: 'Ruritaniens Präsident Anna Kern'."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from claimtrail.document import Entity, Label
from claimtrail.entities.lexicon import EntityRules
from claimtrail.entities.scene import Scene


def with_states(entities: Sequence[Entity], scene: Scene) -> tuple[Entity, ...]:
    """Return the entities with each place that acts as a body turned into an organisation.

    Such a place appoints people, as the language's ``state_subjects`` say, or stands before its office ('Ruritania's
    president') or behind it ('president of Ruritania').
    """
    out = list(entities)
    for index, entity in enumerate(entities):
        rules = scene.rules_at(entity.start)
        if entity.label is Label.GPE and rules is not None and _is_body(entities, index, scene, rules):
            out[index] = replace(entity, label=Label.ORG, source="pattern")
    return tuple(out)


def _is_body(entities: Sequence[Entity], index: int, scene: Scene, rules: EntityRules) -> bool:
    start, end = entities[index].start, entities[index].end
    if rules.state_subjects and _compiled(rules.state_subjects).match(scene.text, end):
        return True
    before = entities[index - 1] if index else None
    if before is not None and before.label is Label.TITLE and rules.state_after_links:
        between = _compiled(rules.state_after_links).fullmatch(scene.text, before.end, start)
        if between is not None and _is_office(scene.text[before.start : before.end], rules):
            return True
    links = [rules.state_links, rules.state_person_links]
    for link, after in zip(links, entities[index + 1 :], strict=False):
        if not rules.state_posts or _compiled(link).fullmatch(scene.text, end, after.start) is None:
            return False
        if after.label is not Label.PERSON:
            return after.label is Label.TITLE and _is_office(scene.text[after.start : after.end], rules)
        end = after.end
    return False


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _is_office(post: str, rules: EntityRules) -> bool:
    return any(post.endswith(office) for office in rules.state_posts)
