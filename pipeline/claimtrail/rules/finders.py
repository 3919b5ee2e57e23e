"""Finding what a rule's patterns leave open: who, where and which post, by the sentence, the text and its facts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass

from claimtrail.document import Argument, Document, Label, Reference, ResolvedBy
from claimtrail.facts.beside import post_beside
from claimtrail.facts.layout import Layout, layout_of
from claimtrail.facts.lexicon import Kind, ends_with, lexicon
from claimtrail.facts.salience import affiliation, focal_org_at, is_far, item_org, kind_of, subject_before
from claimtrail.literals import SLOTS
from claimtrail.rules.grammar import FINDERS, grammar
from claimtrail.rules.shape import Node, Shape, shape_of, within
from claimtrail.rules.symbols import Expression
from claimtrail.rules.syntax import argument_heads


@dataclass(frozen=True, slots=True)
class Bound:
    """An argument bound to a phrase, or to something outside the sentence."""

    node: Node | None
    argument: Argument | None
    how: str


@dataclass(frozen=True, slots=True)
class Site:
    """A sentence at work: the document, the sentence's number, its shape and language."""

    document: Document
    sentence: int
    shape: Shape
    lang: str
    layout: Layout | None = None
    respectively: Expression | None = None


def post_of(bound: Mapping[str, Bound]) -> Bound:
    """Return the bound post, the one taken up before the one given up; an empty one if there is none."""
    return next((bound[slot] for slot in ("role_to", "role_from") if slot in bound), Bound(None, None, ""))


def find(name: str, slot: str, site: Site, start: int, end: int, bound: dict[str, Bound]) -> Bound | None:
    """Find an argument by one of the named finders."""
    assert name in FINDERS[slot]
    person = bound["person"].node if "person" in bound else None
    if name == "phrase-affiliation":
        return Bound(person.org, None, "affiliation") if person and person.org and not person.former else None
    if name == "affiliation":
        return _affiliation(site, start, person, bound.get("person"))
    if name == "title":
        for role in ("role_to", "role_from"):
            item = bound.get(role)
            # what the person is so far ('Acme chief Anna Kern becomes chair') is the business of other finders
            if role == "role_from" and item and item.how == "person-title" and "role_to" in bound:
                continue
            # what somebody took up is not where another was before ('ex-Acme chief Kern may take over')
            if role == "role_to" and item and item.how == "other-title" and item.node and item.node.former:
                continue
            if item and item.node and item.node.org:
                return Bound(item.node.org, None, name)
        return None
    if name == "post-before":
        return _of_post_before(site.shape, start, person)
    if name == "person-title":
        if person is None or person.former:
            return None
        title = person.title or next((m.title for m in person.members if m.title), None)
        return Bound(title, None, name) if title else None
    if name == "held":
        return _held_post(site, _entity_of(bound.get("person")), name)
    if name == "other-held":
        others = _others(site.shape, start, person)
        entity = others[0].reference.entity if others and others[0].reference else ""
        return _held_post(site, entity, name)
    if name in ("other-title", "other-affiliation"):
        return _of_another(name, site.shape, start, person)
    if name in ("before", "after", "clause"):
        used = {id(item.node) for item in bound.values()}
        return _nearest(name, SLOTS[slot], site.shape, start, end, used)
    if name in ("subject", "object"):
        return _by_syntax(name, SLOTS[slot], site, start)
    position = site.shape.places[start][0]
    if name == "possessor":
        return _possessor(site, position)
    if name == "author":
        facts = site.document.facts
        if not facts.author:
            return None
        return Bound(None, Argument(-1, -1, facts.author_name, facts.author, ResolvedBy.AUTHOR), name)
    if name == "earlier":
        return _earlier_post(site, _entity_of(bound.get("person")))
    if name == "known-title":
        return _known_post(site, person, bound.get("person"))
    if name == "next":
        return _next_person(site)
    if name == "holder":
        return _holder(site, bound)
    if name == "main":
        return _main_org(site)
    document, layout = site.document, site.layout
    if name == "pronoun":
        return _pronoun(site, site.shape.places[end - 1][1])
    if name == "topic":
        reference = subject_before(document, position, site.lang, layout=layout)
        return Bound(None, outside(reference), name) if reference else None
    known = _org_of_post(site, bound)
    if known is not None:
        return Bound(None, outside(known), "known-post")
    reference = focal_org_at(document, position, person=_entity_of(bound.get("person")), layout=layout)
    if reference is None:
        return None
    far = is_far(document, position, reference, layout=layout)
    return Bound(None, outside(reference), "focal, far" if far else name)


