"""Sentences of the prose stretches, split by rules that every language states as data."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import pairwise

from claimtrail import data
from claimtrail.document import Document, Sentence, Span, StretchKind

LONGEST = 1000
"""Characters after which a sentence is cut; no real sentence of news is as long."""

_LOOK = 48
"""Characters looked at on either side of a possible end."""

_LINKS = re.compile(r"(?:https?://|www\.|[\w.+-]{1,64}@)[\w\-.~:/?#@!$&*+,;=%]{2,2000}", re.ASCII)
_DOMAIN = re.compile(r"[A-Za-z0-9][\w-]{0,62}\.[a-z]{2,6}\b", re.ASCII)
_EMOTICON = re.compile(r"[ \u3000]?[:;=]['^o-]?[()\[\]DPp]+(?=\s|$)")
_FOOTNOTE = re.compile(r"(?:\[\d{1,3}\])+")
_BULLET = re.compile(
    r"[ \t\u3000]*(?:[*•·●■□◆◇▪‣★☆#>|+–—-]{1,6}[ \t\u3000]|[•·●■□◆◇▪‣★☆・|]|\(?\d{1,3}[.)、．）][ \t\u3000])"
)
_LIST_NUMBER = re.compile(r"[ \t\u3000]*[(*_#]*(?:\d{1,3}|[A-Za-z])$")
_WORD_AFTER = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]$")
_VOWELLESS = re.compile(r"[^\W\d_aeiouyäöüáéíóúàèìòùâêîôûåæøœ]{2,5}$", re.IGNORECASE)
_TITLE_SIGNS = tuple("《〈")
_BRACKETS = tuple("(（[［")
_ROMAN = re.compile(r"[IVX]{1,6}")
_UNBROKEN = re.compile(r"\S+")
_LINE = re.compile(r"[^\n\r\x0b\x0c\x85\u2028\u2029]+")
_SPACE = re.compile(r"\s*")
_CUTS = tuple(re.compile(cut, re.DOTALL) for cut in (r".*[;；]", r".*[,，、:：–—](?!\d)", r".*\s"))
_ALPHANUMERIC = re.compile(r"[^\W_]")
_UNSPACED = re.compile(r"[\u2e80-\U0010ffff]")


@dataclass(frozen=True)
class SentenceRules:
    """How sentences end in one language: the shape of ``lang/<code>/sentences.yaml``.

    ``always`` are signs that end a sentence wherever they stand, ``stops`` those that do so only where the next word
    allows it. ``pairs`` are opening and closing signs, two characters each; inside a pair of ``protected``, up to
    ``protected_length`` characters long, no sentence ends. ``spaced`` says that words stand apart: then a lower-case
    word never follows an end. ``stop_needs_absence_of`` names a sign whose use in the text means that a stop between
    two letters is no end. ``abbreviations`` never end a sentence, ``final_abbreviations`` and words with one of the
    ``abbreviation_endings`` only before one of ``starters``, ``number_abbreviations`` not before a digit. After a
    closing quotation mark the sentence goes on when one of ``continuers`` follows at once or one of ``reporting``
    within a few words. Before white space ``final_forms`` end a sentence as well. Lines up to ``wrap_width``
    characters long may have been wrapped by an editor.
    """

    always: str
    stops: str
    pairs: tuple[str, ...]
    protected: tuple[str, ...]
    protected_length: int
    closers: str
    spaced: bool
    ordinals: bool
    stop_needs_absence_of: str = ""
    abbreviations: frozenset[str] = frozenset()
    final_abbreviations: frozenset[str] = frozenset()
    number_abbreviations: frozenset[str] = frozenset()
    abbreviation_endings: tuple[str, ...] = ()
    starters: frozenset[str] = frozenset()
    final_forms: tuple[str, ...] = ()
    continuers: tuple[str, ...] = ()
    reporting: tuple[str, ...] = ()
    wrap_width: int = 0

    @cached_property
    def ends(self) -> re.Pattern[str]:
        """Return the pattern of a run of signs that may end a sentence."""
        forms = "|".join(map(re.escape, sorted(self.final_forms, key=len, reverse=True)))
        return re.compile(f"[{re.escape(self.always + self.stops)}]+" + (f"|(?:{forms})(?=\\s)" if forms else ""))

    @cached_property
    def reported(self) -> re.Pattern[str]:
        """Return the pattern of words after a quotation that belong to its sentence."""
        verbs = "|".join(map(re.escape, self.reporting)) or "(?!)"
        if self.spaced:
            return re.compile(rf"[^\W\d_][\w'’.-]*(?: [\w'’.-]+){{0,3}}? (?:{verbs})\b|(?:{verbs})\b")
        return re.compile(rf"[^\s。，,！？!?；;：:]{{0,12}}?(?:{verbs})")


@cache
def rules_for(lang: str) -> SentenceRules | None:
    """Return the sentence rules of a language, or None when the language has none."""
    path = data.find(lang, "sentences.yaml")
    return data.read_as(path, SentenceRules) if path.is_file() else None


class SentenceSplitter:
    """The stage that divides prose stretches into sentences; other stretches and languages without rules get none."""

    name = "sentences"
    requires = frozenset({"stretches"})
    provides = frozenset({"sentences"})

    def process(self, documents: Sequence[Document]) -> list[Document]:
        """Return the documents with their sentences, in the order of the text."""
        return [replace(document, sentences=tuple(self._sentences(document))) for document in documents]

    def _sentences(self, document: Document) -> Iterator[Sentence]:
        for stretch in document.stretches:
            rules = rules_for(stretch.lang)
            if stretch.kind is StretchKind.PROSE and rules is not None:
                for span in split(document.text, stretch.start, stretch.end, rules):
                    yield Sentence(span.start, span.end, stretch.lang)


def split(text: str, start: int, end: int, rules: SentenceRules) -> list[Span]:
    """Return the sentences of ``text[start:end]``, without surrounding white space; together they hold all else."""
    barred = bool(rules.stop_needs_absence_of) and rules.stop_needs_absence_of in text
    spans: list[Span] = []
    for block in paragraphs(text, start, end, rules):
        for sentence in _Block(text, block, rules, barred).sentences():
            spans += _capped(text, sentence)
    return spans


def paragraphs(text: str, start: int, end: int, rules: SentenceRules) -> list[Span]:
    """Return the runs of lines that read on from one to the next, trimmed; a line by itself is the usual case."""
    groups: list[list[Span]] = []
    blank = True
    for match in _LINE.finditer(text, start, end):
        line = trimmed(text, match.start(), match.end())
        if line.start == line.end:
            blank = True
            continue
        # Another line break between the two lines than one (or CR LF) is a blank line.
        if not blank and groups:
            between = text[groups[-1][-1].end : line.start].replace("\r\n", "\n").strip(" \t\u3000\xa0")
            blank = len(between) > 1
        if blank:
            groups.append([line])
        else:
            groups[-1].append(line)
        blank = False
    return [part for group in groups for part in _joined(text, group, rules)]


def trimmed(text: str, start: int, end: int) -> Span:
    """Return the span without white space at its ends; an empty span when there is nothing else."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _joined(text: str, lines: list[Span], rules: SentenceRules) -> Iterator[Span]:
    """Join the lines of a group that an editor wrapped at a fixed width."""
    # The first line may be a headline and longer than the rest.
    width = max((line.end - line.start for line in lines[1:]), default=0)
    start, end = lines[0]
    for before, line in pairwise(lines):
        if _wrapped(text, before, line, rules, width=width, lines=len(lines)):
            end = line.end
        else:
            yield Span(start, end)
            start, end = line
    yield Span(start, end)


