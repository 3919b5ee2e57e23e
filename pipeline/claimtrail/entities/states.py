"""States, provinces and towns as the bodies that their offices belong to: 'Ruritaniens Präsident Anna Kern'."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise

from claimtrail.document import Entity, Label
from claimtrail.entities.lexicon import EntityRules
from claimtrail.entities.scene import Scene


def with_states(entities: Sequence[Entity], scene: Scene) -> tuple[Entity, ...]:
    """Return the entities with each place that an office of state stands beside turned into an organisation."""
    out = list(entities)
    for index, (entity, after) in enumerate(pairwise(entities)):
        rules = scene.rules_at(entity.start)
        if entity.label is not Label.GPE or not rules or not rules.state_posts:
            continue
        if not _fits(rules.state_links, scene.text[entity.end : after.start]):
            continue
        post = after
        if after.label is Label.PERSON and index + 2 < len(entities):
            post = entities[index + 2]
            if not _fits(rules.state_person_links, scene.text[after.end : post.start]):
                continue
        if post.label is Label.TITLE and _is_office(scene.text[post.start : post.end], rules):
            out[index] = replace(entity, label=Label.ORG, source="pattern")
    return tuple(out)


def _fits(pattern: str, between: str) -> bool:
    return _compiled(pattern).fullmatch(between) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _is_office(post: str, rules: EntityRules) -> bool:
    return any(post.endswith(office) for office in rules.state_posts)
