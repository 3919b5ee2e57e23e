"""The entities of a document, corrected with what the whole document, the table and the word lists say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import replace

from claimtrail.document import Document, Entity, Label, Span, Token
from claimtrail.entities.agreement import agreed, known_names, mentions, parted
from claimtrail.entities.gazetteer import Match, entry
from claimtrail.entities.headed import headed, noun_runs
from claimtrail.entities.patterns import bracketed, extended, short_forms, text_patterns
from claimtrail.entities.places import as_places, countries, with_places
from claimtrail.entities.scene import Scene, TitleFinder, no_titles
from claimtrail.entities.trimming import cells, trimmed
from claimtrail.entities.units import with_units

_ROUNDS = 6
_QUOTES = ("„“", "“”", "«»", "»«", "《》", "「」", "『』", '""', "''")
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
            return replace(document, entities=())
        scene = Scene(document, self._find_titles)
        cut = _Cutter(scene)
        fixed = cut(text_patterns(scene))
        known, runs = countries(scene), noun_runs(scene)
        entities = as_places(document.entities, known, scene)
        for _ in range(_ROUNDS):
            corrected = _round(entities, fixed, runs, scene, cut)
            if corrected == entities:
                break
            entities = corrected
        return replace(document, entities=with_units(with_places(entities, known, scene), scene))


class _Cutter:
    """Cuts entities to their names; what a round before this one cut is remembered."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._cut: dict[Entity, tuple[Entity, ...]] = {}

    def __call__(self, entities: Iterable[Entity]) -> list[Entity]:
        """Return the pieces of entities, in order."""
        pieces: list[Entity] = []
        for entity in entities:
            known = self._cut.get(entity)
            if known is None:
                known = self._cut[entity] = tuple(trimmed(entity, self._scene))
            pieces += known
        return pieces


_DOUBLED = 2  # characters of the shortest post with two like ones before its last


def _round(
    entities: Sequence[Entity], fixed: Sequence[Entity], runs: Sequence[Sequence[Token]], scene: Scene, cut: _Cutter
) -> tuple[Entity, ...]:
    pieces = cut(entities)
    posts = [piece for piece in pieces if piece.label is Label.TITLE and not _not_held(piece, scene)]
    names = [piece for piece in pieces if piece.label is not Label.TITLE]
    marked = {place for name in names for place in range(name.start, name.end)}
    sure = [name for name in fixed if name.source == "pattern" or marked.isdisjoint(range(name.start, name.end))]
    present = resolved([*names, *sure])
    present = _merged(present, _from_table(scene.matches, present, scene))
    present = parted(agreed(present, scene), scene)
    for step in (extended, bracketed, short_forms):
        present = _merged(present, cut(step(present, scene)))
    present = _merged(present, cut(headed(present, runs, scene)))
    again = ((found, cut([found])) for found in mentions(known_names(present, scene), scene))
    # a short form of one character is none: 维大 stays whole
    kept = (pieces if all(p.end - p.start > 1 for p in pieces) else [found] for found, pieces in again)
    present = _merged(present, [piece for pieces in kept for piece in pieces])
    return tuple(_with_posts(present, posts, scene))


def _merged(present: list[Entity], found: list[Entity]) -> list[Entity]:
    spans = {(entity.start, entity.end, entity.label, entity.key) for entity in present}
    new = [entity for entity in found if (entity.start, entity.end, entity.label, entity.key) not in spans]
    return resolved([*present, *new]) if new else present


def _with_posts(names: Sequence[Entity], posts: Sequence[Entity], scene: Scene) -> list[Entity]:
    """Put the posts between the names of persons and organisations; a place inside a post gives way to it.

    A post of the lexicon takes the place of the one the engine marked if it holds all of it.
    """
    walls = [Span(entity.start, entity.end) for entity in names if entity.label in (Label.PERSON, Label.ORG)]
    covered = {place for wall in walls for place in range(wall.start, wall.end)}
    free = [post for post in posts if covered.isdisjoint(range(post.start, post.end))]
    narrower: set[Entity] = set()
    at_place = {place: post for post in free for place in range(post.start, post.end)}
    for post in scene.posts(walls):
        rivals = {at_place[place] for place in range(post.start, post.end) if place in at_place}
        wider = all(post.start <= other.start and other.end <= post.end for other in rivals)
        same = any((other.start, other.end) == (post.start, post.end) for other in rivals)
        rules = scene.rules_at(post.start)
        if not rivals or (len(rivals) == 1 and wider and not same and rules and rules.wider_posts):
            narrower |= rivals
            free += [Entity(part.start, part.end, Label.TITLE, "pattern") for part in cells(scene.text, post) or [post]]
    people = [entity for entity in names if entity.label is Label.PERSON]
    starts, ends = {person.start for person in people}, {person.end for person in people}
    names, left = _undoubled(names, [post for post in free if post not in narrower], scene)
    left = [_before_honorific(_behind_verb(post, ends, scene), starts, scene) for post in left]
    return resolved([*names, *(post for post in left if post.start < post.end)])


