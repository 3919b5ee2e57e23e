"""Views of sentences as numbers: what the network of the learned relations reads."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from zlib import crc32

import numpy as np
import numpy.typing as npt

from claimtrail.document import Document
from claimtrail.engines.features import WordFeatures
from claimtrail.learned.views import ME, TIES, WORD, Item, View, ancestors, label
from claimtrail.literals import key, numbers_in
from claimtrail.rules.grammar import Grammar

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]

UNKNOWN = 1  # 0 fills up rows
KINDS = ("", WORD, ME, "P", "O", "T", "D", "G", f"{ME}-", "P-", "O-")
GRAM_ROWS = 2**13
MOST_GRAMS = 12
GROUPS = 2048  # numbers of groups of words are below this; 0 for none
FAR = 15  # items to either side of the person whose places are told apart
PLACES = 2 * FAR + 3  # and one more for a person left out
_REMEMBERED = 10_000  # words whose weight the gate keeps
POSTS = ("item", "mine")  # a post of the sentence, or what the person's own phrase says

_KIND_NUMBER = {name: number for number, name in enumerate(KINDS)}
_TIE_NUMBER = {name: number for number, name in enumerate(TIES)}
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The numbers of words, of dependency relations, and the relations told apart, in order."""

    words: Mapping[str, int]
    deps: Mapping[str, int]
    relations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Encoded:
    """A view in numbers; the first axis of ``word`` to ``flags`` is the item.

    ``grams`` holds up to ``MOST_GRAMS`` numbers of letter groups, 0 beyond; ``person`` weighs the items that stand for
    the person. ``orgs`` and ``posts`` weigh, for each candidate, the items where it stands; ``ties`` and ``owners``
    say how it is tied to the person.
    """

    word: Ints
    grams: Ints
    group: Ints
    kind: Ints
    place: Ints
    dep: Ints
    flags: Floats
    person: Floats
    orgs: Floats
    ties: Floats
    posts: Floats
    owners: Floats


def grams_of(word: str) -> list[int]:
    """Return the numbers of the letter groups of a word: its beginnings and ends, or its characters and pairs."""
    if _UNSPACED.search(word):
        groups = set(word) | {word[i : i + 2] for i in range(len(word) - 1)}
    else:
        marked = f"<{word}>"
        groups = {marked[:4], marked[:5], marked[:6], marked[-4:], marked[-5:], marked[-7:]}
    return [1 + crc32(group.encode()) % (GRAM_ROWS - 1) for group in sorted(groups)][:MOST_GRAMS]


def flagged(items: Sequence[Item], text: str, grammar: Grammar, relations: Sequence[str]) -> Floats:
    """Return, for each item and relation, whether a trigger of the relation's rules covers it."""
    out = np.zeros((len(items), len(relations)), dtype=np.float32)
    starts = [item.at for item in items]
    spelled = key(text)
    for number in numbers_in(grammar.triggers.may_match(spelled)):
        rule = grammar.rules[number]
        if rule.relation not in relations:
            continue
        column = relations.index(rule.relation)
        for match in rule.trigger.regex.finditer(text):
            first = max(bisect_right(starts, match.start()) - 1, 0)
            out[first : max(bisect_right(starts, match.end() - 1), first + 1), column] = 1
    return out