def _wrapped(text: str, before: Span, line: Span, rules: SentenceRules, *, width: int, lines: int) -> bool:
    last = text[before.end - 1]
    if _BULLET.match(text, line.start, line.end) or last in ":：|;；":
        return False
    if rules.spaced and text[line.start : line.start + 4].strip().islower() and last not in rules.always:
        return True
    length = before.end - before.start
    if lines < 3 or width > rules.wrap_width or length > width:
        return False
    if not rules.spaced:
        return last not in rules.always and length >= max(width - 1, 20)
    # The first word of the next line would not have fitted on this one.
    word = _UNBROKEN.match(text, line.start, min(line.end, line.start + _LOOK))
    return length >= width // 2 and length + 1 + (word.end() - line.start if word else 1) > width


def _capped(text: str, sentence: Span) -> Iterator[Span]:
    start, end = sentence
    while end - start > LONGEST:
        window = text[start + LONGEST // 2 : start + LONGEST]
        found = next((match for pattern in _CUTS if (match := pattern.match(window))), None)
        cut = start + LONGEST // 2 + (found.end() if found else len(window))
        piece = trimmed(text, start, cut)
        if piece.start < piece.end:
            yield piece
        start = trimmed(text, cut, end).start
    yield Span(start, end)


class _Block:
    """A run of joined lines while it is divided into sentences."""

    def __init__(self, text: str, block: Span, rules: SentenceRules, barred: bool) -> None:
        self._text = text
        self._start, self._end = block
        self._rules = rules
        self._barred = barred
        self._closes = self._matched_pairs()
        self._kept = _outermost(
            [Span(opened, closed + 1) for closed, opened in self._closes.items() if self._protects(opened, closed)]
            + [self._link(match) for match in _LINKS.finditer(text, *block)]
        )
        self._kept_starts = [span.start for span in self._kept]

    def sentences(self) -> list[Span]:
        """Return the sentences of the block."""
        found: list[Span] = []
        start, position = self._start, self._start
        word = self._word_from(start)
        for match in self._rules.ends.finditer(self._text, self._start, self._end):
            if match.start() < max(position, word):
                continue
            position = end = self._with_closers(match.end())
            if not self._inside(end) and self._is_end(start, match, end):
                found.append(trimmed(self._text, start, end))
                start = end
                word = self._word_from(start)
        rest = trimmed(self._text, start, self._end)
        if rest.start == rest.end:
            return found
        if found and word >= self._end:
            found[-1] = Span(found[-1].start, rest.end)
        else:
            found.append(rest)
        return found

    def _word_from(self, place: int) -> int:
        """Return the place of the first letter or digit; the end of the block when there is none."""
        match = _ALPHANUMERIC.search(self._text, place, self._end)
        return match.start() if match else self._end

    def _matched_pairs(self) -> dict[int, int]:
        """Return, for the place of each closing sign, the place of the sign that opens it."""
        opens = {pair[0]: pair for pair in self._rules.pairs}
        closers = {pair[1] for pair in self._rules.pairs}
        stack: list[tuple[str, int]] = []
        matched: dict[int, int] = {}
        for place in range(self._start, self._end):
            sign = self._text[place]
            if sign not in opens and sign not in closers:
                continue
            # ':)' and ':(' are faces; a second bracket behind one is a bracket again.
            if sign in "()" and place > self._start and self._text[place - 1] in ":;=" and self._is_face(place):
                continue
            depth = next((d for d in range(1, min(len(stack), 4) + 1) if stack[-d][0][1] == sign), 0)
            if depth:
                matched[place] = stack[-depth][1]
                del stack[-depth:]
            elif sign in opens:
                stack.extend((pair, place) for pair in self._rules.pairs if pair[0] == sign)
        return matched

    def _is_face(self, place: int) -> bool:
        return self._text[place] == ")" or place + 1 >= self._end or self._text[place + 1].isspace()

    def _protects(self, opened: int, closed: int) -> bool:
        return (
            closed - opened <= self._rules.protected_length
            and self._text[opened] + self._text[closed] in self._rules.protected
        )

    def _link(self, match: re.Match[str]) -> Span:
        end = match.end()
        while end > match.start() and self._text[end - 1] in ".,:;!?":
            end -= 1
        return Span(match.start(), end)

    def _inside(self, place: int) -> bool:
        index = bisect_right(self._kept_starts, place - 1) - 1
        return index >= 0 and place < self._kept[index].end

    def _with_closers(self, place: int) -> int:
        """Return the place behind the closing signs, further end signs, footnote marks and faces."""
        rules, text = self._rules, self._text
        while place < self._end:
            sign = text[place]
            if sign in rules.always + rules.stops or (sign in rules.closers and self._is_closing(place)):
                place += 1
            elif footnote := _FOOTNOTE.match(text, place, self._end):
                place = footnote.end()
            else:
                break
        face = _EMOTICON.match(text, place, self._end)
        return face.end() if face else place

    def _is_closing(self, place: int) -> bool:
        if place in self._closes or place + 1 >= self._end:
            return True
        return not self._text[place + 1].isalnum() and self._text[place] not in "([{"

    def _is_end(self, start: int, match: re.Match[str], end: int) -> bool:
        text, rules = self._text, self._rules
        following = _SPACE.match(text, end, self._end)
        after = following.end() if following else end
        if after >= self._end:
            return True
        if match.group().isalpha():
            return True
        glued = after == end
        closed = any(sign in rules.closers for sign in text[match.end() : end])
        if any(sign in rules.always for sign in text[match.start() : end]):
            return not self._goes_on(start, match, end, after, glued=glued, closed=closed)
        if closed and rules.reported.match(text, after, min(self._end, after + _LOOK)):
            return False
        if not rules.spaced and not _is_latin(text[after]):
            return self._is_stop_before_ideograph(start, match, after, glued=glued)
        return self._is_stop_before_word(start, match, after, glued=glued and not closed, closed=closed)

    def _goes_on(self, start: int, match: re.Match[str], end: int, after: int, *, glued: bool, closed: bool) -> bool:
        """Return whether the sentence goes on behind a sign that otherwise always ends one."""
        text, rules = self._text, self._rules
        word = _word_before(text, start, match.start())
        if word + match.group() in rules.final_abbreviations:
            return not self._starts(after)
        if text[after] in ",，、;；:：" or (rules.spaced and text[after].islower()):
            return True
        if not closed and match.group()[-1] not in "!?！？":
            return False
        if closed and not rules.spaced and glued:
            opened = self._closes.get(end - 1)
            sign = text[opened] if opened is not None else ""
            if sign in _TITLE_SIGNS or (sign in _BRACKETS and self._word_from(start) < (opened or 0)):
                return True
        if glued and text.startswith(rules.continuers, after):
            return True
        return closed and bool(rules.reported.match(text, after, min(self._end, after + _LOOK)))

    def _is_stop_before_ideograph(self, start: int, match: re.Match[str], after: int, *, glued: bool) -> bool:
        text = self._text
        if match.group()[0] not in ".．" or len(match.group()) > 1:
            return not glued
        if self._is_abbreviated(match, after) or _LIST_NUMBER.match(text, start, match.start()):
            return False
        before = text[match.start() - 1]
        if before.isdigit() and (text[after].isdigit() or glued):
            return False
        return not (glued and self._barred)

    def _is_stop_before_word(self, start: int, match: re.Match[str], after: int, *, glued: bool, closed: bool) -> bool:
        text, rules = self._text, self._rules
        first = after
        while first < self._end and not text[first].isalnum():
            if text[first] in ",;:)]" and first == after:
                return False
            if first - after > 8:
                return True
            first += 1
        if first >= self._end:
            return False
        letter = text[first]
        if _word_before(text, start, match.start()) + match.group() in rules.final_abbreviations:
            return self._starts(first)
        if letter.islower() and not self._is_brand(first):
            return match.group()[-1] in "!?" and not closed and not glued
        if set(match.group()) <= set("!?…") or len(match.group()) > 1:
            return not glued or letter.isupper()
        if self._is_abbreviated(match, first) or _LIST_NUMBER.match(text, start, match.start()):
            return False
        if not glued:
            return True
        # No space after the stop: an end between a word in small letters and a capitalised word, not inside a name.
        before = text[match.start() - 1]
        following = _WORD_AFTER.match(text, first, min(self._end, first + _LOOK))
        capitalised = following is not None and len(following.group()) > 1 and following.group()[1:].islower()
        lonely = "." not in text[match.end() : following.end() + 1].rstrip(".") if following else False
        word = _word_before(text, start, match.start())
        return letter.isupper() and capitalised and lonely and "." not in word and (before.islower() or len(word) > 3)

    def _is_abbreviated(self, match: re.Match[str], after: int) -> bool:
        """Return whether a single stop belongs to a shortened word, an initial or an ordinal number."""
        text, rules = self._text, self._rules
        word = _word_before(text, self._start, match.start())
        if not word:
            return False
        tail = word.rsplit("-", 1)[-1]
        if not {word, tail, word.lower()}.isdisjoint(rules.abbreviations):
            return True
        if text[after].isdigit() and not {word, tail}.isdisjoint(rules.number_abbreviations):
            return True
        if rules.ordinals and ((word.isdigit() and len(word) < 3) or _ROMAN.fullmatch(word)):
            return not self._starts(after)
        shortened = (
            not {word, tail}.isdisjoint(rules.final_abbreviations)
            or (_INITIALS.fullmatch(word) is not None and word.isascii() and not word.isdigit())
            or tail.endswith(rules.abbreviation_endings)
            or (_VOWELLESS.fullmatch(tail) is not None and not tail.isupper() and tail.isascii())
        )
        return shortened and not self._starts(after)

    def _starts(self, after: int) -> bool:
        word = _WORD_AFTER.search(self._text, after, min(self._end, after + _LOOK))
        return word is not None and word.group() in self._rules.starters

    def _is_brand(self, first: int) -> bool:
        """Return whether the word that begins here in lower case is written with a capital inside, as 'eBay' is."""
        word = _WORD_AFTER.match(self._text, first, min(self._end, first + 12))
        if word is None or _DOMAIN.match(self._text, first, min(self._end, first + _LOOK)):
            return False
        return any(letter.isupper() for letter in word.group()[1:4])


def _outermost(spans: list[Span]) -> list[Span]:
    """Return spans in order, those that overlap or touch within each other united."""
    united: list[Span] = []
    for span in sorted(spans):
        if united and span.start < united[-1].end:
            united[-1] = Span(united[-1].start, max(span.end, united[-1].end))
        else:
            united.append(span)
    return united


def _word_before(text: str, start: int, place: int) -> str:
    first, low = place, max(start, place - _LOOK)
    while first > low and (text[first - 1].isalnum() or text[first - 1] in "'’.&-"):
        first -= 1
    word = text[first:place].lstrip("'’.&-")
    # A Latin word written right behind Chinese or Japanese ones is a word of its own.
    return _UNSPACED.split(word)[-1] if word and _is_latin(word[-1]) else word


def _is_latin(letter: str) -> bool:
    return letter < "\u2e80"
