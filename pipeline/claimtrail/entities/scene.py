"""A document prepared for the work on its entities: folded text, sentence and token bounds, titles, table matches."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import Protocol

from claimtrail.document import Document, Label, Sentence, Span
from claimtrail.entities.gazetteer import Match, gazetteer
from claimtrail.entities.lexicon import EntityRules, entity_rules
from claimtrail.entities.script import bounded, cuts_word, fold, is_han, is_katakana, lower


class TitleFinder(Protocol):
    """Finds the posts written in ``text[start:end]``; no post reaches into a barrier."""

    def __call__(self, text: str, lang: str, start: int, end: int, *, barriers: Sequence[Span]) -> Sequence[Span]:
        """Return their spans, in order."""
        ...


def no_titles(text: str, lang: str, start: int, end: int, *, barriers: Sequence[Span]) -> Sequence[Span]:
    """Return no titles: for use without a lexicon of posts."""
    return ()


class Scene:
    """What stays the same however often the entities of a document are looked at."""

    def __init__(self, document: Document, find_titles: TitleFinder) -> None:
        """Prepare a document with sentences and tokens."""
        self.document = document
        self.text = fold(document.text)
        self.lowered = lower(self.text)
        self.sentences = document.sentences
        self._starts = [sentence.start for sentence in self.sentences]
        self.bounds = frozenset(token.start for token in document.tokens) | frozenset(t.end for t in document.tokens)
        self.pos = {token.start: token.pos for token in document.tokens if token.pos}
        self.matches: list[Match] = []
        for sentence in self.sentences:
            bounds = None if entity_rules(sentence.lang).spaced else self.bounds
            self.matches += gazetteer(sentence.lang).find_folded(
                self.text, self.lowered, sentence.start, sentence.end, bounds
            )
        self._match_starts = {match.start: match for match in self.matches}
        self.strong_starts = {match.start: match for match in self.matches if match.strong}
        self._find_titles = find_titles
        self._places: dict[tuple[str, int], list[Span]] = {}
        self._found: dict[tuple[int, tuple[Span, ...]], tuple[Span, ...]] = {}
        barriers = [Span(match.start, match.end) for match in self.matches if match.strong]
        self.titles = self.posts(barriers)  # by the text alone: what the stage says of its own answer is the same
        self._small = frozenset(re.findall(r"(?<![\w])[a-zß-ÿ]{2,}(?![\w])", self.text))
        self.title_starts = {title.start: title for title in self.titles}
        dates = (entity for entity in document.entities if entity.label is Label.DATE)
        self._dated = frozenset(place for date in dates for place in range(date.start, date.end))
        self._matched = frozenset(place for match in self.matches for place in range(match.start, match.end))
        self.inside_titles = {place: title for title in self.titles for place in range(title.start + 1, title.end)}
        self.title_ends = {title.end: title for title in self.titles}

    def post_behind(self, name: Span) -> bool:
        """Say whether a post begins right behind a name, or behind 'former', if the name is left alone."""
        sentence = self.sentence_at(name.start)
        if sentence is None:
            return False
        text, lang = self.document.text, sentence.lang
        found = self._find_titles(text, lang, sentence.start, sentence.end, barriers=[name])
        return any(name.end <= post.start <= name.end + 2 for post in found)

    def posts(self, barriers: Sequence[Span]) -> list[Span]:
        """Return the posts of all sentences, given the spans they must leave alone; each question is answered once."""
        by_sentence: dict[int, list[Span]] = {}
        for barrier in barriers:
            by_sentence.setdefault(bisect_right(self._starts, barrier.start) - 1, []).append(barrier)
        found: list[Span] = []
        for index, sentence in enumerate(self.sentences):
            walls = tuple(sorted(by_sentence.get(index, ())))
            posts = self._found.get((index, walls))
            if posts is None:
                posts = tuple(
                    self._find_titles(self.document.text, sentence.lang, sentence.start, sentence.end, barriers=walls)
                )
                self._found[index, walls] = posts
            found += posts
        return found

    def sentence_at(self, position: int) -> Sentence | None:
        """Return the sentence that holds a position, or None between sentences."""
        index = bisect_right(self._starts, position) - 1
        if index < 0 or position >= self.sentences[index].end:
            return None
        return self.sentences[index]

    def rules_at(self, position: int) -> EntityRules | None:
        """Return the rules of the language at a position."""
        sentence = self.sentence_at(position)
        return entity_rules(sentence.lang) if sentence else None

    def within_sentence(self, start: int, end: int) -> bool:
        """Say whether a span lies in one sentence."""
        sentence = self.sentence_at(start)
        return sentence is not None and start < end <= sentence.end

    def touches_title(self, start: int, end: int) -> bool:
        """Say whether a span overlaps a post."""
        return any(place in self.title_starts or place in self.inside_titles for place in range(start, end))

    def dated(self, start: int, end: int) -> bool:
        """Say whether the engine marked a date in a span."""
        return not self._dated.isdisjoint(range(start, end))

    def match_at(self, start: int) -> Match | None:
        """Return the name of the table that begins at a position, strong or weak."""
        return self._match_starts.get(start)

    def matched(self, start: int, end: int) -> bool:
        """Say whether a name of the table stands in a span."""
        return not self._matched.isdisjoint(range(start, end))

    def occurrences(self, name: str, safe: int) -> list[Span]:
        """Return where a folded name stands as a word or on token bounds.

        A name with ``safe`` or more Chinese characters needs no token bounds.
        """
        known = self._places.get((name, safe))
        if known is None:
            known = self._places[name, safe] = self._occurrences(name, safe)
        return known

    def _occurrences(self, name: str, safe: int) -> list[Span]:
        found = []
        han = is_han(name[0]) or is_han(name[-1])
        start = self.text.find(name)
        while start >= 0:
            end = self.name_end(start + len(name))
            if self.within_sentence(start, end) and self._stands(start, end, han and len(name) < safe):
                found.append(Span(start, end))
            start = self.text.find(name, start + len(name))
        return found

    def name_end(self, end: int) -> int:
        """Return the end of a name with the case ending it has here, if any."""
        if not cuts_word(self.text, end):
            return end
        rules = self.rules_at(end)
        for ending in rules.name_endings if rules else ():
            if self.text.startswith(ending, end) and not cuts_word(self.text, end + len(ending)):
                return end + len(ending)
        return end

    def stands(self, start: int, end: int) -> bool:
        """Say whether a span stands as a word: on token bounds where it is in Chinese characters."""
        return self._stands(start, end, is_han(self.text[start]) or is_han(self.text[end - 1]))

    def lower_word(self, word: str) -> bool:
        """Say whether the text also has this word in lower case."""
        small = word.lower()
        return small != word and small in self._small

    def _stands(self, start: int, end: int, on_tokens: bool) -> bool:
        if not bounded(self.text, start, end):
            return False
        if on_tokens and not (start in self.bounds and end in self.bounds):
            return False
        return not (self._dotted(start - 1, -1) or self._dotted(end, 1))

    def _dotted(self, position: int, step: int) -> bool:
        """Say whether a transliterated name goes on beyond a dot at ``position``."""
        if not 0 < position < len(self.text) - 1 or self.text[position] not in "·=":
            return False
        inner, outer = self.text[position - step], self.text[position + step]
        return (is_katakana(inner) and is_katakana(outer)) or (is_han(inner) and is_han(outer))