def _not_held(post: Entity, scene: Scene) -> bool:
    """Say whether the word behind a post makes it one that is sought or served, held by nobody named: 总统大选."""
    rules = scene.rules_at(post.start)
    return rules is not None and scene.text.startswith(tuple(rules.not_held), post.end)


def _behind_verb(post: Entity, people: Set[int], scene: Scene) -> Entity:
    """Cut a verb off a post that stands right behind a person: 安可 + 代理 + 厂长."""
    rules = scene.rules_at(post.start)
    if rules is None:
        return post
    for verb in rules.post_verbs:
        if post.end - post.start > len(verb) + 1 and scene.text.startswith(verb, post.start):
            before = next((w for w in rules.honorifics_after if scene.text.endswith(w, 0, post.start)), "")
            if {post.start, post.start - len(before)} & people:
                return replace(post, start=post.start + len(verb))
    return post


def _undoubled(
    names: Sequence[Entity], posts: Sequence[Entity], scene: Scene
) -> tuple[Sequence[Entity], Sequence[Entity]]:
    """Give the first of two like characters with which a post begins to the organisation before it: 运输 + 局局长."""
    doubled = {
        post.start: post
        for post in posts
        if post.end - post.start > _DOUBLED and scene.text[post.start] == scene.text[post.start + 1]
    }
    bodies = {name.end: name for name in names if name.label is Label.ORG and name.end in doubled}
    if not bodies:
        return names, posts
    names = [replace(name, end=name.end + 1) if bodies.get(name.end) is name else name for name in names]
    return names, [replace(post, start=post.start + 1) if post.start in bodies else post for post in posts]


def _before_honorific(post: Entity, people: Set[int], scene: Scene) -> Entity:
    """Cut the honorifics of the name behind it off a post: 'chairman Lord' + Ebdon; 'Professor' + a name is no post."""
    rules = scene.rules_at(post.start)
    if rules is None or post.end + 1 not in people:
        return post
    words = scene.text[post.start : post.end].split(" ")
    while words and words[-1] in rules.honorifics_before:
        words.pop()
    return replace(post, end=post.start + len(" ".join(words)))


def _from_table(matches: Sequence[Match], present: Sequence[Entity], scene: Scene) -> list[Entity]:
    """Return the table's names that are strong, or that the text supports elsewhere."""
    organisations = {scene.text[e.start : e.end] for e in present if e.label is Label.ORG}
    others = {scene.text[e.start : e.end] for e in present if e.label in (Label.PERSON, Label.GPE)}
    keys = {match.key for match in matches if match.strong and match.key}
    found = []
    for match in matches:
        name = scene.text[match.start : match.end]
        supported = name in organisations or match.key in keys or _quoted_outlet(match, scene.text)
        if not match.strong and (not supported or not scene.stands(match.start, match.end)):
            continue
        if name in others and name not in organisations and not match.strong:
            continue
        found.append(Entity(match.start, match.end, Label.ORG, "gazetteer", match.key))
    return found


def _quoted_outlet(match: Match, text: str) -> bool:
    """Say whether a match is a paper or broadcaster named in quotation marks: „Stern“, 《财富》."""
    around = text[max(0, match.start - 1) : match.start] + text[match.end : match.end + 1]
    return around in _QUOTES and bool(match.key) and entry(match.key).kind == "media"


def resolved(candidates: Iterable[Entity]) -> list[Entity]:
    """Return entities without overlap, in order: dates last, longer ones first, then by source and label."""
    taken: list[Entity] = []
    covered: set[int] = set()
    for entity in sorted(candidates, key=_preference):
        places = range(entity.start, entity.end)
        if not any(place in covered for place in (entity.start, entity.end - 1)) and covered.isdisjoint(places):
            covered.update(places)
            taken.append(entity)
    return sorted(taken, key=_place)


def _preference(entity: Entity) -> tuple[bool, int, int, int, int, str]:
    return (
        entity.label is Label.DATE,
        entity.start - entity.end,
        _RANK.get(entity.source, len(_RANK)),
        _ORDER[entity.label],
        entity.start,
        entity.key,
    )


def _place(entity: Entity) -> int:
    return entity.start
