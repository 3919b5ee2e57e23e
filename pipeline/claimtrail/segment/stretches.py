"""Segmenting a text into stretches of one language, prose or boilerplate, with the text's own language as prior."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from claimtrail.data import languages as installed
from claimtrail.document import Document, State, Stretch, StretchKind
from claimtrail.segment.boilerplate import Boilerplate
from claimtrail.segment.identify import Identifier, amount, count_words, is_ideographic

_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
# A run without ideographs, from its first letter or opening quotation mark.
_LATIN_RUN = re.compile(
    r"[\"“‘'(]?[^\W\d_\u2e80-\ud7ff\uf900-\ufaff\uff66-\uffdc][^\u2e80-\ud7ff\uf900-\ufaff\uff01-\uffef]{30,}"
)
_IDEOGRAPH = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff]")
_CHUNK_END = re.compile(r"[.!?…][\"'”’»)\]]*\s+|[。！？][」』”’）)】\"]*\s*")
_ENDS_SENTENCE = re.compile(r"[.!?…。！？][\"'”’」』»)\]）]*\s*$")
_LONG_LATIN = 300
_LEAST_WORDS = 8
_LEAST_IDEOGRAPHS = 8
_SENTENCE_WORDS = 6
# Short headlines look like many languages at once: a foreign one must be this much likelier than all installed ones.
_FOREIGN_SURE = 0.95
_FOREIGN_SURE_SENTENCE = 0.5
_FOREIGN_CLEAR = 0.25
_FOREIGN_CLEAR_AGAINST_WORDS = 0.6
_SAMPLE = 2000


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a line, without surrounding white space; ``lang`` is ``""`` while it is open."""

    start: int
    end: int
    lang: str = ""
    reason: str = ""
    boilerplate: bool = False
    size: float = 0.0


