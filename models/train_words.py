"""Trains the word features of a language: which letter groups make names of people, firms, places, or common words."""

from __future__ import annotations

import csv
import gzip
import math
import re
from binascii import crc32
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import wordfreq

from claimtrail.engines.features import WordFeatures, letter_groups
from claimtrail.engines.spacy_engine import tokenizer_for
from corpora import Marked
from names import SPACED, load_pools, read_templates

CLASSES = "FLOGTC"  # first name, last name (or part of a foreign one), organisation, geographic, title, common
_CLASS_OF = {"ORG": "O", "GPE": "G", "TITLE": "T", "DATE": "C"}


def _counts(data: Path, organisations: Path, lang: str, marked: Sequence[Marked]) -> dict[str, Counter[str]]:
    """Count, for each word, how often it stands in a span of each class."""
    cut = tokenizer_for(lang)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for text in marked:
        inside = {}
        for start, end, label in text.spans:
            inside.update(dict.fromkeys(range(start, end), label))
        gaps = {i for start, end in text.unknown for i in range(start, end)}
        people = {start for start, _, label in text.spans if label == "PERSON"}
        for piece in cut(text.text):
            label = inside.get(piece.start)
            if piece.start in gaps or not any(c.isalpha() for c in piece.form):
                continue
            kind = _CLASS_OF.get(label or "DATE") or ("F" if piece.start in people else "L")
            if kind == "C" and label is None and piece.form[0].isupper() and lang == "en":
                # what a partly marked corpus leaves out may be a name all the same
                continue
            counts[piece.form.lower()][kind] += 1
    pools = load_pools(data, organisations, lang, [])
    for style, (given, last) in pools.people.items():
        native = style in ("zh", "ja")
        weight = 1 if style == "latin" and lang in ("zh", "ja") else 2
        # native Chinese and Japanese names put the surname first: the class says which half of a name it is
        for kind, parts in (("F", last if native else given), ("L", given if native else last)):
            for part in sorted(set(parts)):
                for piece in cut(part):
                    if any(c.isalpha() for c in piece.form):
                        counts[piece.form.lower()][kind] += weight if len(piece.form) > 1 else 0.05
    for form in [*pools.own, *(half for halves in pools.composed for half in (*halves[0], *halves[1]))]:
        for piece in cut(form):
            if any(c.isalpha() for c in piece.form):
                counts[piece.form.lower()]["O"] += 1
    with organisations.open(encoding="utf-8", newline="") as table:
        columns = {
            "en": ("name", "en"), "de": ("name", "de"), "fr": ("name", "en"), "zh": ("zh_hans",), "ja": ("ja",)
        }[lang]  # fmt: skip
        for row in csv.DictReader(table, delimiter="\t"):
            for form in {f for c in columns for f in (row.get(c) or "").split("|") if f not in ("", "-")}:
                for piece in cut(form):
                    if any(c.isalpha() for c in piece.form):
                        counts[piece.form.lower()]["O"] += 1
    for post in read_templates(Path(__file__).parent / "templates" / f"{lang}.txt").posts:
        for piece in cut(post):
            if any(c.isalpha() for c in piece.form) and len(piece.form) > 1:
                counts[piece.form.lower()]["T"] += 1
    _places(data, lang, counts, cut)
    _nouns(data, lang, counts)
    return counts


def _nouns(data: Path, lang: str, counts: dict[str, Counter[str]]) -> None:
    """Count words tagged as other than names: where all nouns are capitalised, that is what tells them from names."""
    for path in sorted((data / lang).glob("ud-gsd-pos/*-train.conllu.pos")):
        for token in path.read_text("utf-8").split():
            word, _, tag = token.rpartition("##")
            if tag not in ("PROPN", "_", "X") and word.isalpha():
                counts[word.lower()]["C"] += 1


