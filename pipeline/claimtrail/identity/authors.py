"""Who wrote a letter that names no author: another text quotes it, or quotes somebody who made the same moves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from claimtrail.evidence import Evidence
from claimtrail.identity.profiles import Place

# How many runs of words must be shared, and which share of the quotation.
_LEAST_SHARED = 8
_LEAST_SHARE = 0.3
# Two translations of one letter share less, but no two letters share this much.
_MANY_SHARED = 25
_SMALL_SHARE = 0.08
_LEAST_MOVES = 2
_TELLING_MOVES = 3
# Runs of words of a quotation that would share some with its letter.
_LONG = 20

Moves = frozenset[tuple[str, Place]]


@dataclass(frozen=True, slots=True)
class Found:
    """The person behind an unnamed author: their place in the other text, how sure, and why."""

    author: Place
    speaker: Place
    confidence: float
    reason: str


def quoted_letters(texts: Iterable[Evidence], authors: Mapping[str, Place]) -> list[Found]:
    """Find quotations that share most of their wording with a letter by an unnamed author.

    ``authors`` gives the author's place by text id. Speakers need not have a claim of their own.
    """
    texts = list(texts)
    letters: dict[int, set[str]] = defaultdict(set)
    for text in texts:
        if text.doc in authors and text.letter is not None:
            for shingle in text.letter.wording:
                letters[shingle].add(text.doc)
    found = []
    for text in texts:
        for speaker, speech in text.quotes.items():
            shared: dict[str, int] = defaultdict(int)
            for shingle in speech.wording:
                for doc in letters.get(shingle, ()):
                    shared[doc] += 1
            spoken = len(speech.wording)
            for doc, count in shared.items():
                if doc != text.doc and _much(count, spoken):
                    share = round(100 * count / spoken)
                    reason = f"{text.doc} quotes the letter in {doc}: {share}% of the quotation is its wording"
                    place = Place(text.doc, speaker)
                    found.append(Found(authors[doc], place, min(0.99, 0.7 + count / spoken / 3), reason))
    return sorted(found, key=_surest)


def _much(shared: int, spoken: int) -> bool:
    return (shared >= _LEAST_SHARED and shared >= _LEAST_SHARE * spoken) or (
        shared >= _MANY_SHARED and shared >= _SMALL_SHARE * spoken
    )


def _surest(found: Found) -> tuple[float, Place, Place]:
    return (-found.confidence, found.author, found.speaker)


def same_moves(
    authors: Mapping[Place, Moves],
    quoted: Mapping[Place, Moves],
    told: Mapping[Place, Moves],
    person: Mapping[Place, Place],
) -> list[Found]:
    """Find the one person who, in other texts, made the moves that an unnamed author makes in the first person.

    ``quoted`` are the moves people state of themselves in quotations, ``told`` those the text tells of them, both by
    place; ``person`` maps a place to the person it stands for. At least two moves at two organisations must agree,
    three in all or one that nobody else makes; who shares the most is meant. Quoted moves come first; told ones count
    only for somebody who leaves and joins.
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
            shared = {move for moves in fitting.values() for move in moves}
            # Moves that several people make point at none of them, though only one may have made all of those told.
            own = most >= _TELLING_MOVES or any(len({person[p] for p in by_move[move]}) == 1 for move in shared)
            if len(people) == 1 and own:
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


def speaks_otherwise(letter: Evidence, text: Evidence, speaker: str) -> bool:
    """Say whether what a text quotes of a speaker shows that it is not from the letter.

    In one language, a quotation of some length shares some wording with its letter. In any two, it has no number and
    no organisation of its own.
    """
    speech = text.quotes.get(speaker)
    if speech is None or letter.letter is None:
        return False
    if text.lang == letter.lang and len(speech.wording) >= _LONG:
        return not set(speech.wording) & set(letter.letter.wording)
    own = {mark for mark in speech.marks if len(mark) > 1} - set(letter.letter.marks)
    return len(own) > len(speech.marks) / 2