_POSSESSIVES = frozenset({Kind.POSSESSIVE, Kind.FIRST_POSSESSIVE})
_OBJECTS = frozenset({Kind.PRONOUN, Kind.POSSESSIVE})  # 'her' is the one or the other
_PRONOUN_REACH = 8  # code points behind a trigger in which its object may be a pronoun
_POSSESSOR_REACH = 40  # code points between 'his' and the noun it belongs to: a few adjectives


def _possessor(site: Site, position: int) -> Bound | None:
    """Return the person whom the possessive before a trigger stands for ('his sudden departure')."""
    sentence = site.document.sentences[site.sentence]
    near = within(site.document, max(sentence.start, position - _POSSESSOR_REACH), position)
    if not near or kind_of(near[-1]) not in _POSSESSIVES:
        return None
    return Bound(None, argument_of(near[-1], near[-1].start, near[-1].end), "possessor")


def _pronoun(site: Site, position: int) -> Bound | None:
    """Return the person whom the pronoun right behind a trigger stands for: 'hired her'."""
    stop = min(position + _PRONOUN_REACH, site.document.sentences[site.sentence].end)
    reference = next(iter(within(site.document, position, stop)), None)
    if reference is None or kind_of(reference) not in _OBJECTS:
        return None
    return Bound(None, argument_of(reference, reference.start, reference.end), "pronoun")


def _entity_of(bound: Bound | None) -> str:
    if bound is None:
        return ""
    if bound.argument is not None:
        return bound.argument.entity
    return bound.node.reference.entity if bound.node and bound.node.reference else ""


def _affiliation(site: Site, start: int, person: Node | None, bound: Bound | None) -> Bound | None:
    """Return the organisation of the person's own phrase, else the one the text names beside the person elsewhere."""
    if bound is None or (person is not None and person.former):
        return None
    if person is not None and person.org is not None:
        return Bound(person.org, None, "affiliation")
    entity = _entity_of(bound)
    position = site.shape.places[start][0]
    reference = affiliation(site.document, entity, position, layout=site.layout) if entity else None
    return Bound(None, outside(reference), "affiliation") if reference else None


_NEAR = 3  # sentences on either side in which a post or a person named outside the sentence may stand


_INTRODUCING = 2  # sentences after one that tells of somebody by the post, in which the name may follow
_OPENING = 8  # characters before a name with which a sentence begins: 'Mr '


_PARTIES = 2  # persons of a succession


_COUNTED = re.compile(r"(?:ら)?[0-9０-９数一二三四五六七八九十]+(?:人|名|位)")  # '研究者3人': what several people are


def _earlier_post(site: Site, entity: str) -> Bound | None:
    """Return the last post named before the sentence that is not the one the person ``entity`` has there."""
    sentences, layout = site.document.sentences, site.layout or layout_of(site.document)
    first = sentences[max(0, site.sentence - _NEAR)].start
    posts = [e for e in site.document.entities if e.label is Label.TITLE and first <= e.start]
    text = site.document.text
    before = [e for e in posts if e.end <= sentences[site.sentence].start and not _COUNTED.match(text, e.end)]
    if entity and before:
        earlier = within(site.document, first, sentences[site.sentence].start)
        here = sentences[site.sentence]
        named = {r.entity for r in within(site.document, here.start, here.end) if r.label is Label.PERSON}
        # where the one who goes is named as well, the post is none that somebody else holds
        others = {entity} if len(named) < _PARTIES else {r.entity for r in earlier if r.label is Label.PERSON} - named
        taken = {post_beside(layout, r) for r in earlier if r.entity in {entity, *others}}
        before = [e for e in before if e not in taken]
    if before:
        here = site.document.sentences[site.sentence]
        parties = {r.entity for r in within(site.document, here.start, here.end) if r.label is Label.PERSON}
        spoken = _posts_spoken_for(site, parties if len(parties) >= _PARTIES else None)
        before = [e for e in before if e.start not in spoken]
    return Bound(None, Argument(before[-1].start, before[-1].end), "earlier") if before else None


