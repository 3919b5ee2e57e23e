"""The document as it passes through the stages: text, stretches, sentences, tokens, entities, references, mentions.

Every offset is a code point index into ``Document.text``, half open. The text itself never changes.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import accumulate
from typing import Any, NamedTuple

_HALF = re.compile("[\ud800-\udfff]")


class Label(StrEnum):
    """Entity labels that every engine is mapped to."""

    PERSON = "PERSON"
    ORG = "ORG"
    GPE = "GPE"
    DATE = "DATE"
    TITLE = "TITLE"


class StretchKind(StrEnum):
    """What a stretch of text is: prose that may state claims, or boilerplate that never does."""

    PROSE = "prose"
    BOILERPLATE = "boilerplate"


class ResolvedBy(StrEnum):
    """How a span was tied to the name it stands for (the values of CLAIMS ``resolved_by``)."""

    NAME = "name"
    ALIAS = "alias"
    COREFERENCE = "coreference"
    AUTHOR = "author"
    QUOTE = "quote"


class State(StrEnum):
    """State of a document in the ledger."""

    PROCESSED = "processed"
    EMPTY = "empty"
    UNSUPPORTED_LANGUAGE = "unsupported_language"
    FAILED = "failed"


class Span(NamedTuple):
    """A half-open stretch of code points."""

    start: int
    end: int


class Arc(NamedTuple):
    """A token's place in the tree of its sentence: the relation, and the head's number among the sentence's tokens."""

    dep: str
    head: int


Parse = Callable[[str, str], Sequence[Arc]]
"""Takes the text of a sentence and its language; gives an arc for each token, or none at all without a parser."""


def no_trees(sentence: str, lang: str) -> Sequence[Arc]:
    """Return no arcs, as a parser that is not there."""
    return ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of whole lines or parts of a line in one language; stretches are in order and do not overlap.

    ``reason`` says in a word how the language or kind was decided (``script``, ``lingua``, ``picture-credit`` …).
    """

    start: int
    end: int
    lang: str
    kind: StretchKind = StretchKind.PROSE
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of one prose stretch, without surrounding white space.

    ``first_token`` and ``end_token`` index ``Document.tokens`` (half open); both are 0 before tokenisation.
    """

    start: int
    end: int
    lang: str
    first_token: int = 0
    end_token: int = 0


@dataclass(frozen=True, slots=True)
class Token:
    """A token with the analysis an engine gave it; empty strings where the engine has none.

    ``head`` is the index in ``Document.tokens`` of the syntactic head (its own index for a root, -1 without a parse).
    ``pos`` is a Universal POS tag and ``dep`` a Universal Dependencies relation.
    """

    start: int
    end: int
    pos: str = ""
    dep: str = ""
    head: int = -1


