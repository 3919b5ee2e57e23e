"""What is shown of a text for a mention: its sentence with the spans told apart, and the sentences around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from claimtrail.records import MentionRecord
from claimtrail.segment.sentences import rules_for, split

# A piece of a passage is a string, or, where spans cover it, a letter for each of them with the string.
Piece = str | list[str]
Passage = dict[str, Any]

LETTERS = {
    "trigger": "t",
    "person": "p",
    "org": "o",
    "role_from": "f",
    "role_to": "r",
    "when": "d",
    "attributed_to": "a",
}

ENOUGH = 150
"""Characters on either side that are enough around a sentence, for a reader who has only these."""

_WINDOW = 900
"""Characters looked at on either side for them."""

_SPACE = re.compile(r"\s+")
_LAST_SPACE = re.compile(r"\s+(?=\S*\Z)")

_NEAR = 60
"""Characters shown around a span that stands elsewhere in the text."""


def passage(mention: MentionRecord, text: str | None, *, enough: int = ENOUGH) -> Passage:
    """Return the passage of a mention, as pieces: ``before`` and ``after`` its sentence, and the ``sentence`` itself.

    On either side stand whole sentences up to the one that reaches ``enough`` characters.

    ``elsewhere`` has a passage for each span outside of all three, under its letter. Without the text of the document,
    or with another one, there is the sentence alone, and of spans elsewhere what they cover. An ellipsis says that the
    text goes on.
    """
    spans = [
        (letter, span.start, span.end, span.text)
        for name, letter in LETTERS.items()
        if (span := getattr(mention, name)) is not None and span.start is not None
    ]
    start, end = mention.sentence.start, mention.sentence.end
    if text is None or text[start:end] != mention.sentence.text:
        elsewhere = [[letter, [[letter, covered]]] for letter, s, e, covered in spans if s < start or e > end]
        inside = list(_pieces(mention.sentence.text, start, start, end, spans))
        return _without_empty({"sentence": inside, "elsewhere": elsewhere})
    first = _start_of_context(text, start, mention.lang, enough)
    last = _end_of_context(text, end, mention.lang, enough)
    return _without_empty(
        {
            "before": [*(["… "] if text[:first].strip() else []), *_pieces(text, 0, first, start, spans)],
            "sentence": list(_pieces(text, 0, start, end, spans)),
            "after": [*_pieces(text, 0, end, last, spans), *([" …"] if text[last:].strip() else [])],
            "elsewhere": [
                [letter, list(_excerpt(text, letter, s, e))] for letter, s, e, _ in spans if s < first or e > last
            ],
        }
    )


def _start_of_context(text: str, start: int, lang: str, enough: int) -> int:
    window = max(0, start - _WINDOW)
    rules = rules_for(lang)
    spans = split(text, window, start, rules) if rules is not None else []
    # The first of the window may begin within a sentence.
    whole = spans[1:] if window and len(spans) > 1 else spans
    far = [span.start for span in whole if start - span.start >= enough]
    return far[-1] if far else min((span.start for span in whole), default=start)


def _end_of_context(text: str, end: int, lang: str, enough: int) -> int:
    window = min(len(text), end + _WINDOW)
    rules = rules_for(lang)
    spans = split(text, end, window, rules) if rules is not None else []
    whole = spans[:-1] if window < len(text) and len(spans) > 1 else spans
    far = [span.end for span in whole if span.end - end >= enough]
    return far[0] if far else max((span.end for span in whole), default=end)


def _excerpt(text: str, letter: str, start: int, end: int) -> Iterator[Piece]:
    first, last = max(0, start - _NEAR), min(len(text), end + _NEAR)
    # Where words stand apart, none is cut.
    if first and (space := _SPACE.search(text, first, start)):
        first = space.end()
    if last < len(text) and (space := _LAST_SPACE.search(text, end, last)):
        last = space.start()
    yield ("… " if first else "") + _writable(text[first:start])
    yield [letter, _writable(text[start:end])]
    yield _writable(text[end:last]) + (" …" if last < len(text) else "")


def _pieces(text: str, base: int, start: int, end: int, spans: list[tuple[str, int, int, str]]) -> Iterator[Piece]:
    """Yield ``start`` to ``end`` of a document, cut where spans begin and end; ``text`` begins at its ``base``."""
    inside = [(letter, max(s, start), min(e, end)) for letter, s, e, _ in spans if s < end and start < e]
    cuts = sorted({start, end} | {place for _, s, e in inside for place in (s, e)})
    for here, there in pairwise(cuts):
        covered = _writable(text[here - base : there - base])
        letters = "".join(letter for letter, s, e in inside if s <= here and there <= e)
        yield [letters, covered] if letters else covered


def _writable(text: str) -> str:
    """Return a text without the halves of characters that some files hold and UTF-8 cannot write."""
    return text.encode("utf-8", "replace").decode()


def _without_empty(parts: Passage) -> Passage:
    return {name: part for name, part in parts.items() if part}
