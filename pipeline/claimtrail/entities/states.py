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
    """Return the entities with each place that an office of state stands beside turned into an organisation.

    The place may stand before its office ('Ruritania's president') or behind it ('president of Ruritania').
    """
    out = list(entities)
    for index, (entity, after) in enumerate(pairwise(entities)):
        rules = scene.rules_at(entity.start)
        if not rules or not rules.state_posts:
            continue
        between = scene.text[entity.end : after.start]
        if entity.label is Label.TITLE and after.label is Label.GPE and rules.state_after_links:
            if _fits(rules.state_after_links, between) and _is_office(scene.text[entity.start : entity.end], rules):
                out[index + 1] = replace(after, label=Label.ORG, source="pattern")
            continue
        if entity.label is not Label.GPE:
            continue
        if not _fits(rules.state_links, between):
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
