"""Organisations that nobody marked, told by their last word and by what follows them: 常磐炭素に入社."""

from __future__ import annotations

from collections.abc import Sequence, Set
from functools import cache

from claimtrail.document import Entity, Label, Token
from claimtrail.entities.lexicon import EntityRules, compiled, entity_rules
from claimtrail.entities.scene import Scene

_NOUNS = ("NOUN", "PROPN")
_LONGEST_SURNAME = 3  # a longer name of a person is whole, and what follows it another name


@cache
def _last_words(lang: str) -> frozenset[str]:
    rules = entity_rules(lang)
    return frozenset((*rules.organisation_heads, *rules.organisation_last_words)) - frozenset(rules.generic_words)


def noun_runs(scene: Scene) -> list[list[Token]]:
    """Return the nouns that stand together, two or more, where the language's data say what follows organisations."""
    runs: list[list[Token]] = []
    for sentence in scene.sentences:
        if not entity_rules(sentence.lang).headed_followers:
            continue
        end = -1
        for token in scene.document.tokens[sentence.first_token : sentence.end_token]:
            if token.pos in _NOUNS:
                if token.start == end:
                    runs[-1].append(token)
                else:
                    runs.append([token])
                end = token.end
    return [run for run in runs if len(run) > 1]


def headed(entities: Sequence[Entity], runs: Sequence[Sequence[Token]], scene: Scene) -> list[Entity]:
    """Return the runs of nouns that end as organisations do, before an officer or a word for moves.

    All of a run is unmarked, or all but the name that begins it, of anything but an organisation: 昭和 + 記念病院.
    One that begins so is an organisation wherever it stands.
    """
    marked = {place for entity in entities for place in range(entity.start, entity.end)} if runs else set()
    officers = {entity.start for entity in entities if entity.label is Label.PERSON} | scene.title_starts.keys()
    ends = {entity.start: entity.end for entity in entities if entity.label is not Label.ORG}
    found: list[Entity] = []
    for run in runs:
        starts = [token.start for token in run]
        behind = ends.get(starts[0], starts[0])  # the name that begins the run, if one does
        stop = next((at for at, start in enumerate(starts) if start in officers and start >= behind), len(run))
        sentence = scene.sentence_at(starts[0])
        if sentence is None or stop < 2:
            continue
        rules, end = entity_rules(sentence.lang), run[stop - 1].end
        named, rest = scene.text[starts[0] : behind], scene.text[behind:end]
        last_words = _last_words(sentence.lang)
        if (
            any(scene.text[at:end] in last_words for at in starts[1:stop] if at >= behind)
            and marked.isdisjoint(range(behind, end))
            and (named not in rules.places or named in rules.headed_places)
            and not any(character.isdigit() for character in named)
            and scene.text[starts[0] : run[0].end] not in rules.headed_not_first
            and not compiled(rules.headed_classes).search(named + rest)
            and not (named and compiled(rules.headed_classes).search(rest))
            and (starts[0] not in officers or len(named) <= _LONGEST_SURNAME or rest in last_words)
            and (named or _followed(scene, rules, end, officers))
        ):
            found.append(Entity(starts[0], end, Label.ORG, "agreement"))
    return found


def _followed(scene: Scene, rules: EntityRules, end: int, officers: Set[int]) -> bool:
    """Say whether an officer stands behind a name, or a word for moves."""
    link = compiled(rules.headed_links).match(scene.text, end)
    if end in officers or (link and link.end() in officers):
        return True
    return compiled(rules.headed_followers).match(scene.text, end) is not None
