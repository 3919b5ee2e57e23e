"""The abstracted text of a sentence: words as written, phrases as one symbol each."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from operator import attrgetter

from claimtrail.document import Document, Label, Reference, ResolvedBy, Sentence
from claimtrail.facts.layout import layout_of
from claimtrail.facts.lexicon import Kind
from claimtrail.facts.salience import kind_of
from claimtrail.literals import key, numbers_in, plain_key
from claimtrail.rules.grammar import Grammar, Phrase, grammar
from claimtrail.rules.symbols import is_symbol, symbol

KIND = {Label.PERSON: "P", Label.ORG: "O", Label.TITLE: "T", Label.DATE: "D", Label.GPE: "G"}


@dataclass(frozen=True, slots=True)
class Node:
    """A phrase of a sentence.

    ``start``/``end`` span the whole phrase, ``core_start``/``core_end`` the name or post itself. ``title`` and ``org``
    are what the phrase says of its head ('Nordwerk chief Anna Kern'); ``former`` that this is over. ``members`` are
    the heads of a list ('Anna and Bob'), empty for a single one.
    """

    kind: str
    start: int
    end: int
    core_start: int
    core_end: int
    reference: Reference | None = None
    title: Node | None = None
    org: Node | None = None
    former: bool = False
    members: tuple[Node, ...] = ()

    @property
    def named(self) -> bool:
        """Whether a name stands there, not a pronoun or a noun such as 'the company'."""
        return self.reference is None or self.reference.resolved_by in (ResolvedBy.NAME, ResolvedBy.ALIAS)


@dataclass(frozen=True)
class Shape:
    """An abstracted sentence.

    ``places[i]`` is the span in the document of the character ``i`` of ``text``; ``nodes`` maps the symbols to phrases.
    """

    text: str
    places: tuple[tuple[int, int], ...]
    nodes: Mapping[str, Node]

    @cached_property
    def key(self) -> str:
        """The text as literals are looked for in it (``claimtrail.literals``)."""
        return key(self.text)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span in the document of a half-open range of ``text``."""
        return self.places[start][0], self.places[end - 1][1]

    def range(self, start: int, end: int) -> tuple[int, int]:
        """Return the half-open range of ``text`` that a span of the document touches; (0, 0) for none."""
        touched = [i for i, (first, last) in enumerate(self.places) if first < end and last > start]
        return (touched[0], touched[-1] + 1) if touched else (0, 0)


# Possessives and reflexives stay words, as patterns spell them ('hands in her notice'); ``possessor`` reads them.
_WORDS = frozenset({Kind.POSSESSIVE, Kind.FIRST_POSSESSIVE, Kind.REFLEXIVE})


def within(document: Document, start: int, end: int) -> Sequence[Reference]:
    """Return the references that lie in a stretch of the document, in order."""
    references = document.facts.references
    first = bisect_left(references, start, key=attrgetter("start"))
    last = bisect_left(references, end, key=attrgetter("start"))
    return [r for r in references[first:last] if start <= r.start < r.end <= end]


def is_phrase(reference: Reference) -> bool:
    """Say whether a reference becomes a phrase of its sentence, not a mere word of it."""
    return kind_of(reference) not in _WORDS


def _items(document: Document, start: int, end: int) -> list[Node]:
    """Return the phrases of a stretch of the document, one a reference or entity, in order, without overlaps."""
    nodes: list[Node] = []
    groups: dict[tuple[int, int, Label], list[Node]] = {}
    for reference in within(document, start, end):
        if is_phrase(reference):
            span = reference.start, reference.end
            groups.setdefault((*span, reference.label), []).append(Node(KIND[reference.label], *span, *span, reference))
    # 'Both' stands for several people at one place: a list of them.
    nodes += [replace(found[0], members=tuple(found)) if len(found) > 1 else found[0] for found in groups.values()]
    for entity in layout_of(document).others_in(start, end):
        nodes.append(Node(KIND[entity.label], entity.start, entity.end, entity.start, entity.end))
    ordered = sorted(nodes, key=attrgetter("start"))
    if all(one.end <= other.start for one, other in pairwise(ordered)):
        return ordered
    # Names before pronouns, longer before shorter: the first to claim a character keeps it.
    nodes.sort(key=lambda n: (not n.named, n.start - n.end, n.start))
    taken: set[int] = set()
    kept = []
    for node in nodes:
        if taken.isdisjoint(range(node.start, node.end)):
            taken.update(range(node.start, node.end))
            kept.append(node)
    return sorted(kept, key=lambda n: n.start)


def fold(text: str, table: dict[int, str]) -> str:
    """Fold spellings that patterns need not tell apart; the length stays.

    White space becomes a space, full-width ASCII half-width, curly quotes straight, and the language's own table is
    applied (one character for one).
    """
    return text.translate(_COMMON).translate(table) if table else text.translate(_COMMON)


def folded(document: Document, grammar: Grammar) -> str:
    """Return the text of a document as the patterns of a language see it."""
    return layout_of(document).once(("folded", grammar.lang), lambda: fold(document.text, grammar.fold))


