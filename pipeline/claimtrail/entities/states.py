"""States, provinces and towns as the bodies that their offices belong to: 'Ruritaniens Präsident Anna Kern'."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from claimtrail.document import Document, Entity, Label, Sentence
from claimtrail.entities.lexicon import EntityRules, compiled, entity_rules, nation_posts
from claimtrail.entities.script import fold, is_han

_LONGEST_TOWN = 5
_COUNTERS = "年月日歳"  # 28歳10カ月 + 岬見 + 市長


class StatesAsBodies:
    """Stage: turns each place that acts as a body into an organisation.

    Such a place appoints people, as the language's ``state_subjects`` say, or stands before its office ('Ruritania's
    president') or behind it ('president of Ruritania'). A town that nobody marked before its office is one too, and
    the town whose club somebody joins or leaves. So are the country before the head or a minister of a state, and the
    country that such a text names most.
    """

    name = "states-as-bodies"
    requires = frozenset({"sentences", "entities"})
    provides = frozenset({"entities"})

    def process(self, documents: Sequence[Document]) -> list[Document]:
        """Return the documents with such places as organisations."""
        return [self._with_states(document) for document in documents]

    def _with_states(self, document: Document) -> Document:
        if not any(entity.label in (Label.GPE, Label.TITLE) for entity in document.entities):
            return document
        text = fold(document.text)
        document = _with_towns(_polled(document, text), text)
        out = list(document.entities)
        for sentence, first, end in _by_sentence(document):
            rules = entity_rules(sentence.lang)
            inside = document.entities[first:end]
            for index, entity in enumerate(inside):
                if entity.label is Label.GPE and _is_body(inside, index, text, rules):
                    out[first + index] = replace(entity, label=Label.ORG, source="pattern")
        return replace(document, entities=_with_country(out, document, text))


def _polled(document: Document, text: str) -> Document:
    """Return the document with a supposed person right before an office of a town that is voted on as a place.

    What stands before such an election is the town: 岬見 + 市長 + 選.
    """
    ends = {e.end: e for e in document.entities if e.label is Label.PERSON}
    towns: set[str] = set()
    for sentence, first, end in _by_sentence(document):
        rules = entity_rules(sentence.lang)
        for post in (e for e in document.entities[first:end] if rules.polls and e.label is Label.TITLE):
            if post.start in ends and text.startswith(rules.polls, post.end) and _starts(text, post, rules.town_posts):
                towns.add(document.covered(ends[post.start]))
    honoured = {
        document.covered(e)
        for e in document.entities
        if e.label is Label.PERSON
        and text.startswith(tuple(w for r in _rules_of(document) for w in r.honorifics_after), e.end)
    }
    towns -= honoured
    if not towns:
        return document
    entities = tuple(
        replace(e, label=Label.GPE, source="pattern", key="")
        if e.label is Label.PERSON and document.covered(e) in towns
        else e
        for e in document.entities
    )
    return replace(document, entities=entities)


def _rules_of(document: Document) -> list[EntityRules]:
    return [entity_rules(lang) for lang in dict.fromkeys(s.lang for s in document.sentences)]


def _starts(text: str, entity: Entity, words: tuple[str, ...]) -> bool:
    return any(text.startswith(word, entity.start, entity.end) for word in words)


def _with_towns(document: Document, text: str) -> Document:
    """Return the document with a place before each office of a town that has none: 岬見 + 市長."""
    found: list[Entity] = []
    ends = {entity.end for entity in document.entities}
    for sentence, first, end in _by_sentence(document):
        rules = entity_rules(sentence.lang)
        for entity in document.entities[first:end] if rules.town_posts else ():
            post = next((post for post in rules.town_posts if text.startswith(post, entity.start, entity.end)), "")
            if entity.label is not Label.TITLE or not post or entity.start in ends:
                continue
            start = entity.start
            while sentence.start < start and is_han(text[start - 1]):
                start -= 1
            start += text[start] in _COUNTERS
            for word in rules.former:
                start += len(word) if text.startswith(word, start) else 0
            name = text[start : entity.start]
            if 2 <= len(name) <= _LONGEST_TOWN and not any(word in name for word in rules.no_towns):
                found.append(Entity(start, entity.start, Label.GPE, "pattern"))
    if not found:
        return document
    return replace(document, entities=tuple(sorted([*document.entities, *found], key=_start)))


def _with_country(entities: list[Entity], document: Document, text: str) -> tuple[Entity, ...]:
    """Return the entities with the country of each office of a state that stands without it as a body.

    That is the last country before it in its sentence; the one named most is one too, unless the text has one as it is.
    """
    bodies = {entity.end for entity in entities if entity.label is Label.ORG}
    offices = []
    for sentence, first, end in _by_sentence(replace(document, entities=tuple(entities))):
        posts = nation_posts(sentence.lang)
        if posts:
            named = (e for e in entities[first:end] if e.label is Label.TITLE and e.start not in bodies)
            offices += [
                (e, sentence.lang, sentence.start)
                for e in named
                if text.startswith(posts, e.start) or _ends(text, e, posts)
            ]
    if not offices:
        return tuple(entities)
    rules = entity_rules(offices[0][1])
    countries = [e for e in entities if e.label in (Label.GPE, Label.ORG) and rules.is_state(text[e.start : e.end])]
    counted = Counter(text[e.start : e.end] for e in countries)
    most = max(counted, key=counted.__getitem__, default="")
    chosen = {
        place.start
        for office, _, start in offices
        if (place := next((e for e in reversed(countries) if start <= e.start < office.start), None))
    }
    if most and all(e.label is Label.GPE for e in countries):
        chosen.add(next(e.start for e in countries if text[e.start : e.end] == most))
    return tuple(replace(e, label=Label.ORG, source="pattern") if e.start in chosen else e for e in entities)


def _ends(text: str, entity: Entity, posts: tuple[str, ...]) -> bool:
    return text[entity.start : entity.end].endswith(posts)


def _start(entity: Entity) -> int:
    return entity.start


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
    if rules.state_subjects and compiled(rules.state_subjects).match(text, end):
        return True
    joined = rules.town_joined and not rules.is_state(text[start:end])
    if joined and compiled(rules.town_joined).match(text, end):
        return True
    before = entities[index - 1] if index else None
    if before is not None and before.label is Label.TITLE and rules.state_after_links:
        between = compiled(rules.state_after_links).fullmatch(text, before.end, start)
        if between is not None and _is_office(text[before.start : before.end], rules):
            return True
    links = [rules.state_links, rules.state_person_links]
    for link, after in zip(links, entities[index + 1 :], strict=False):
        if not rules.state_posts or compiled(link).fullmatch(text, end, after.start) is None:
            return False
        if after.label is not Label.PERSON:
            return after.label is Label.TITLE and _is_office(text[after.start : after.end], rules)
        end = after.end
    return False


def _is_office(post: str, rules: EntityRules) -> bool:
    return any(post.endswith(office) for office in rules.state_posts)