class Segmenter:
    """Fills ``stretches`` and ``lang``, and sets the state of a text whose language is not installed."""

    name = "segment"
    requires = frozenset({"text"})
    provides = frozenset({"stretches", "lang"})

    def __init__(self, languages: Sequence[str] | None = None, *, forced: str = "") -> None:
        """Take the languages to tell apart (all installed ones if ``None``) or the one that all prose is in.

        Raises:
            ValueError: ``forced`` is not one of the languages.
            DataError: a language's data are missing or not as they must be.
        """
        self.languages = tuple(languages) if languages is not None else installed()
        if forced and forced not in self.languages:
            raise ValueError(f"{forced!r} is no installed language; installed are {', '.join(self.languages)}")
        self._forced = forced
        self._identifier = Identifier(self.languages)
        self._boilerplate = Boilerplate(self.languages)

    def process(self, documents: Sequence[Document]) -> list[Document]:
        """Return the documents with their stretches; those that could not be read are returned as they are."""
        return [self._segment(d) if d.state is State.PROCESSED else d for d in documents]

    def _segment(self, document: Document) -> Document:
        text = document.text
        pieces = [piece for line in _LINE.finditer(text) for piece in self._line(text, *_trimmed(text, *line.span()))]
        if self._forced:
            pieces = [replace(p, lang=self._forced, reason=p.reason if p.boilerplate else "forced") for p in pieces]
            return replace(document, lang=self._forced, stretches=_merged(pieces))
        prior, ground = self._prior(text, pieces)
        pieces = [self._decided(text, piece, prior, ground) for piece in pieces]
        sizes: defaultdict[str, float] = defaultdict(float)
        for piece in pieces:
            if not piece.boilerplate:
                sizes[piece.lang] += piece.size
        total = sum(sizes.values())
        if not total and not prior:
            return replace(document, state=State.EMPTY, reason="no words", stretches=_merged(pieces))
        known = {lang: size for lang, size in sizes.items() if self._identifier.is_installed(lang)}
        foreign = {lang: size for lang, size in sizes.items() if lang not in known}
        unsupported = sum(foreign.values()) > 0.5 * total or (not total and not self._identifier.is_installed(prior))
        stretches = _merged([self._marked(piece) for piece in pieces])
        if unsupported:
            lang = max(sorted(foreign), key=foreign.__getitem__) if foreign else prior
            name = self._identifier.name_of(lang)
            return replace(document, lang=lang, state=State.UNSUPPORTED_LANGUAGE, reason=name, stretches=stretches)
        lang = max(sorted(known), key=known.__getitem__) if any(known.values()) else prior
        return replace(document, lang=lang, stretches=stretches)

    def _marked(self, piece: _Piece) -> _Piece:
        if piece.boilerplate or self._identifier.is_installed(piece.lang) or not piece.lang:
            return piece
        return replace(piece, boilerplate=True, reason=f"language:{piece.lang}")

    def _line(self, text: str, start: int, end: int) -> Iterable[_Piece]:
        """Yield the pieces of a line; what cannot be decided from the line alone stays open."""
        if start == end:
            return
        found = self._boilerplate.find(text[start:end])
        prose_end = end
        if found:
            prose_end = _trimmed(text, start, start + found.start)[1]
        if start < prose_end:
            for piece in self._prose(text, start, prose_end):
                yield replace(piece, size=amount(text[piece.start : piece.end]))
        if found:
            yield _Piece(*_trimmed(text, start + found.start, start + found.end), reason=found.reason, boilerplate=True)

    def _prose(self, text: str, start: int, end: int) -> list[_Piece]:
        line = text[start:end]
        cuts = self._cuts(line)
        verdict = self._identifier.quick(line)
        whole = _Piece(start, end, verdict.lang, verdict.reason)
        if len(cuts) < 3:
            return [whole]
        chunks = []
        for first, last in pairwise(cuts):
            part = line[first:last]
            found = self._identifier.quick(part, verdict.lang)
            chunks.append((first, last, found.lang if _is_enough(part) else ""))
        runs = _runs(chunks, verdict.lang)
        if len({lang for _, _, lang in runs}) < 2:
            return [whole]
        pieces = []
        for first, last, lang in runs:
            a, b = _trimmed(text, start + first, start + last)
            if a < b:
                pieces.append(_Piece(a, b, lang, "mixed-line"))
        return pieces

    def _cuts(self, line: str) -> list[int]:
        """Return where the language of a line may change, its ends included; only those for a line of one language."""
        mixed = bool(_IDEOGRAPH.search(line))
        if not mixed and len(line) < _LONG_LATIN:
            return [0, len(line)]
        cuts = {0, len(line)}
        for run in _LATIN_RUN.finditer(line) if mixed else ():
            a, b = _trimmed(line, *run.span())
            part = line[a:b]
            is_sentence = b == len(line.rstrip()) or _ENDS_SENTENCE.search(part)
            if (
                is_sentence
                and count_words(part) >= _LEAST_WORDS
                and max(self._identifier.function_words(part).values(), default=0) >= 2
            ):
                cuts |= {a, b}
        if len(cuts) > 2 or not mixed or len(line) >= _LONG_LATIN // 3:
            cuts |= {match.end() for match in _CHUNK_END.finditer(line)}
        return sorted(cuts)

    def _prior(self, text: str, pieces: Sequence[_Piece]) -> tuple[str, str]:
        """Return the language of most of the decided prose; without any, the likeliest one of all prose together."""
        sizes: defaultdict[str, float] = defaultdict(float)
        open_size = 0.0
        for piece in pieces:
            if piece.lang:
                sizes[piece.lang] += piece.size
            elif not piece.boilerplate:
                open_size += piece.size
        if sizes and max(sizes.values()) >= 0.25 * open_size:
            return max(sorted(sizes), key=sizes.__getitem__), "prior"
        rest = [p for p in pieces if not p.lang and not p.boilerplate] or [p for p in pieces if not p.lang]
        sample = "\n".join(text[p.start : p.end] for p in rest)[:_SAMPLE]
        return self._likeliest(sample)

    def _likeliest(self, sample: str) -> tuple[str, str]:
        """Return the likeliest language of an open sample and its ground; an installed one in case of doubt."""
        verdict = self._identifier.careful(sample)
        if verdict.reason != "lingua" or not verdict.others:
            return verdict.lang, verdict.reason
        words = count_words(sample)
        # A whole sentence without the small words of an installed language is in none of them.
        small = max(self._identifier.function_words(sample).values(), default=0)
        strange = words >= _LEAST_WORDS and small <= 0.15 * words
        familiar = small >= 2 and small > 0.15 * words
        least = _FOREIGN_SURE_SENTENCE if strange else _FOREIGN_SURE
        # Where no foreign language stands out, the sample is too short or too odd for any verdict.
        clear = verdict.sure >= (_FOREIGN_CLEAR_AGAINST_WORDS if small else _FOREIGN_CLEAR)
        foreign = not self._identifier.is_installed(verdict.lang) and verdict.foreign >= least
        if foreign and clear and not familiar and words >= 3:
            return verdict.lang, "lingua"
        return self._identifier.best_installed(sample, verdict), "lingua"

    def _decided(self, text: str, piece: _Piece, prior: str, ground: str) -> _Piece:
        if piece.boilerplate:
            return replace(piece, lang=prior)
        line = text[piece.start : piece.end]
        if piece.lang:
            if piece.lang == prior or piece.reason == "mixed-line":
                return piece
            return piece if self._stands_alone(line, piece, prior) else replace(piece, lang=prior, reason="prior")
        if not piece.size or not prior:
            return replace(piece, lang=prior, reason=ground)
        quick = self._identifier.quick(line, prior)
        same_script = prior in quick.others or (not self._identifier.is_installed(prior) and not is_ideographic(line))
        if is_ideographic(line):
            if same_script:
                return replace(piece, lang=prior, reason=ground)
            lang = self._identifier.careful(line).lang
            # A Chinese name on a line of its own in a German text is no text of its own.
            short = piece.size < 2.5 * _LEAST_IDEOGRAPHS
            return replace(piece, lang=prior if short else lang, reason=ground if short else "script")
        if not quick.others:
            # A script that no installed language writes.
            verdict = self._identifier.careful(line)
            short = count_words(line) < 3 and self._identifier.is_installed(prior)
            return replace(piece, lang=prior if short else verdict.lang, reason=ground if short else verdict.reason)
        if count_words(line) < _SENTENCE_WORDS:
            return replace(piece, lang=prior, reason=ground)
        lang, reason = self._likeliest(line)
        if lang == prior or not lang:
            return replace(piece, lang=prior, reason=ground)
        words = count_words(line)
        # A line of names says little about its language; a sentence of another language has its small words.
        if not self._identifier.is_installed(lang):
            sure = self._identifier.careful(line).foreign >= 0.99 and words >= _LEAST_WORDS
        else:
            sure = words >= _LEAST_WORDS and (not same_script or _ENDS_SENTENCE.search(line) is not None)
        return replace(piece, lang=lang, reason=reason) if sure else replace(piece, lang=prior, reason=ground)

    def _stands_alone(self, line: str, piece: _Piece, prior: str) -> bool:
        """Tell whether a line of another language than the text's is one, rather than a name or a heading."""
        if is_ideographic(line):
            return self._identifier.quick(line, prior).lang == piece.lang and piece.size >= 10
        return count_words(line) >= _SENTENCE_WORDS or (count_words(line) >= 4 and bool(_ENDS_SENTENCE.search(line)))