def _posts_spoken_for(site: Site, parties: Set[str] | None) -> set[int]:
    """Return where posts begin, in the sentences before, that are former ones or belong to none of the ``parties``.

    None of them is handed on; without parties it is only the former ones.
    """
    spoken = set()
    for sentence in site.document.sentences[max(0, site.sentence - _NEAR) : site.sentence]:
        if sentence.lang != site.lang:
            continue
        for node in shape_of(site.document, sentence).nodes.values():
            for post in (node, node.title):
                if post is None or post.kind != "T":
                    continue
                strange = parties is not None and node.reference is not None and node.reference.entity not in parties
                if post.former or node.former or strange:
                    spoken.add(post.core_start)
    return spoken


def _held_post(site: Site, entity: str, how: str) -> Bound | None:
    """Return the post that the phrase of a person names in another sentence, unless it is over: the nearest one."""
    document, found = site.document, []
    for number, sentence in enumerate(document.sentences if entity else ()):
        if number == site.sentence or sentence.lang != site.lang:
            continue
        if any(r.entity == entity for r in within(document, sentence.start, sentence.end)):
            found += [
                (abs(number - site.sentence), node.title)
                for node in shape_of(document, sentence).nodes.values()
                if node.kind == "P" and node.title and not node.former and not node.title.former
                if node.reference and node.reference.entity == entity
            ]
    if not found:
        return None
    _, post = min(found, key=lambda f: (f[0], f[1].start))
    return Bound(None, Argument(post.core_start, post.core_end), how)


def _known_post(site: Site, person: Node | None, bound: Bound | None) -> Bound | None:
    """Return the post that stands right before the person's name earlier in the text, unless it is a former one."""
    entity = _entity_of(bound)
    if not entity or (person is not None and person.former):
        return None
    document, end = site.document, site.document.sentences[site.sentence].end
    words = lexicon(site.lang)
    layout = site.layout or Layout(document)
    for reference in reversed(document.facts.references):
        if reference.entity != entity or reference.start >= end or reference.label is not Label.PERSON:
            continue
        places = (
            (reference.start, reference.start - 1)
            if document.text[reference.start - 1 : reference.start] == " "
            else (reference.start,)
        )
        for title in (e for place in places for e in layout.ending_at(place) if e.label is Label.TITLE):
            firm = next((e for e in layout.ending_at(title.start) if e.label is Label.ORG), None)
            start = firm.start if firm is not None else title.start
            if words is None or ends_with(words.roles.former, document.text, start) is None:
                return Bound(None, Argument(title.start, title.end), "known-title")
    return None


def _next_person(site: Site) -> Bound | None:
    """Return the first person named after the sentence, where a text names its subject late."""
    sentences = site.document.sentences
    start, end = sentences[site.sentence].end, sentences[min(len(sentences) - 1, site.sentence + _NEAR)].end
    for reference in site.document.facts.references:
        named = reference.resolved_by in (ResolvedBy.NAME, ResolvedBy.ALIAS)
        if reference.label is Label.PERSON and named and start <= reference.start < end:
            return Bound(None, outside(reference), "next")
    return None