def encode(document: Document, view: View, vocabulary: Vocabulary, features: WordFeatures, triggers: Floats) -> Encoded:
    """Return a view in numbers; ``triggers`` is what ``flagged`` gives."""
    items, tokens, size = view.items, document.tokens, len(view.items)
    above = ancestors(document, view)
    direct = next((t for t in above if view.node is None or not view.node.start <= tokens[t].start < view.node.end), -1)
    word, kind, place, dep, group = (np.zeros(size, dtype=np.int64) for _ in range(5))
    grams = np.zeros((size, MOST_GRAMS), dtype=np.int64)
    flags = np.zeros((size, 6 + triggers.shape[1]), dtype=np.float32)
    for i, item in enumerate(items):
        name = label(view, item)
        kind[i] = _KIND_NUMBER.get(name, _KIND_NUMBER["T"])
        if name == WORD:
            word[i], group[i], numbers = numbers_of(item.form, vocabulary.words, features)
            grams[i, : len(numbers)] = numbers
        else:
            word[i] = vocabulary.words.get(f"<{name}>", UNKNOWN)
        place[i] = min(max(i - view.place, -FAR), FAR) + FAR + 1 if view.place >= 0 else PLACES - 1
        if item.token >= 0:
            dep[i] = vocabulary.deps.get(tokens[item.token].dep, 0)
        node = item.node
        flags[i, :6] = (
            item.token in above,
            item.token >= 0 and item.token == direct,
            node is not None and node.former,
            node is not None and node.title is not None,
            node is not None and node.org is not None,
            i == view.place,
        )
    flags[:, 6:] = triggers
    person = np.zeros(size, dtype=np.float32)
    if view.place >= 0:
        person[view.place] = 1
    elif size:
        person[:] = 1 / size
    orgs, ties = _candidates(view, size)
    posts, owners = _posts(view, size)
    return Encoded(word, grams, group, kind, place, dep, flags, person, orgs, ties, posts, owners)


@dataclass(frozen=True, slots=True)
class Gate:
    """A first look at the words of a sentence: it need be read only if they may tell of a move.

    Each word adds its own weight and those of its group and letter groups; below ``least`` hardly anything was told
    in training.
    """

    words: Mapping[str, int]
    word_weights: Floats
    group_weights: Floats
    gram_weights: Floats
    least: float
    features: WordFeatures
    _seen: dict[str, float] = field(default_factory=dict, repr=False, compare=False)

    def lets(self, forms: Iterable[str]) -> bool:
        """Say whether a sentence of these words, in lower case, may tell of a move."""
        return sum(map(self._weight, forms)) >= self.least

    def _weight(self, form: str) -> float:
        weight = self._seen.get(form)
        if weight is None:
            if len(self._seen) >= _REMEMBERED:
                self._seen.clear()
            number, group, grams = numbers_of(form, self.words, self.features)
            weight = float(self.word_weights[number] + self.group_weights[group] + self.gram_weights[grams].sum())
            self._seen[form] = weight
        return weight


def numbers_of(form: str, words: Mapping[str, int], features: WordFeatures) -> tuple[int, int, list[int]]:
    """Return the numbers of a word in lower case, of its group (0 for none) and of its letter groups."""
    found = features.group(form) if form.isalpha() else "g"
    group = 1 + int(found[1:]) % (GROUPS - 1) if len(found) > 1 else 0
    return words.get(form, UNKNOWN), group, grams_of(form)


def _candidates(view: View, size: int) -> tuple[Floats, Floats]:
    weights = np.zeros((len(view.candidates), size), dtype=np.float32)
    ties = np.zeros((len(view.candidates), len(TIES)), dtype=np.float32)
    for row, candidate in enumerate(view.candidates):
        for at in candidate.places:
            weights[row, at] += 1 / len(candidate.places)
        for tie in candidate.ties:
            ties[row, _TIE_NUMBER[tie]] = 1
    return weights, ties


def posts_of(view: View) -> list[tuple[int, str]]:
    """Return the posts of a view: the item where each stands, and whose it is (``POSTS``)."""
    found = [(i, "item") for i, item in enumerate(view.items) if item.kind == "T"]
    if view.node is not None and view.node.title is not None:
        found.append((view.place, "mine"))
    return found


def _posts(view: View, size: int) -> tuple[Floats, Floats]:
    found = posts_of(view)
    weights = np.zeros((len(found), size), dtype=np.float32)
    owners = np.zeros((len(found), len(POSTS)), dtype=np.float32)
    for row, (at, owner) in enumerate(found):
        weights[row, at] = 1
        owners[row, POSTS.index(owner)] = 1
    return weights, owners
