"""Texts that another program has analysed: its tokens, sentences and entities take the place of our engine's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from claimtrail.document import Document, Entity, Label, Sentence, Span, State, StretchKind, Token
from claimtrail.engines.base import EngineError
from claimtrail.engines.labels import label_map
from claimtrail.engines.stanza_engine import read_tokens
from claimtrail.segment.sentences import SentenceSplitter
from claimtrail.segment.stretches import Segmenter


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """What another program found in a text of one language.

    All offsets count code points of the text. ``tokens`` are in order and do not overlap; ``Token.head`` indexes
    them. Without ``sentences`` ours are found; without ``tokens`` and ``entities`` (None) our engine finds both.
    ``engine`` and ``model`` name in the records who found them.
    """

    lang: str
    engine: str
    model: str
    sentences: tuple[Span, ...] | None = None
    tokens: tuple[Token, ...] | None = None
    entities: tuple[Entity, ...] | None = None


def annotated(document: Document, annotation: Annotation) -> Document:
    """Return a document with the annotation, as the stages after the language engine take it.

    Sentences, tokens and entities in what is no prose are left out, and so are tokens and entities that cross the
    end of a sentence. If the annotation has no entities, those of the engine are still to be found.
    """
    if document.state is not State.PROCESSED:
        return document
    (document,) = _segmenter(annotation.lang).process([document])
    if annotation.sentences is None:
        (document,) = SentenceSplitter().process([document])
    else:
        document = replace(document, sentences=tuple(_prose(document, annotation)))
    if annotation.entities is None:
        return document
    sentences, tokens = _with_tokens(document.sentences, annotation.tokens or ())
    return replace(
        document,
        sentences=sentences,
        tokens=tokens,
        entities=tuple(_inside(document.sentences, annotation.entities)),
        engines=((annotation.lang, annotation.engine),),
        models=((annotation.lang, annotation.model),),
    )


def labelled(spans: Iterable[tuple[int, int, str]], own: Mapping[str, str]) -> Iterator[Entity]:
    """Yield the spans whose label says something here, under our label.

    ``own`` maps labels of the program that found them; others are looked up in the label map that ships
    (``lang/entity_labels.yaml``), and labels that neither knows are passed over.
    """
    labels = label_map().labels | dict(own)
    for start, end, label in spans:
        if label in labels:
            yield Entity(start, end, Label(labels[label]))


def stanza_annotation(found: Any, *, lang: str = "", own: Mapping[str, str] | None = None) -> Annotation:
    """Return what a Stanza document holds; Stanza itself is not needed.

    ``found`` has ``text``, ``lang``, ``sentences`` (each with ``tokens``) and ``ents``, as Stanza's ``Document``.
    Of a pipeline without a tagger of entities, only the sentences are taken. ``lang`` is our code of the language.

    Raises:
        ValueError: it has no text or no offsets into it, or does not say its language.
    """
    text = getattr(found, "text", None)
    if not isinstance(text, str):
        raise ValueError("the Stanza document has no text: offsets need one")
    lang = lang or str(getattr(found, "lang", None) or "").partition("-")[0]
    if not lang:
        raise ValueError("the Stanza document does not say its language; name it with lang=")
    try:
        tokens = read_tokens(found, text, Span(0, len(text)))
    except EngineError as error:
        raise ValueError(str(error)) from error
    sentences, first = [], 0
    for part in found.sentences:
        end = first + len(part.tokens)
        if end > first:
            sentences.append(Span(tokens[first].start, tokens[end - 1].end))
        first = end
    # A tagger marks every token, if only as outside of all names; without one no token has a mark.
    tagged = any(getattr(token, "ner", None) for part in found.sentences for token in part.tokens)
    spans = [(entity.start_char, entity.end_char, entity.type) for entity in found.ents] if tagged else []
    return Annotation(
        lang=lang,
        engine="stanza",
        model=f"stanza {lang}",
        sentences=tuple(sentences),
        tokens=tuple(tokens) if tagged else None,
        entities=tuple(labelled(spans, own or {})) if tagged else None,
    )


@cache
def _segmenter(lang: str) -> Segmenter:
    return Segmenter((lang,), forced=lang)


def _prose(document: Document, annotation: Annotation) -> Iterator[Sentence]:
    """Yield the sentences that begin in prose, without surrounding white space."""
    prose = [stretch for stretch in document.stretches if stretch.kind is StretchKind.PROSE]
    for start, end in annotation.sentences or ():
        covered = document.text[start:end]
        inner = covered.strip()
        first = start + len(covered) - len(covered.lstrip())
        if inner and any(stretch.start <= first < stretch.end for stretch in prose):
            yield Sentence(first, first + len(inner), annotation.lang)


def _with_tokens(
    sentences: Sequence[Sentence], tokens: Sequence[Token]
) -> tuple[tuple[Sentence, ...], tuple[Token, ...]]:
    """Return the sentences with their ranges of tokens, and the tokens within them, their heads numbered anew."""
    kept: list[int] = []
    ranged = []
    place = 0
    for sentence in sentences:
        first = len(kept)
        while place < len(tokens) and tokens[place].start < sentence.end:
            if tokens[place].start >= sentence.start and tokens[place].end <= sentence.end:
                kept.append(place)
            place += 1
        ranged.append(replace(sentence, first_token=first, end_token=len(kept)))
    number = {old: new for new, old in enumerate(kept)}
    return tuple(ranged), tuple(replace(tokens[old], head=number.get(tokens[old].head, -1)) for old in kept)


def _inside(sentences: Sequence[Sentence], entities: Iterable[Entity]) -> Iterator[Entity]:
    for entity in sorted(entities, key=_start):
        if any(s.start <= entity.start and entity.end <= s.end for s in sentences):
            yield entity


def _start(entity: Entity) -> int:
    return entity.start