def _holder(site: Site, bound: Mapping[str, Bound]) -> Bound | None:
    """Return the person who has the bound post elsewhere in the text, else the only one, or the one introduced next.

    None where several have it, and where the only one has another post or stands in the sentence.
    """
    post = next((bound[slot].node for slot in ("role_from", "role_to") if slot in bound), None)
    if post is None:
        return None
    document = site.document
    wanted = document.text[post.core_start : post.core_end].casefold()
    posts: dict[str, set[str]] = {}
    for sentence in document.sentences:
        if any(r.label is Label.PERSON for r in within(document, sentence.start, sentence.end)):
            for node in shape_of(document, sentence).nodes.values():
                if node.kind == "P" and node.reference and node.title and not node.former:
                    title = document.text[node.title.core_start : node.title.core_end].casefold()
                    posts.setdefault(node.reference.entity, set()).add(title)
    people: dict[str, Reference] = {}
    for reference in document.facts.references:
        if reference.label is Label.PERSON and reference.resolved_by in (ResolvedBy.NAME, ResolvedBy.ALIAS):
            people.setdefault(reference.entity, reference)
    having = [entity for entity, titles in posts.items() if wanted in titles and entity in people]
    if not having and len(people) == 1:
        here = document.sentences[site.sentence]
        named = {r.entity for r in within(document, here.start, here.end)}
        having = [entity for entity in people if entity not in posts and entity not in named]
    if not having:
        having = _introduced(site, posts)
    return Bound(None, outside(people[having[0]]), "holder") if len(having) == 1 else None


def _introduced(site: Site, posts: Mapping[str, Set[str]]) -> list[str]:
    """Return the person with whose name one of the next sentences begins, if told of there as of somebody known.

    'The chief executive of Nordwerk has resigned. Anna Kern, 54, who ...': the name has no post beside it and stands in
    no sentence up to here.
    """
    expression = grammar(site.lang).introduced
    document, layout = site.document, site.layout or layout_of(site.document)
    here = document.sentences[site.sentence]
    if expression is None or any(r.label is Label.PERSON for r in within(document, here.start, here.end)):
        return []
    for sentence in document.sentences[site.sentence + 1 : site.sentence + 1 + _INTRODUCING]:
        person = next((r for r in within(document, sentence.start, sentence.end) if r.label is Label.PERSON), None)
        if person is None:
            continue
        known = any(r.entity == person.entity for r in within(document, 0, here.end))
        first = person.start - sentence.start <= _OPENING and person.entity not in posts
        if known or not first or expression.regex.match(document.text, person.end, sentence.end) is None:
            return []
        return [person.entity] if layout.lang_at(person.start) == site.lang else []
    return []


def _org_of_post(site: Site, bound: Mapping[str, Bound]) -> Reference | None:
    """Return the organisation that the text names with the bound post in another sentence: the nearest, if only one."""
    node = post_of(bound).node
    if node is None:
        return None
    document, layout = site.document, site.layout or layout_of(site.document)
    wanted = document.text[node.core_start : node.core_end].casefold()
    named = layout.once(
        ("organisations of a post", wanted, site.lang), lambda: _orgs_of_post(document, layout, wanted, site.lang)
    )
    found: dict[str, Reference] = {}
    for number, reference in named:
        if number != site.sentence:
            found.setdefault(reference.entity, reference)
    return next(iter(found.values())) if len(found) == 1 else None


def _orgs_of_post(document: Document, layout: Layout, wanted: str, lang: str) -> list[tuple[int, Reference]]:
    """Return the organisations that sentences of a language name with a post, each with the number of its sentence."""
    found = []
    for number, sentence in enumerate(document.sentences):
        if sentence.lang != lang:
            continue
        if not any(document.covered(t).casefold() == wanted for t in layout.titles_in(sentence.start, sentence.end)):
            continue
        for phrase in shape_of(document, sentence).nodes.values():
            post = phrase.title if phrase.kind == "P" else phrase if phrase.kind == "T" else None
            org = post.org or phrase.org if post is not None else None
            if post is None or post.former or phrase.former or org is None or org.reference is None:
                continue
            if document.text[post.core_start : post.core_end].casefold() == wanted:
                found.append((number, org.reference))
    return found