def _is_enough(part: str) -> bool:
    if is_ideographic(part):
        return len(_IDEOGRAPH.findall(part)) >= _LEAST_IDEOGRAPHS
    return count_words(part) >= _LEAST_WORDS


def _runs(chunks: Sequence[tuple[int, int, str]], fallback: str) -> list[tuple[int, int, str]]:
    """Join neighbouring chunks of one language; an open chunk goes with what stands before it."""
    first_known = next((lang for _, _, lang in chunks if lang), fallback)
    runs: list[tuple[int, int, str]] = []
    for start, end, found in chunks:
        lang = found or (runs[-1][2] if runs else first_known)
        if runs and runs[-1][2] == lang:
            runs[-1] = (runs[-1][0], end, lang)
        else:
            runs.append((start, end, lang))
    return runs


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the bounds without surrounding white space; both are ``start`` where there is nothing else."""
    part = text[start:end]
    stripped = part.strip()
    if not stripped:
        return start, start
    first = start + len(part) - len(part.lstrip())
    return first, first + len(stripped)


def _merged(pieces: Sequence[_Piece]) -> tuple[Stretch, ...]:
    """Join neighbouring prose of one language, and neighbouring boilerplate of one kind, over line ends."""
    runs: list[list[_Piece]] = []
    for piece in pieces:
        last = runs[-1][-1] if runs else None
        alike = last is not None and last.lang == piece.lang and last.boilerplate == piece.boilerplate
        if last is not None and alike and (not piece.boilerplate or last.reason == piece.reason):
            runs[-1].append(piece)
        else:
            runs.append([piece])
    stretches = []
    for run in runs:
        reasons: Counter[str] = Counter()
        for piece in run:
            reasons[piece.reason] += piece.end - piece.start
        kind = StretchKind.BOILERPLATE if run[0].boilerplate else StretchKind.PROSE
        reason = max(sorted(reasons), key=reasons.__getitem__)
        stretches.append(Stretch(run[0].start, run[-1].end, run[0].lang, kind, reason))
    return tuple(stretches)
