"""Finding whole post titles in a text by a small grammar kept as data."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

from claimtrail.data import DataError, find, languages, read_as
from claimtrail.document import Span

_WORD = re.compile(r"[^\W_]+(?:(?:[-‐‑–.&]|['’](?!s\b))[^\W_]+)*")
_ORDINAL_DOT = re.compile(r"\d{1,2}\.(?=\s|$)")
_HYPHENS = re.compile("[-‐‑–]")
_SPACE = re.compile(r"[ \t\u00a0]*\n?[ \t\u00a0]*")
_MAX_FREE = 16  # characters of an unknown field before a head in a script without spaces
_MAX_SEEN = 50_000  # words whose class is kept
_MAX_READ = 1024  # sentences whose items are kept

_PLAIN = ("", "plain")  # the class of a word that begins nothing in the lists
HEAD, GUARDED, STRICT, LINKED = "head", "guarded", "strict", "linked"
MODIFIER, FIELD, DECOY = "modifier", "field", "decoy"
_BEFORE_HEAD = frozenset({MODIFIER, FIELD})
_HEADS = frozenset({HEAD, GUARDED, STRICT, LINKED})


@dataclass(frozen=True, slots=True)
class Complement:
    """What may follow certain heads: 'head of research', 'Leiter der Abteilung Einkauf'.

    ``heads`` are the heads (as listed under ``heads``) that take it; ``links`` the words between, an empty string
    for none; ``determiners`` may stand after the link; ``phrases`` are whole complements; with ``fields`` a run of
    field words is taken; with ``open`` one unknown noun is taken after a link.
    """

    heads: tuple[str, ...]
    links: tuple[str, ...]
    determiners: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    fields: bool = True
    open: bool = False


@dataclass(frozen=True, slots=True)
class TitleData:
    """The file ``titles.yaml`` of a language; the comments of the files say what each list is for."""

    script: str
    heads: tuple[str, ...]
    guarded_heads: tuple[str, ...] = ()
    guards: tuple[str, ...] = ()
    strict_heads: tuple[str, ...] = ()
    strict_guards: tuple[str, ...] = ()
    never_after: tuple[str, ...] = ()
    plural_guards: tuple[str, ...] = ()
    linked_heads: tuple[str, ...] = ()
    link: str = ""
    plural_endings: tuple[str, ...] = ()
    compound_heads: tuple[str, ...] = ()
    capitalised: bool = False
    modifiers: tuple[str, ...] = ()
    modifier_endings: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    field_endings: tuple[str, ...] = ()
    field_joiners: tuple[str, ...] = ()
    decoys: tuple[str, ...] = ()
    joiners: tuple[str, ...] = ()
    complements: tuple[Complement, ...] = ()
    frames: tuple[str, ...] = ()
    stops: str = ""
    left_out: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Item:
    """A piece of text with its class; ``base`` is the head as listed."""

    start: int
    end: int
    kind: str
    base: str = ""
    plural: bool = False
    either: bool = False  # listed as a head and as a modifier: a modifier where it leads to another head


@dataclass(slots=True)
class _Lexicon:
    """Phrases by their first word or character: the rest, the class and the head as listed."""

    lang: str
    data: TitleData
    phrases: dict[str, list[tuple[tuple[str, ...], str, str, bool]]] = field(default_factory=dict)
    exact: dict[str, tuple[str, str, bool]] = field(default_factory=dict)
    compounds: dict[str, str] = field(default_factory=dict)
    complements: dict[str, list[Complement]] = field(default_factory=dict)
    either: frozenset[str] = frozenset()
    guarded: frozenset[str] = frozenset()
    seen: dict[str, tuple[str, str]] = field(default_factory=dict)
    frames: re.Pattern[str] | None = None
    frame_starts: frozenset[str] = frozenset()


def find_titles(text: str, lang: str, start: int, end: int, *, barriers: Sequence[Span] = ()) -> list[Span]:
    """Return the posts written in ``text[start:end]``, whole, in order, without overlap.

    ``barriers`` are spans (names of persons, organisations and places) that no title reaches into; in a script
    without spaces, what stands between a barrier and a title's head belongs to the title. Languages without a
    title grammar yield nothing.
    """
    lexicon = _lexicon(lang)
    if lexicon is None:
        return []
    walls = _Walls(barriers, start, end)
    if lexicon.data.script == "words":
        return _in_words(text, lexicon, start, end, walls)
    return _in_characters(text, lexicon, start, end, walls)


class _Walls:
    """The barriers, sorted, for quick questions about overlap."""

    def __init__(self, barriers: Sequence[Span], start: int, end: int) -> None:
        spans = sorted((b.start, b.end) for b in barriers if b.start < end and start < b.end)
        self._starts = [s for s, _ in spans]
        self._ends = [e for _, e in spans]

    def crossed(self, start: int, end: int) -> bool:
        """Tell whether a barrier overlaps the stretch."""
        at = bisect_left(self._starts, end)
        return at > 0 and self._ends[at - 1] > start

    def end_before(self, position: int) -> int:
        """Return the end of the last barrier that ends at or before a position, or -1."""
        at = bisect_right(self._ends, position)
        return self._ends[at - 1] if at else -1


# --- scripts with spaces -------------------------------------------------------------------------------------------


def _in_words(text: str, lexicon: _Lexicon, start: int, end: int, walls: _Walls) -> list[Span]:
    data = lexicon.data
    words, items, firsts = _read(text, lexicon.lang, start, end)
    if not words:
        return []
    if any(item is not None and walls.crossed(item.start, item.end) for item in items):
        read, firsts = _items(text, lexicon, words, walls)
        items = _settled(text, data, read)
    found: list[Span] = []
    index = 0
    while index < len(items):
        item = items[index]
        if item is None or item.kind not in _HEADS:
            index += 1
            continue
        left = _left_edge(text, data, items, index, found[-1].end if found else start)
        right, last_word, complemented = _right_edge(text, lexicon, words, firsts[index], head=item, walls=walls)
        begin = items[left]
        assert begin is not None
        previous = words[firsts[left] - 1] if firsts[left] else None
        bare = (item.kind in (GUARDED, STRICT) or item.plural) and left == index and not complemented
        bare = bare or (item.kind == GUARDED and item.plural and not complemented)
        near = previous is not None and len(text[previous.end : begin.start]) <= 2
        before = text[previous.start : previous.end].casefold() if previous is not None and near else ""
        if bare and not _guarded(text, data, Span(begin.start, right), item, before, walls):
            index += 1
            continue
        title = Span(begin.start, right)
        if found and not item.plural and _joined(text, data, found[-1], title):
            found[-1] = Span(found[-1].start, title.end)
        else:
            found.append(title)
        while index < len(items) and firsts[index] <= last_word:
            index += 1
    return found


@lru_cache(maxsize=_MAX_READ)
def _read(text: str, lang: str, start: int, end: int) -> tuple[list[Span], list[_Item | None], list[int]]:
    """Return the words of a sentence and its items as if there were no names: a sentence is asked more than once.

    A sentence that holds no head, and no phrase that could hide one, has no words.
    """
    lexicon = _lexicon(lang)
    assert lexicon is not None
    words = [Span(m.start(), m.end()) for m in _words(text, start, end)]
    items, firsts = _items(text, lexicon, words, None)
    if len(items) == len(words) and all(item is None or item.kind in _BEFORE_HEAD for item in items):
        return [], [], []
    return words, _settled(text, lexicon.data, items), firsts


def _items(
    text: str, lexicon: _Lexicon, words: list[Span], walls: _Walls | None
) -> tuple[list[_Item | None], list[int]]:
    """Return the items of the words, None for a word of no class, and the index of the first word of each."""
    items: list[_Item | None] = []
    firsts: list[int] = []
    at = 0
    while at < len(words):
        item, used = _classify(text, lexicon, words, at)
        if item is not None and walls is not None and walls.crossed(item.start, item.end):
            item, used = None, 1
        items.append(item)
        firsts.append(at)
        at += used
    return items, firsts


def _guarded(text: str, data: TitleData, title: Span, head: _Item, before: str, walls: _Walls) -> bool:
    """Tell whether what stands around a bare head or plural shows that it is a post; ``before`` is the last word."""
    guards = data.strict_guards if head.kind == STRICT else data.guards
    if before in (data.plural_guards if head.plural else guards):
        return True
    if any(g[0] == "~" and text.startswith(f" {g[1:]} ", title.end) for g in guards):
        return True
    wall = walls.end_before(title.start)
    if before in data.never_after:
        return False
    return (wall >= 0 and title.start - wall <= 3) or _name_follows(text, data, walls, title.end)


def _settled(text: str, data: TitleData, items: list[_Item | None]) -> list[_Item | None]:
    """Turn heads that lead to another head into modifiers: 'executive' in 'executive director'."""
    settled = list(items)
    leads = joint = False  # whether the item behind is a head or leads to one; whether only 'and' stands between
    for index in range(len(items) - 1, -1, -1):
        item, following = items[index], items[index + 1] if index + 1 < len(items) else None
        if item is None:
            leads = joint = leads and _between_fields(text, data, items, index)
            continue
        near = joint or (following is not None and _adjacent(text, item.end, following.start))
        joint = False
        if item.either and near and leads:
            settled[index] = _Item(item.start, item.end, MODIFIER)
        now = settled[index]
        leads = now is not None and (now.kind in _HEADS or (now.kind in _BEFORE_HEAD and near and leads))
    return settled


def _between_fields(text: str, data: TitleData, items: list[_Item | None], at: int) -> bool:
    """Tell whether the word at ``at`` joins two fields."""
    before, after = items[at - 1] if at else None, items[at + 1] if at + 1 < len(items) else None
    if before is None or after is None or before.kind != FIELD or after.kind not in _BEFORE_HEAD:
        return False
    return text[before.end : after.start].strip() in data.field_joiners


def _name_follows(text: str, data: TitleData, walls: _Walls, end: int) -> bool:
    """Tell whether a name stands directly after a post."""
    if end + 1 >= len(text) or not text[end].isspace():
        return False
    return walls.crossed(end, end + 2) or (not data.capitalised and text[end + 1].isupper())


def _words(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    at = start
    while match := _WORD.search(text, at, end):
        ordinal = _ORDINAL_DOT.match(text, match.start(), end) if text[match.start()].isdigit() else None
        yield ordinal or match
        at = (ordinal or match).end()


def _classify(text: str, lexicon: _Lexicon, words: list[Span], at: int) -> tuple[_Item | None, int]:
    """Return the item that begins at a word, and how many words it takes."""
    first = words[at]
    word = text[first.start : first.end]
    if lexicon.seen.get(word) == _PLAIN:
        return None, 1
    folded = _fold(word)
    for rest, kind, base, plural in lexicon.phrases.get(folded, ()):
        if at + len(rest) >= len(words) or not all(
            _fold(text[words[at + n].start : words[at + n].end]) == part
            and _adjacent(text, words[at + n - 1].end, words[at + n].start)
            for n, part in enumerate(rest, 1)
        ):
            continue
        if kind in _HEADS and lexicon.data.capitalised and not word[0].isupper() and not rest:
            continue
        either = not rest and kind in _HEADS and folded in lexicon.either
        return _Item(first.start, words[at + len(rest)].end, kind, base, plural, either), 1 + len(rest)
    if word in lexicon.exact:
        kind, base, plural = lexicon.exact[word]
        return _Item(first.start, first.end, kind, base, plural), 1
    if _HYPHENS.search(word):
        return _hyphenated(word, first, lexicon), 1
    kind, base = _single(word, lexicon)
    if not kind and folded not in lexicon.phrases:
        lexicon.seen[word] = _PLAIN
    return (_Item(first.start, first.end, kind, base) if kind else None), 1


def _single(word: str, lexicon: _Lexicon) -> tuple[str, str]:
    """Return the class of a single word and the head it ends in, by the lists or by its ending."""
    known = lexicon.seen.get(word)
    if known is None:
        if len(lexicon.seen) >= _MAX_SEEN:
            lexicon.seen.clear()
        known = lexicon.seen[word] = _looked_up(word, lexicon)
    return known


def _looked_up(word: str, lexicon: _Lexicon) -> tuple[str, str]:
    data, folded = lexicon.data, _fold(word)
    if word in lexicon.exact:
        return lexicon.exact[word][:2]
    for rest, kind, base, _ in lexicon.phrases.get(folded, ()):
        if not rest and not (kind in _HEADS and data.capitalised and not word[0].isupper()):
            return kind, base
    if lexicon.compounds and (not data.capitalised or word[0].isupper()):
        for cut in range(2, len(folded) - 3):
            if folded[cut:] in lexicon.compounds:
                base = lexicon.compounds[folded[cut:]]
                return GUARDED if base in lexicon.guarded else HEAD, base
    for ending in data.field_endings:
        if len(folded) > len(ending) + 2 and folded.endswith(ending):
            return FIELD, ""
    return "", ""


def _hyphenated(word: str, place: Span, lexicon: _Lexicon) -> _Item | None:
    """Classify a word with hyphens by its last part; unknown parts before it are not of the title."""
    parts = _HYPHENS.split(word)
    kind, base = _single(parts[-1], lexicon)
    if lexicon.data.capitalised and not kind and parts[-1][:1].islower():
        kind, base = _single(parts[-1].capitalize(), lexicon)
    if not kind:
        return None
    begin = place.end
    for number in range(len(parts) - 1, -1, -1):
        if number < len(parts) - 1 and not _single(parts[number], lexicon)[0]:
            break
        begin -= len(parts[number]) + (1 if number < len(parts) - 1 else 0)
    if begin > place.start and (
        kind not in _HEADS or not (lexicon.data.capitalised or _fold(parts[0]) in lexicon.data.guards)
    ):
        return None
    return _Item(begin, place.end, HEAD if kind in (GUARDED, STRICT) else kind, base)


def _left_edge(text: str, data: TitleData, items: list[_Item | None], index: int, floor: int) -> int:
    """Return the index of the first item of the title whose head is at ``index``."""
    left = index
    while left > 0:
        here, before = items[left], items[left - 1]
        assert here is not None
        if before is None and _joined_fields(text, data, items, left):
            left -= 3
            continue
        if before is None or before.kind not in _BEFORE_HEAD or before.start < floor:
            break
        if before.kind == FIELD and not data.capitalised and _of_a_name(text, before, items[index]):
            break
        between = text[before.end : here.start]
        if not _adjacent_text(between) and not (
            before.kind == FIELD and here.kind == FIELD and between.strip() in data.field_joiners
        ):
            break
        left -= 1
    return left


def _joined_fields(text: str, data: TitleData, items: list[_Item | None], at: int) -> bool:
    """Tell whether a rank and a field lead to the field at ``at``: 'chief technology and' before 'product officer'."""
    if at < 3:
        return False
    rank, joined = items[at - 3], items[at - 2]
    if rank is None or joined is None or rank.kind != MODIFIER or not _adjacent(text, rank.end, joined.start):
        return False
    return _between_fields(text, data, items, at - 1)


def _of_a_name(text: str, item: _Item, head: _Item | None) -> bool:
    """Tell whether a field word belongs to a name: written large beside a head written small."""
    word = text[item.start : item.end].split(maxsplit=1)[0]
    return head is not None and text[head.start].islower() and word[0].isupper() and not word.isupper()


def _right_edge(
    text: str, lexicon: _Lexicon, words: list[Span], first: int, *, head: _Item, walls: _Walls
) -> tuple[int, int, bool]:
    """Return where a title ends, the index of its last word, and whether a complement was taken."""
    after = first
    while after < len(words) and words[after].start < head.end:
        after += 1
    longest = -1
    for complement in lexicon.complements.get(head.base, ()):
        for link in complement.links:
            taken = _complement(text, lexicon, words, after, complement=complement, link=link, head=head)
            if taken is not None and not walls.crossed(head.end, words[taken].end):
                whole = replace(head, end=words[taken].end)
                if link and link != "for":  # head of sales for the south
                    more = _complement(text, lexicon, words, taken + 1, complement=complement, link="for", head=whole)
                    if more is not None and not walls.crossed(whole.end, words[more].end):
                        taken = more
                longest = max(longest, taken)
    return (words[longest].end, longest, True) if longest >= 0 else (head.end, after - 1, False)


def _complement(
    text: str, lexicon: _Lexicon, words: list[Span], at: int, *, complement: Complement, link: str, head: _Item
) -> int | None:
    """Return the index of the last word of a complement that begins at word ``at``, or None."""
    linked, end = link.split(), head.end
    if not _follows(text, words, at, linked, end):
        return None
    at += len(linked)
    for phrase in complement.phrases:
        parts = phrase.split()
        if _follows(text, words, at, parts, words[at - 1].end if linked else end):
            return at + len(parts) - 1
    edge = words[at - 1].end if linked else end
    determined = any(_follows(text, words, at, [d], edge) for d in complement.determiners)
    if determined:
        edge, at = words[at].end, at + 1
    if not complement.fields:
        return None
    may_be_unknown = complement.open and bool(linked) and not determined
    last = _fields(text, lexicon, words, at, head=head, edge=edge, may_be_unknown=may_be_unknown)
    if last is not None and not lexicon.data.capitalised and _name_goes_on(text, words, last):
        return None
    return last


def _fields(
    text: str, lexicon: _Lexicon, words: list[Span], at: int, *, head: _Item, edge: int, may_be_unknown: bool
) -> int | None:
    """Return the index of the last of a run of field words from ``at`` on, the first of which may be unknown."""
    data = lexicon.data
    last: int | None = None
    while at < len(words) and _adjacent_text(text[edge : words[at].start]):
        item, used = _classify(text, lexicon, words, at)
        if item is not None and item.kind in _BEFORE_HEAD and (data.capitalised or not _of_a_name(text, item, head)):
            if data.capitalised and text[item.start].islower():  # an adjective ends no title
                edge, at = item.end, at + used
                continue
            last = at + used - 1
        elif last is None and may_be_unknown and item is None and _is_noun(text[slice(*words[at])], data):
            last = at
        elif last is not None and _word(text, words, at) in data.field_joiners and at + 1 < len(words):
            following, used = _classify(text, lexicon, words, at + 1)
            if following is None or following.kind != FIELD or not _adjacent(text, words[at].end, following.start):
                break
            last = at + used
        else:
            break
        edge, at = words[last].end, last + 1
    return last


def _is_noun(word: str, data: TitleData) -> bool:
    """Tell whether an unknown word may be the noun of a field: by its letters, length and case."""
    return word.isalpha() and len(word) >= 4 and word[0].isupper() == data.capitalised


def _name_goes_on(text: str, words: list[Span], last: int) -> bool:
    """Tell whether a complement written large is only the beginning of a name: 'Oil' of 'Oil India'."""
    if last + 1 >= len(words) or not text[words[last].start].isupper():
        return False
    return _adjacent(text, words[last].end, words[last + 1].start) and text[words[last + 1].start].isupper()


def _word(text: str, words: list[Span], at: int) -> str:
    return _fold(text[words[at].start : words[at].end])


def _follows(text: str, words: list[Span], at: int, parts: list[str], edge: int) -> bool:
    """Tell whether the words from ``at`` on are ``parts``, directly after ``edge`` and each other."""
    if at + len(parts) > len(words):
        return False
    for number, part in enumerate(parts):
        word = words[at + number]
        if not _adjacent(text, edge, word.start) or _fold(text[word.start : word.end]) != _fold(part):
            return False
        edge = word.end
    return True


def _joined(text: str, data: TitleData, left: Span, right: Span) -> bool:
    between = text[left.end : right.start]
    return len(between) <= 6 and between.strip().casefold() in data.joiners and "\n\n" not in between


def _adjacent(text: str, left: int, right: int) -> bool:
    return right > left and right - left <= 3 and _adjacent_text(text[left:right])


def _adjacent_text(between: str) -> bool:
    return 0 < len(between) <= 3 and _SPACE.fullmatch(between) is not None


# --- scripts without spaces ----------------------------------------------------------------------------------------


def _in_characters(text: str, lexicon: _Lexicon, start: int, end: int, walls: _Walls) -> list[Span]:
    data = lexicon.data
    items = [i for i in _strings(text, lexicon.lang, start, end) if not walls.crossed(i.start, i.end)]
    found: list[Span] = []
    for index, item in enumerate(items):
        if item.kind not in _HEADS or text.startswith(data.not_before, item.end, end):
            continue
        following = items[index + 1] if index + 1 < len(items) else None
        if following is not None and following.start == item.end and following.kind in _HEADS:
            continue  # a head before a head belongs to it: 取締役社長
        if following is not None and following.start == item.end and _leads_to_head(items, index + 1):
            continue
        begin, modified = _begin(text, data, items, index)
        floor = found[-1].end if found else start
        if item.kind != GUARDED or modified:
            begin, reached = _up_to_wall(text, data, walls, begin, floor)
        else:
            reached = walls.end_before(begin) == begin
        sure = item.kind != GUARDED or modified or reached or walls.crossed(item.end, item.end + 1)
        if not sure and not _guarded_by(text, data, begin, item.end):
            continue
        title = Span(begin, item.end)
        if found and _joined(text, data, found[-1], title):
            found[-1] = Span(found[-1].start, title.end)
        else:
            found.append(title)
    return found


def _leads_to_head(items: list[_Item], index: int) -> bool:
    """Tell whether modifiers without a gap lead from an item to a head."""
    while items[index].kind in _BEFORE_HEAD:
        if index + 1 >= len(items) or items[index + 1].start != items[index].end:
            return False
        index += 1
    return items[index].kind in _HEADS


def _begin(text: str, data: TitleData, items: list[_Item], index: int) -> tuple[int, bool]:
    """Return where the title of a head begins by the words before it, and whether there are any."""
    begin, linked, number = items[index].start, False, index - 1
    while number >= 0:
        before = items[number]
        if before.end == begin and (before.kind in _BEFORE_HEAD or before.kind in _HEADS):
            begin = before.start
        elif (
            not linked
            and items[index].kind == LINKED
            and before.kind == FIELD
            and before.end + len(data.link) == begin
            and text.startswith(data.link, before.end)
        ):
            begin, linked = before.start, True
        elif (
            before.kind == FIELD
            and number + 1 < index
            and items[number + 1].kind == FIELD
            and text[before.end : begin] in data.field_joiners
        ):
            begin = before.start
        else:
            break
        number -= 1
    return begin, begin < items[index].start - (items[index].kind == GUARDED)  # one character tells nothing


def _up_to_wall(text: str, data: TitleData, walls: _Walls, begin: int, floor: int) -> tuple[int, bool]:
    """Extend a title to the left up to a name that stands directly before its unknown field."""
    wall = walls.end_before(begin)
    if wall < floor or wall < 0 or begin - wall > _MAX_FREE:
        return begin, wall == begin
    between = text[wall:begin]
    while word := next((w for w in data.left_out if between.startswith(w)), ""):
        wall, between = wall + len(word), between[len(word) :]
    if any(c in data.stops or c.isspace() for c in between):
        return begin, False
    return wall, True


def _guarded_by(text: str, data: TitleData, begin: int, end: int) -> bool:
    return any(text.startswith(g[1:], end) if g[0] == "~" else text.endswith(g, 0, begin) for g in data.guards)


@lru_cache(maxsize=_MAX_READ)
def _strings(text: str, lang: str, start: int, end: int) -> list[_Item]:
    """Return the listed strings of a sentence: it is asked more than once."""
    lexicon = _lexicon(lang)
    return list(_longest(text, lexicon, start, end)) if lexicon is not None else []


def _longest(text: str, lexicon: _Lexicon, start: int, end: int) -> Iterator[_Item]:
    """Yield the longest listed strings, and frames filled by anything, from left to right."""
    at = start
    while at < end:
        frame = lexicon.frames.match(text, at, end) if lexicon.frames and text[at] in lexicon.frame_starts else None
        if frame:
            yield _Item(at, frame.end(), HEAD, frame.group())
            at = frame.end()
            continue
        for rest, kind, base, plural in lexicon.phrases.get(text[at], ()):
            stop = at + len(rest[0])
            if text.startswith(rest[0], at) and stop <= end and _bounded(text, at, rest[0]):
                if kind in _BEFORE_HEAD and _cuts_head(text, lexicon, at, stop):
                    continue  # 航空 in 華航空服員
                yield _Item(at, at + len(rest[0]), kind, base, plural)
                at += len(rest[0])
                break
        else:
            at += 1


def _cuts_head(text: str, lexicon: _Lexicon, at: int, stop: int) -> bool:
    """Tell whether a head begins within a stretch and goes on behind it."""
    for inner in range(at + 1, stop):
        for rest, kind, *_ in lexicon.phrases.get(text[inner], ()):
            if kind == HEAD and inner + len(rest[0]) > stop and text.startswith(rest[0], inner):
                return True
    return False


def _bounded(text: str, at: int, word: str) -> bool:
    """Tell whether a Latin abbreviation is not part of a longer Latin word."""
    before = text[at - 1] if at else ""
    after = text[at + len(word)] if at + len(word) < len(text) else ""
    return not (_latin(word[0]) and _latin(before)) and not (_latin(word[-1]) and _latin(after))


def _latin(char: str) -> bool:
    return bool(char) and char.isalnum() and unicodedata.name(char, "").startswith(("LATIN", "FULLWIDTH LATIN"))


# --- the lexicon ---------------------------------------------------------------------------------------------------


def _fold(word: str) -> str:
    return word.casefold().replace("’", "'")


@cache
def _lexicon(lang: str) -> _Lexicon | None:
    path = find(lang, "titles.yaml")
    if not path.is_file():
        return None
    data = read_as(path, TitleData)
    if data.script not in ("words", "characters"):
        raise DataError(f"{path}: script: words or characters is expected, not {data.script!r}")
    lexicon = _Lexicon(lang, data)
    add = _add_phrase if data.script == "words" else _add_string
    for kind, entries, plurals in (
        (DECOY, data.decoys, ()),
        (LINKED, data.linked_heads, ()),
        (HEAD, data.heads, data.plural_endings),
        (STRICT, data.strict_heads, data.plural_endings),
        (GUARDED, data.guarded_heads, data.plural_endings),
        (MODIFIER, data.modifiers, ()),
        (MODIFIER, tuple(f"{m}{e}" for m in data.modifiers if m.islower() for e in data.modifier_endings), ()),
        (FIELD, data.fields, ()),
    ):
        for entry in entries:
            for form, plural in _forms(entry, plurals):
                add(lexicon, form, kind, _forms(entry)[0][0], plural)
    for rests in lexicon.phrases.values():
        rests.sort(key=_by_length, reverse=True)
    for entry in data.compound_heads:
        for form, _ in _forms(entry):
            lexicon.compounds[_fold(form)] = _forms(entry)[0][0].capitalize()
    lexicon.guarded = frozenset(_forms(entry)[0][0] for entry in data.guarded_heads)
    if data.frames:
        free = f"[^{re.escape(data.stops)}\\s]{{1,8}}?"
        field_word, joiner = (_any(words) for words in (data.fields, data.field_joiners))
        filling = f"(?:{free}|{field_word}{joiner}{field_word})" if data.field_joiners else free
        lexicon.frames = re.compile("|".join(re.escape(f).replace("\\*", filling) for f in data.frames))
        lexicon.frame_starts = frozenset(f[0] for f in data.frames)
    lexicon.either = frozenset(
        _fold(form)
        for entry in data.modifiers
        for form, _ in _forms(entry)
        if any(not rest and kind in _HEADS for rest, kind, *_ in lexicon.phrases.get(_fold(form), ()))
    )
    for complement in data.complements:
        for head in complement.heads:
            lexicon.complements.setdefault(head, []).append(complement)
    return lexicon


def _any(words: Sequence[str]) -> str:
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"


def _by_length(phrase: tuple[tuple[str, ...], str, str, bool]) -> int:
    return sum(len(part) + 1 for part in phrase[0])


def _forms(entry: str, plurals: Sequence[str] = ()) -> list[tuple[str, bool]]:
    """Spell out an entry ``stem|ending|ending`` and its plurals."""
    stem, *endings = entry.split("|")
    singular = [stem, *(stem + e for e in endings)]
    return [(form, False) for form in singular] + [(form + p, True) for form in singular for p in plurals]


def _add_phrase(lexicon: _Lexicon, form: str, kind: str, base: str, plural: bool) -> None:
    parts = [m.group() for m in _words(form, 0, len(form))]
    if len(parts) == 1 and sum(c.isupper() for c in form) > 1:
        lexicon.exact.setdefault(form, (kind, base, plural))
        return
    first, *rest = (_fold(p) for p in parts)
    known = lexicon.phrases.setdefault(first, [])
    if all(tuple(rest) != other[0] for other in known):
        known.append((tuple(rest), kind, base, plural))


def _add_string(lexicon: _Lexicon, form: str, kind: str, base: str, plural: bool) -> None:
    known = lexicon.phrases.setdefault(form[0], [])
    if all(form != other[0][0] for other in known):
        known.append(((form,), kind, base, plural))


def title_languages() -> tuple[str, ...]:
    """Return the languages that have a title grammar."""
    return tuple(lang for lang in languages() if find(lang, "titles.yaml").is_file())