def _main_org(site: Site) -> Bound | None:
    """Return the organisation that the text, or the item of a digest, is about, unless this sentence names it."""
    facts, sentence = site.document.facts, site.document.sentences[site.sentence]
    item = item_org(site.document, sentence.start)
    if item is not None:
        return Bound(None, outside(item), "main")
    mine = [r for r in facts.references if r.entity == facts.focal_org]
    if not mine or any(sentence.start <= r.start < sentence.end for r in mine):
        return None
    return Bound(None, outside(mine[0]), "main")


def _of_another(name: str, shape: Shape, start: int, person: Node | None) -> Bound | None:
    """Return the post or organisation of another person of the sentence, past no third one.

    One that the person is told to come from does not count. The nearest on either side of the trigger counts.
    """
    for node in _others(shape, start, person):
        wanted = node.title if name == "other-title" else None if node.former else node.org
        if wanted is not None:
            return Bound(wanted, None, name)
    return None


def _others(shape: Shape, start: int, person: Node | None) -> list[Node]:
    """Return the nearest other person on either side of a trigger, if possible first the one past no semicolon."""
    others = [
        (at, node)
        for at, char in enumerate(shape.text)
        if (node := shape.nodes.get(char)) is not None and node.kind == "P" and node is not person and node.named
    ]
    nearest = [*[o for o in others if o[0] < start][-1:], *[o for o in others if o[0] >= start][:1]]
    nearest.sort(key=lambda o: (";" in shape.text[min(o[0], start) : max(o[0], start)], abs(o[0] - start)))
    return [node for _, node in nearest]


def argument_of(reference: Reference, start: int, end: int) -> Argument:
    """Return the argument that a reference gives, written at ``start`` to ``end``."""
    return Argument(start, end, reference.name, reference.entity, reference.resolved_by, reference.confidence)


def outside(reference: Reference) -> Argument:
    """Return the argument that a reference outside the sentence gives: it is coreference that ties it."""
    resolved_by = reference.resolved_by if reference.resolved_by == ResolvedBy.AUTHOR else ResolvedBy.COREFERENCE
    return argument_of(reference, reference.start, reference.end)._replace(resolved_by=resolved_by)


def _of_post_before(shape: Shape, start: int, person: Node | None) -> Bound | None:
    """Return the organisation of the post named before a trigger, past no other person."""
    for char in reversed(shape.text[:start]):
        node = shape.nodes.get(char)
        if node is None or node is person:
            continue
        if node.kind == "P":
            return None
        if node.kind == "T" and node.org is not None and not node.former:
            return Bound(node.org, None, "post-before")
    return None


def _nearest(side: str, kind: str, shape: Shape, start: int, end: int, used: set[int]) -> Bound | None:
    """Return the nearest phrase of a kind before or after a trigger, or on either side (``clause``)."""
    before = next((i for i in range(start - 1, -1, -1) if _is(shape, i, kind, used)), None)
    after = next((i for i in range(end, len(shape.text)) if _is(shape, i, kind, used)), None)
    if side == "before" or (side == "clause" and after is None):
        at = before
    elif side == "after" or before is None:
        at = after
    else:
        at = before if start - before <= (after or 0) - end else after
    return Bound(shape.nodes[shape.text[at]], None, side) if at is not None else None


def _is(shape: Shape, at: int, kind: str, used: set[int]) -> bool:
    node = shape.nodes.get(shape.text[at])
    return node is not None and node.kind == kind and id(node) not in used


def _by_syntax(role: str, kind: str, site: Site, start: int) -> Bound | None:
    sentence = site.document.sentences[site.sentence]
    for place in argument_heads(site.document, sentence, site.shape.places[start][0], role):
        for char in site.shape.text:
            node = site.shape.nodes.get(char)
            if node is not None and node.kind == kind and node.start <= place < node.end:
                return Bound(node, None, role)
    return None