def _places(data: Path, lang: str, counts: dict[str, Counter[str]], cut: object) -> None:
    if lang != "en":
        return
    place = re.compile(r"/([A-Z][a-z]+)(?: \(|,? (?:city|county|district|town|province|prefecture|capital))")
    with gzip.open(data / "names/cedict/cedict_1_0_ts_utf-8_mdbg.txt.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            match = place.search(line)
            if match and "surname" not in line and "name)" not in line:
                counts[match[1].lower()]["G"] += 1


def train_words(
    data: Path, organisations: Path, lang: str, marked: Sequence[Marked], *, size: int = 1 << 16, epochs: int = 6,
    folds: int = 2, groups: dict[str, int] | None = None,
) -> tuple[WordFeatures, CrossFitted]:  # fmt: skip
    """Fit a softmax over letter groups; words with mixed use count for each class by the share of their uses.

    Returns the features that ship and those for training.
    """
    longest = 4 if lang in SPACED else 3
    counts = _counts(data, organisations, lang, marked)
    groups = groups or {}
    ranks = ranks_of(lang)
    common = frozenset(ranks) | frozenset(w for w, kinds in counts.items() if kinds["C"] >= 4 and w.isalpha())
    if lang in ("zh", "ja"):
        common |= frozenset(w for w, kinds in counts.items() if len(w) == 1 or kinds["O"] + kinds["T"] + kinds["G"] > 5)
    tails = tails_of(lang, ranks, groups)
    full = WordFeatures(
        CLASSES, longest, *_fit(counts, longest, size, epochs), ranks, lang == "ja", common, tails, groups
    )
    halves = [
        WordFeatures(
            CLASSES,
            longest,
            *_fit(counts, longest, size, epochs, fold, folds),
            ranks,
            lang == "ja",
            common,
            tails,
            groups,
        )
        for fold in range(folds)
    ]
    return full, CrossFitted(full, tuple(halves))


WRITTEN = 1000  # numbers of the groups written by hand start here
COMPOUNDING = frozenset({"de"})


def ranks_of(lang: str) -> dict[str, int]:
    """Return how frequent the common words of a language are, where words stand apart."""
    if lang not in SPACED:
        return {}
    words = [w for w in wordfreq.top_n_list(lang, 60_000) if w.isalpha()][:40_000]
    return {word: rank for rank, word in enumerate(words)}


def tails_of(lang: str, ranks: dict[str, int], groups: dict[str, int]) -> frozenset[str]:
    """Return the words that the last part of a compound may be."""
    if lang not in COMPOUNDING:
        return frozenset()
    # rare short words are chance endings of names more often than parts of compounds
    frequent = {w for w, rank in ranks.items() if len(w) > 3 and rank < (3000 if len(w) == 4 else 20_000)}
    return frozenset(frequent | {w for w, number in groups.items() if number >= WRITTEN and len(w) > 3})


FREQUENT = 4000  # words that every text has: their hints need no letters


@dataclass(frozen=True, slots=True)
class CrossFitted:
    """Hints for training: a rarer word is looked up in the model that did not see it.

    The hints of words that the letter model was fitted on are surer than those of names in new texts; a net trained on
    them would trust hints too much.
    """

    full: WordFeatures
    folds: tuple[WordFeatures, ...]

    def hints(self, forms: Sequence[str]) -> list[str]:
        return [self._features(form).hint(form) for form in forms]

    def known(self, form: str) -> str:
        return self.full.known(form)

    def _features(self, form: str) -> WordFeatures:
        if not self.folds or len(form) == 1 or self.full.ranks.get(form.lower(), FREQUENT) < FREQUENT:
            return self.full
        return self.folds[fold_of(form.lower(), len(self.folds))]


def fold_of(word: str, folds: int) -> int:
    return crc32(word.encode()) // 7 % folds


def _fit(
    counts: dict[str, Counter[str]], longest: int, size: int, epochs: int, left_out: int | None = None, folds: int = 2
) -> tuple[float, np.ndarray]:
    # words that occur often are remembered as wholes; rare ones teach what unseen words look like
    rows = []
    for word, kinds in sorted(counts.items()):
        if left_out is not None and fold_of(word, folds) == left_out:
            continue
        total = sum(kinds.values())
        target = np.array([kinds[c] / total for c in CLASSES], dtype=np.float32)
        rows.append((np.array(letter_groups(word, longest, size)), target, min(4.0, 0.5 + math.log1p(total))))
    rng = np.random.default_rng(7)
    weights = np.zeros((size, len(CLASSES)), dtype=np.float32)
    for epoch in range(epochs):
        rate = 0.25 * (1 - epoch / epochs)
        for index in rng.permutation(len(rows)):
            groups, target, weight = rows[index]
            kept = groups[rng.random(len(groups)) > 0.1]
            if not len(kept):
                continue
            scores = weights[kept].sum(axis=0)
            likely = np.exp(scores - scores.max())
            likely /= likely.sum()
            weights[kept] += rate * weight * (target - likely) / math.sqrt(len(kept)) - rate * 1e-4 * weights[kept]
    scale = float(np.abs(weights).max() / 127)
    return scale, np.round(weights / scale).astype(np.int8)
