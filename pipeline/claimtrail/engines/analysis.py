"""The stage that has engines find tokens and entities, language by language."""

from __future__ import annotations

import dataclasses
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import groupby

from claimtrail.document import Document, Entity, Sentence, Span, Token
from claimtrail.engines.base import Analysis, Engine, ModelInfo, Passage

# an engine's memory grows with the passage; 4,000 characters are more context than any model here looks at
_LONGEST_PASSAGE = 4_000


class Analyse:
    """Fills tokens and entities, the token ranges of the sentences, and which engine and model found them.

    ``engine_for`` gives the engine of a language; it is asked only for languages that occur.
    """

    name = "tokens and entities"
    requires = frozenset({"stretches", "sentences"})
    provides = frozenset({"sentences", "tokens", "entities", "engines", "models"})

    def __init__(self, engine_for: Callable[[str], Engine]) -> None:
        """Remember where engines come from."""
        self._engine_for = engine_for
        self._infos: dict[str, ModelInfo] = {}

    def process(self, documents: Sequence[Document]) -> list[Document]:
        """Return the documents with tokens and entities.

        Raises:
            EngineError: a language that occurs has no model.
        """
        groups = [passages(document) for document in documents]
        found: dict[tuple[int, int], Analysis] = {}
        for lang in sorted({group[0].lang for of_one in groups for group in of_one}):
            places = [
                (number, place)
                for number, of_one in enumerate(groups)
                for place, group in enumerate(of_one)
                if group[0].lang == lang
            ]
            given = [_passage(documents[number].text, groups[number][place]) for number, place in places]
            found.update(zip(places, self._engine_for(lang).analyse(given, lang), strict=True))
        return [
            self._filled(document, of_one, [found[number, place] for place in range(len(of_one))])
            for number, (document, of_one) in enumerate(zip(documents, groups, strict=True))
        ]

    def _filled(
        self, document: Document, groups: Sequence[Sequence[Sentence]], analyses: Sequence[Analysis]
    ) -> Document:
        tokens: list[Token] = []
        entities: list[Entity] = []
        sentences: list[Sentence] = []
        for number, group in enumerate(groups):
            base, first = group[0].start, len(tokens)
            tokens += _moved(analyses[number].tokens, base, first)
            entities += [
                dataclasses.replace(e, start=e.start + base, end=e.end + base) for e in analyses[number].entities
            ]
            sentences += _with_tokens(group, tokens, first)
        infos = {lang: self._info(lang) for lang in sorted({group[0].lang for group in groups})}
        return dataclasses.replace(
            document,
            tokens=tuple(tokens),
            entities=tuple(entities),
            sentences=tuple(sentences),
            engines=tuple((lang, info.engine) for lang, info in infos.items()),
            models=tuple((lang, f"{info.name} {info.version}") for lang, info in infos.items()),
        )

    def _info(self, lang: str) -> ModelInfo:
        if lang not in self._infos:
            self._infos[lang] = self._engine_for(lang).model_info(lang)
        return self._infos[lang]


def _moved(tokens: Sequence[Token], base: int, first: int) -> Sequence[Token]:
    """Return the tokens of a passage with the offsets and heads that they have in the document."""
    if not base and not first:
        return tokens
    return [Token(t.start + base, t.end + base, t.pos, t.dep, t.head + first if t.head >= 0 else -1) for t in tokens]


def _passage(text: str, group: Sequence[Sentence]) -> Passage:
    base = group[0].start
    return Passage(text[base : group[-1].end], tuple(Span(s.start - base, s.end - base) for s in group))


def passages(document: Document) -> list[list[Sentence]]:
    """Group the sentences of a document into passages: neighbours of one stretch and language, up to a length."""
    starts = [stretch.start for stretch in document.stretches]

    def stretch_and_language(sentence: Sentence) -> tuple[int, str]:
        return bisect_right(starts, sentence.start), sentence.lang

    groups: list[list[Sentence]] = []
    for _, neighbours in groupby(document.sentences, stretch_and_language):
        current: list[Sentence] = []
        for sentence in neighbours:
            if current and sentence.end - current[0].start > _LONGEST_PASSAGE:
                groups.append(current)
                current = []
            current.append(sentence)
        groups.append(current)
    return groups


def _with_tokens(group: Sequence[Sentence], tokens: Sequence[Token], first: int) -> list[Sentence]:
    found = []
    for sentence in group:
        end = first
        while end < len(tokens) and tokens[end].start < sentence.end:
            end += 1
        found.append(dataclasses.replace(sentence, first_token=first, end_token=end))
        first = end
    return found