_COMMON: dict[int, str] = {
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    **{ord(char): " " for char in "\t\n\r\x0b\x0c\u00a0\u2028\u2029\u3000\u2002\u2003\u2009\u202f"},
    **{ord(char): "'" for char in "\u2019\u2018\u02bc\u00b4`"},
    **{ord(char): '"' for char in "\u201c\u201d\u201e\u00ab\u00bb"},
    **{ord(char): "-" for char in "\u2010\u2011"},
    **{code: "\ufffd" for code in range(0xF0000, 0xF4000)},
}


def build_shape(document: Document, start: int, end: int, grammar: Grammar) -> Shape:
    """Abstract a stretch of a document (a sentence)."""
    parts: list[str] = []
    places: list[tuple[int, int]] = []
    nodes: dict[str, Node] = {}
    text, at = folded(document, grammar), start
    plain, leads = grammar.plain_dates, grammar.noun_leads
    for node in _items(document, start, end):
        if plain and node.kind == "D" and plain.regex.search(text[node.start : node.end]):
            continue
        lead = leads.regex.match(text, node.start, node.end) if leads and node.kind == "O" and not node.named else None
        first = lead.end() if lead else node.start
        parts.append(text[at:first])
        places.extend(pairwise(range(at, first + 1)))
        char = symbol(node.kind if node.named else node.kind.lower(), len(nodes))
        nodes[char] = node if first == node.start else replace(node, start=first)
        parts.append(char)
        places.append((first, node.end))
        at = node.end
    parts.append(text[at:end])
    places.extend(pairwise(range(at, end + 1)))
    shape = Shape("".join(parts), tuple(places), nodes)
    return _reduce(shape, grammar, document.text) if nodes else shape


def shape_of(document: Document, sentence: Sentence) -> Shape:
    """Return the abstracted text of a sentence, made once for all the stages that ask."""
    span, rules = (sentence.start, sentence.end), grammar(sentence.lang)
    return layout_of(document).once(("shape", span, sentence.lang), lambda: build_shape(document, *span, rules))


_MOST_REDUCTIONS = 60  # a sentence with more phrases of one kind than this is a list that no rule reads


def _reduce(shape: Shape, grammar: Grammar, written: str) -> Shape:
    text, places, nodes = shape.text, list(shape.places), dict(shape.nodes)
    spelled = shape.key if grammar.steady else plain_key(shape.text)
    for number in numbers_in(grammar.grouping.may_match(spelled)):
        phrase = grammar.phrases[number]
        at, regex = 0, phrase.pattern.regex
        for _ in range(_MOST_REDUCTIONS):
            match = regex.search(text, at)
            if match is None:
                break
            if match.end() - match.start() < 2:
                at = match.end() + 1
                continue
            head_at = match.start("head") if "head" in match.re.groupindex and match["head"] else -1
            node = _reduced(phrase, match.group(), head_at - match.start(), match, places, nodes, written)
            kind = node.kind if node.named else node.kind.lower()
            char = symbol(kind, len(nodes))
            nodes[char] = node
            places[match.start() : match.end()] = [(node.start, node.end)]
            text = text[: match.start()] + char + text[match.end() :]
            at = match.start()
    return Shape(text, tuple(places), nodes)


def _reduced(
    phrase: Phrase,
    matched: str,
    head_at: int,
    match: re.Match[str],
    places: list[tuple[int, int]],
    nodes: Mapping[str, Node],
    written: str,
) -> Node:
    spec = phrase.spec
    start, end = places[match.start()][0], places[match.end() - 1][1]
    groups = match.groupdict()
    title = nodes.get(groups.get("title") or "")
    org = nodes.get(groups.get("org") or "")
    former = bool(groups.get("former"))
    if spec.list:
        inner = [nodes[c] for c in matched if is_symbol(c) and nodes[c].kind == spec.becomes]
        members = tuple(m for n in inner for m in (n.members or (n,)))
        first, last = members[0], members[-1]
        if spec.becomes == "T":
            return replace(
                first,
                start=start,
                end=end,
                core_start=first.core_start,
                core_end=last.core_end,
                org=first.org or last.org,
                former=former or first.former,
            )
        # What the list says of one member is not said of the others, but an organisation named once is shared.
        orgs = {id(m.org): m.org for m in members if m.org}
        shared = next(iter(orgs.values())) if len(orgs) == 1 else None
        return replace(first, start=start, end=end, members=members, title=None, org=shared, former=former)
    head = nodes[matched[head_at]] if head_at >= 0 else None
    if head is None:
        return Node(spec.becomes, start, end, start, end, None, title, org, former)
    core = (start, end) if spec.span == "whole" and spec.becomes in "TDG" else (head.core_start, head.core_end)
    if spec.keeps and title and head.title and re.fullmatch(spec.keeps, written[title.core_start : title.core_end]):
        org = org or head.org or (None if title.former else title.org)
        title = head.title
    title = title or head.title
    org = org or (title.org if title else None) or head.org
    former = former or head.former or bool(title and title.former)
    members = tuple(
        replace(m, title=m.title or title, org=m.org or org, former=m.former or former) for m in head.members
    )
    return replace(
        head,
        kind=spec.becomes,
        start=start,
        end=end,
        core_start=core[0],
        core_end=core[1],
        title=title,
        org=org,
        former=former,
        members=members,
    )
