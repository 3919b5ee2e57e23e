"""Posts in a unit of a body, as columns of appointments name them: the unit is no organisation of its own."""

from __future__ import annotations

from collections.abc import Sequence

from claimtrail.document import Entity, Label
from claimtrail.entities.lexicon import EntityRules
from claimtrail.entities.scene import Scene
from claimtrail.entities.script import is_han

_ROW = "▽▼▷▶◇◆△▲○●■□（(）)　 \n・"
_LONGEST = 12


def with_units(entities: Sequence[Entity], scene: Scene) -> tuple[Entity, ...]:
    """Return the entities with each unit that a model took for an organisation joined to the post right behind it.

    Only in the cells of a row, where the unit's name is no name by its ending.
    """
    out: list[Entity] = []
    for entity in entities:
        unit = out[-1] if out else None
        if unit is not None and _is_unit(unit, entity, scene):
            out[-1] = Entity(unit.start, entity.end, Label.TITLE, "pattern")
        else:
            out.append(entity)
    return tuple(out)


def _is_unit(unit: Entity, post: Entity, scene: Scene) -> bool:
    rules = scene.rules_at(unit.start)
    if unit.label is not Label.ORG or post.label is not Label.TITLE or unit.end != post.start or rules is None:
        return False
    if unit.source != "model" or unit.key or scene.text[post.start : post.end] not in rules.unit_posts:
        return False
    before, after = scene.text[unit.start - 1 : unit.start], scene.text[post.end : post.end + 1]
    return (before in _ROW) and (after in _ROW) and _is_no_name(scene.text[unit.start : unit.end], rules)


def _is_no_name(text: str, rules: EntityRules) -> bool:
    heads = (*rules.organisation_heads, *rules.name_heads)
    return len(text) <= _LONGEST and all(is_han(char) for char in text) and not text.endswith(tuple(heads))
