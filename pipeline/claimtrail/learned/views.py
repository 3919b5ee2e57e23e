"""A sentence as seen from one person: its words and phrases in order, and the organisations that may be meant."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from claimtrail.document import Document, Reference, Sentence
from claimtrail.facts.layout import Layout
from claimtrail.facts.salience import affiliation, focal_org_at, subject_before
from claimtrail.rules.grammar import Grammar
from claimtrail.rules.shape import Node, Shape
from claimtrail.rules.symbols import is_symbol

WORD, ME = "w", "me"  # kinds of items beside the kinds of phrases

# The ways in which an organisation can stand to a person and a sentence, in the order of the network's inputs.
TIES = (
    "in",
    "post",
    "mine",
    "mine-former",
    "theirs",
    "theirs-former",
    "mytitle",
    "theirtitle",
    "affil",
    "focal",
)
_NAMED_HERE = frozenset({"in", "post"})


class Item(NamedTuple):
    """A word or a phrase of a sentence.

    ``kind`` is ``w`` for a word, else that of the phrase, in lower case where no name stands there. ``token`` is the
    index of its last token in the document, -1 for none; ``at`` its place in the text of the shape.
    """

    kind: str
    form: str
    node: Node | None
    token: int
    at: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """An organisation that a claim may be about: what stands for it, how it is tied (``TIES``), and at which items."""

    reference: Reference
    node: Node | None
    ties: frozenset[str]
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class View:
    """A sentence as seen from one person of it, or from the one left out (``place`` is -1, ``node`` is None)."""

    items: tuple[Item, ...]
    place: int
    node: Node | None
    person: Reference
    candidates: tuple[Candidate, ...]

    def is_me(self, item: Item) -> bool:
        """Say whether a phrase stands for the person."""
        return item.node is not None and any(
            n.reference is not None and n.reference.entity == self.person.entity
            for n in (item.node.members or (item.node,))
        )


def items_of(document: Document, sentence: Sentence, shape: Shape) -> tuple[Item, ...]:
    """Return the words and phrases of an abstracted sentence, in order; words are in lower case."""
    tokens = document.tokens[sentence.first_token : sentence.end_token]
    starts = [token.start for token in tokens]

    def token_at(place: int) -> int:
        number = bisect_right(starts, place) - 1
        return number + sentence.first_token if number >= 0 and place < tokens[number].end else -1

    out: list[Item] = []
    forms: list[str] = []  # of the words among them
    joins = -1  # the token that the last item is a part of, if more of it may follow
    for at, char in enumerate(shape.text):
        if is_symbol(char):
            node = shape.nodes[char]
            kind = node.kind if node.named else node.kind.lower()
            out.append(Item(kind, "", node, token_at(max(node.core_start, node.core_end - 1)), at))
            joins = -1
            continue
        if char.isspace():
            joins = -1
            continue
        token = token_at(shape.places[at][0])
        if joins >= 0 and token == joins:
            forms[-1] += char
        else:
            out.append(Item(WORD, "", None, token, at))
            forms.append(char)
        joins = token
    words = iter(forms)
    return tuple(item._replace(form=next(words).lower()) if item.kind == WORD else item for item in out)


def views(document: Document, index: int, shape: Shape, grammar: Grammar, layout: Layout) -> Iterator[View]:
    """Yield the views of a sentence, one a person that stands in it; without any, one of the person left out."""
    sentence = document.sentences[index]
    items = items_of(document, sentence, shape)
    people = [
        (place, node, node.reference)
        for place, item in enumerate(items)
        if item.node is not None and item.node.kind == "P"
        for node in (item.node.members or (item.node,))
        if node.reference is not None
    ]
    for place, node, person in people:
        yield View(items, place, node, person, _candidates(document, items, person, sentence, layout))
    if not people and index:
        left_out = subject_before(document, sentence.start, grammar.lang, layout=layout)
        if left_out is not None:
            yield View(items, -1, None, left_out, _candidates(document, items, left_out, sentence, layout))


def _candidates(
    document: Document, items: Sequence[Item], person: Reference, sentence: Sentence, layout: Layout
) -> tuple[Candidate, ...]:
    found: dict[str, list[tuple[str, int, Reference, Node | None]]] = {}

    def add(reference: Reference | None, tie: str, place: int, node: Node | None = None) -> None:
        if reference is not None:
            found.setdefault(reference.entity, []).append((tie, place, reference, node))

    for place, item in enumerate(items):
        if item.node is None:
            continue
        kind = item.node.kind
        if kind == "T" and item.node.org is not None:
            add(item.node.org.reference, "post", place, item.node.org)
        for node in item.node.members or (item.node,):
            if kind == "O":
                add(node.reference, "in", place, node)
            if kind == "P":
                mine = node.reference is not None and node.reference.entity == person.entity
                if node.org is not None:
                    tie = "mine" if mine else "theirs"
                    add(node.org.reference, f"{tie}-former" if node.former else tie, place, node.org)
                if node.title is not None and node.title.org is not None and node.title.org is not node.org:
                    add(node.title.org.reference, "mytitle" if mine else "theirtitle", place, node.title.org)
    add(affiliation(document, person.entity, sentence.start, layout=layout), "affil", -1)
    add(focal_org_at(document, sentence.start, person=person.entity, layout=layout), "focal", -1)
    return tuple(_candidate(ways) for ways in found.values())


def _candidate(ways: Sequence[tuple[str, int, Reference, Node | None]]) -> Candidate:
    places = [place for tie, place, *_ in ways if tie in _NAMED_HERE] or [p for _, p, *_ in ways if p >= 0]
    _, _, reference, node = min(ways, key=lambda way: (way[1] < 0, way[0] not in _NAMED_HERE))
    return Candidate(reference, node, frozenset(tie for tie, *_ in ways), tuple(places))


def label(view: View, item: Item) -> str:
    """Return what an item is in a view: a word as written, or a kind of phrase, the person itself set apart."""
    if item.kind == WORD:
        return WORD
    if item.kind in "Pp" and view.is_me(item):
        return ME if item.kind == "P" else f"{ME}-"
    return item.kind.upper() + ("-" if item.kind in "po" else "")


def ancestors(document: Document, view: View, most: int = 8) -> Mapping[int, int]:
    """Return the tokens above the person in the tree, with the number of steps; empty without a tree."""
    out: dict[int, int] = {}
    if view.place < 0:
        return out
    token, tokens = view.items[view.place].token, document.tokens
    while token >= 0 and len(out) < most:
        head = tokens[token].head
        if head < 0 or head == token or head in out:
            break
        out[head] = len(out) + 1
        token = head
    return out
