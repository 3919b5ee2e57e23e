"""Who wrote a letter that names no author: another text quotes it, or quotes somebody who made the same moves."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from claimtrail.document import Document
from claimtrail.identity.profiles import Place

# Words (spaced scripts) or characters of a shingle, how many must be shared, and which share of the quotation.
_WORDS = 4
_CHARACTERS = 8
_LEAST_SHARED = 8
_LEAST_SHARE = 0.3
# Two translations of one letter share less, but no two letters share this much.
_MANY_SHARED = 25
_SMALL_SHARE = 0.08
_LEAST_MOVES = 2

Moves = frozenset[tuple[str, Place]]


@dataclass(frozen=True, slots=True)
class Found:
    """The person behind an unnamed author: their place in the other text, how sure, and why."""

    author: Place
    speaker: Place
    confidence: float
    reason: str


def shingles(text: str) -> frozenset[str]:
    """Return the runs of words, or of characters in scripts without spaces, that tell a text from others."""
    found: set[str] = set()
    for run in re.findall(r"[^\W\d_\u3040-\u9fff]+(?:[\s'’,-]+[^\W\d_\u3040-\u9fff]+)*", text.casefold()):
        words = re.findall(r"[^\W\d_]+", run)
        found.update(" ".join(words[i : i + _WORDS]) for i in range(len(words) - _WORDS + 1))
    plain = re.sub(r"[^\u3040-\u30ff\u3400-\u9fff]+", "", text)
    found.update(plain[i : i + _CHARACTERS] for i in range(len(plain) - _CHARACTERS + 1))
    return frozenset(found)


def quoted_letters(documents: Sequence[Document], authors: Mapping[str, Place]) -> list[Found]:
    """Find quotations that share most of their wording with a letter by an unnamed author.

    ``authors`` gives the author's place by text id. Speakers need not have a claim of their own.
    """
    if not authors:
        return []
    letters: dict[str, set[str]] = defaultdict(set)
    for document in documents:
        if document.doc_id in authors:
            for shingle in shingles(document.text):
                letters[shingle].add(document.doc_id)
    found = []
    for document in documents:
        for speaker, text in _spoken(document):
            mine = shingles(text)
            shared: dict[str, int] = defaultdict(int)
            for shingle in mine:
                for doc in letters.get(shingle, ()):
                    shared[doc] += 1
            for doc, count in shared.items():
                place = Place(document.doc_id, speaker)
                if doc != document.doc_id and _much(count, len(mine)):
                    share = round(100 * count / len(mine))
                    reason = f"{document.doc_id} quotes the letter in {doc}: {share}% of the quotation is its wording"
                    found.append(Found(authors[doc], place, min(0.99, 0.7 + count / len(mine) / 3), reason))
    return sorted(found, key=_surest)


def _much(shared: int, spoken: int) -> bool:
    return (shared >= _LEAST_SHARED and shared >= _LEAST_SHARE * spoken) or (
        shared >= _MANY_SHARED and shared >= _SMALL_SHARE * spoken
    )


def _surest(found: Found) -> tuple[float, Place, Place]:
    return (-found.confidence, found.author, found.speaker)


def _spoken(document: Document) -> Iterator[tuple[str, str]]:
    """Yield each speaker of a text with everything quoted of them."""
    spoken: dict[str, list[str]] = defaultdict(list)
    for quotation in document.facts.quotations:
        if quotation.speaker:
            spoken[quotation.speaker].append(document.text[quotation.start : quotation.end])
    for speaker in sorted(spoken):
        yield speaker, "\n".join(spoken[speaker])


def same_moves(
    authors: Mapping[Place, Moves],
    quoted: Mapping[Place, Moves],
    told: Mapping[Place, Moves],
    person: Mapping[Place, Place],
) -> list[Found]:
    """Find the one person who, in other texts, made the moves that an unnamed author makes in the first person.

    ``quoted`` are the moves people state of themselves in quotations, ``told`` those the text tells of them, both by
    place; ``person`` maps a place to the person it stands for. At least two moves at two organisations must agree;
    who shares the most is meant. Quoted moves come first; told ones count only for somebody who leaves and joins.
    """
    by_move: dict[tuple[str, Place], set[Place]] = defaultdict(set)
    for source in (quoted, told):
        for place, moves in source.items():
            for move in moves:
                by_move[move].add(place)
    found = []
    for author in sorted(authors):
        wanted = authors[author]
        candidates = {p for move in wanted for p in by_move.get(move, ()) if p.doc != author.doc}
        evidence = ((quoted, 0.85, "tells in the first person"), (told, 0.7, "is said to have made"))
        for source, confidence, how in evidence:
            fitting = {p: source[p] & wanted for p in candidates if p in source}
            fitting = {p: moves for p, moves in fitting.items() if _enough(moves, need_both=source is told)}
            most = max((len(moves) for moves in fitting.values()), default=0)
            fitting = {p: moves for p, moves in fitting.items() if len(moves) == most}
            people = {person[p] for p in fitting}
            if len(people) == 1:
                best = min(fitting)
                relations = ", ".join(sorted({relation for relation, _ in fitting[best]}))
                reason = (
                    f"in {best.doc} only one person {how} the same {len(fitting[best])} moves ({relations}) "
                    f"as the author of {author.doc}"
                )
                found.append(Found(author, best, confidence, reason))
                break
            if people:
                break
    return found


def _enough(moves: Moves, *, need_both: bool) -> bool:
    if len(moves) < _LEAST_MOVES or len({org for _, org in moves}) < _LEAST_MOVES:
        return False
    return not need_both or {"LEAVES", "JOINS"} <= {relation for relation, _ in moves}