@dataclass(frozen=True, slots=True)
class Entity:
    """A named span.

    ``source`` is ``model``, ``gazetteer``, ``agreement`` or ``pattern``; ``key`` is the id of the table entry a
    gazetteer match points at (``""`` otherwise).
    """

    start: int
    end: int
    label: Label
    source: str = "model"
    key: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """A span that stands for a person or an organisation, with the name the whole text gives it.

    ``entity`` numbers the person or organisation within the document (``p0``, ``o3`` …): all references with one
    number are one. ``name`` is the fullest form in the document. ``confidence`` is 0 to 1; ``reason`` is readable.
    """

    start: int
    end: int
    label: Label
    entity: str
    name: str
    resolved_by: ResolvedBy
    confidence: float = 1.0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Quotation:
    """A stretch of somebody's direct speech or letter; ``speaker`` is an entity number of a Reference or ``""``."""

    start: int
    end: int
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What holds for a whole document.

    ``date`` is ISO (``2024-08-06``, possibly partial) with ``date_origin`` one of ``option``, ``record``, ``file``,
    ``text`` or ``""``. ``author`` is the entity number of the first person of the text, ``author_name`` its name;
    a text that is a letter by nobody named has the author name ``<author of FILE>``. ``at_hand`` keeps what one stage
    has worked out of the document and the facts for the next; it says nothing of its own.
    """

    date: str = ""
    date_origin: str = ""
    author: str = ""
    author_name: str = ""
    focal_org: str = ""
    references: tuple[Reference, ...] = ()
    quotations: tuple[Quotation, ...] = ()
    at_hand: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)


class Argument(NamedTuple):
    """A filled argument of a mention: the span as written, the name it stands for, and how it was tied to it."""

    start: int
    end: int
    name: str = ""
    entity: str = ""
    resolved_by: ResolvedBy = ResolvedBy.NAME
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class When:
    """A date of a move. ``value`` is ISO, as precise as known; ``start``/``end`` are the expression's span."""

    start: int
    end: int
    value: str
    precision: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A claim as one sentence states it once.

    ``sentence`` indexes ``Document.sentences``. ``status`` and ``manner`` take the values of the guideline;
    ``steps`` explains, one readable line each, how every argument and attribute was found.
    """

    relation: str
    sentence: int
    trigger: Span
    rule: str
    person: Argument
    org: Argument
    role_from: Argument | None = None
    role_to: Argument | None = None
    manner: str | None = None
    status: str = "actual"
    when: When | None = None
    attributed_to: Argument | None = None
    quoted: bool = False
    confidence: float = 1.0
    steps: tuple[str, ...] = ()


class Ranges:
    """Ranges of code points, of which may be asked often whether one of them touches another."""

    def __init__(self, ranges: Iterable[tuple[int, int]]) -> None:
        """Take in ranges, each by its start and its end."""
        ordered = sorted(ranges)
        self._starts = [start for start, _ in ordered]
        # The furthest end so far: of the ranges that begin before a place, one reaches over it if this does.
        self._reach = list(accumulate((end for _, end in ordered), max))

    def touch(self, start: int, end: int) -> bool:
        """Say whether one of them has a character in common with a range."""
        before = bisect_left(self._starts, end)
        return before > 0 and self._reach[before - 1] > start


@dataclass(frozen=True, slots=True)
class Document:
    """One input text with everything the stages have found so far.

    ``doc_id`` is the path relative to the input folder, with ``#`` and the record's id for a record of a ``.jsonl``
    file. ``lang`` is the language of most of its prose. ``engine`` and ``models`` are given by the analysis
    (``models`` maps a language to ``name version``). ``left_out`` counts the mentions dropped as too unsure.
    """

    doc_id: str
    text: str
    sha256: str
    lang: str = ""
    state: State = State.PROCESSED
    reason: str = ""
    encoding: str = ""
    size_bytes: int = 0
    record_date: str = ""
    record_date_origin: str = ""
    stretches: tuple[Stretch, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    tokens: tuple[Token, ...] = ()
    entities: tuple[Entity, ...] = ()
    facts: Facts = field(default_factory=Facts)
    mentions: tuple[Mention, ...] = ()
    left_out: int = 0
    engines: tuple[tuple[str, str], ...] = ()
    models: tuple[tuple[str, str], ...] = ()

    def parsed(self, index: int, parse: Parse) -> Document:
        """Return the document with the tree of a sentence on its tokens, if it lacks one and the parser has one.

        Most sentences are never parsed: to find the trees of all would take a third of the time of a run.
        """
        sentence = self.sentences[index]
        tokens = self.tokens[sentence.first_token : sentence.end_token]
        arcs = () if any(token.head >= 0 for token in tokens) else parse(self.covered(sentence), sentence.lang)
        if len(arcs) != len(tokens) or not tokens:
            return self
        found = [
            replace(token, dep=arc.dep, head=sentence.first_token + arc.head)
            for token, arc in zip(tokens, arcs, strict=True)
        ]
        return replace(self, tokens=(*self.tokens[: sentence.first_token], *found, *self.tokens[sentence.end_token :]))

    def covered(self, span: Span | Sentence | Token | Entity | Reference | Argument) -> str:
        """Return the exact characters of a span."""
        return self.text[span.start : span.end]


def readable(text: str) -> tuple[State, str]:
    """Return the state in which a text begins, and the reason why it cannot be processed (``""`` if it can)."""
    half = _HALF.search(text)
    if half is not None:
        return State.FAILED, f"character {half.start()} is half of a surrogate pair, which no file can hold"
    return (State.PROCESSED, "") if text.strip() else (State.EMPTY, "nothing but white space")
