"""What a word looks like: a small model of letters that tells names of people, firms and places from common words."""

from __future__ import annotations

import math
from binascii import crc32
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np

from claimtrail import data

FILE = "features.npz"
# Where the weights are: beside the code in the wheel, beside their recipes in the checkout.
WEIGHTS = (Path(__file__).resolve().parents[1] / "weights", Path(__file__).resolve().parents[3] / "models" / "weights")
UNKNOWN = "<unknown>"
_SHORTEST_TAIL = 4
_KEPT = 20_000  # words remembered; news repeats few more


def letter_groups(form: str, longest: int, size: int) -> list[int]:
    """Return the numbers below ``size`` of a word and of its groups of one to ``longest`` letters, ends marked."""
    word = f"<{form.lower()[:24]}>"
    groups = {word}
    for length in range(1, longest + 1):
        groups.update(word[i : i + length] for i in range(len(word) - length + 1))
    groups -= {"<", ">"}
    return sorted({crc32(group.encode()) % size for group in groups})


@dataclass(frozen=True, slots=True)
class WordFeatures:
    """Scores the letter groups of a word for each class, and knows how frequent common words are.

    ``weights`` has a row for each group and a column for each class, in units of ``scale``. A hint such as ``P2r4``
    says: most like a class P word, third of three degrees of certainty, frequency rank between 2**8 and 2**10. With
    ``tail`` the last letter follows: in Chinese and Japanese it often says what a name is a name of. ``common`` are the
    words that a model knows one by one; all others look alike to it but for their letters and, where the language
    writes compounds as one word, for the one of ``tails`` that they end in. ``groups`` numbers groups of words that
    stand in the same surroundings in much more text than there is marked.
    """

    classes: str
    longest: int
    scale: float
    weights: np.ndarray
    ranks: dict[str, int]
    tail: bool = False
    common: frozenset[str] = frozenset()
    tails: frozenset[str] = frozenset()
    groups: dict[str, int] = field(default_factory=dict)
    _seen: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    def hint(self, form: str) -> str:
        """Return the hint of one word."""
        found = self._seen.get(form)
        if found is None:
            if len(self._seen) >= _KEPT:
                self._seen.clear()
            found = self._seen[form] = self._look(form)
        return found

    def hints(self, forms: Sequence[str]) -> list[str]:
        """Return the hints of words, in order."""
        return [self.hint(form) for form in forms]

    def known(self, form: str) -> str:
        """Return the word in lower case where it is a common one, else the common word that it ends in, or neither."""
        lower = form.lower()
        if not self.common or lower in self.common or not lower.isalpha():
            return lower
        tail = next(self._tails_of(lower), None)
        return UNKNOWN if tail is None else f"~{tail}"

    def group(self, form: str) -> str:
        """Return the number of the group of words that are used alike which the word belongs to."""
        lower = form.lower()
        number = self.groups.get(lower)
        if number is None:
            number = next((self.groups[tail] for tail in self._tails_of(lower) if tail in self.groups), None)
        return "g" if number is None else f"g{number}"

    def _tails_of(self, word: str) -> Iterator[str]:
        """Yield the words that a compound ends in, the longest first: Kaffeerösterei is a Rösterei."""
        ends = (word[start:] for start in range(1, len(word) - _SHORTEST_TAIL + 1)) if self.tails else ()
        return (end for end in ends if end in self.tails)

    def _look(self, form: str) -> str:
        rank = self.ranks.get(form.lower())
        frequency = "" if not self.ranks else "r-" if rank is None else f"r{int(math.log2(rank + 1)) // 2}"
        if self.tail:
            frequency += form[-1]
        if not any(c.isalpha() for c in form):
            return f"-{frequency}"
        rows = letter_groups(form, self.longest, len(self.weights))
        scores = self.weights[rows].sum(axis=0, dtype=np.int64) * self.scale
        likeness = np.exp(scores - scores.max())
        likeness /= likeness.sum()
        best = int(likeness.argmax())
        certainty = 2 if likeness[best] > 0.85 else 1 if likeness[best] > 0.55 else 0
        return f"{self.classes[best]}{certainty}{frequency}"


def save(features: WordFeatures, path: Path) -> None:
    """Write the features to an ``.npz`` file."""
    words = sorted(features.ranks, key=features.ranks.__getitem__)
    np.savez_compressed(
        path,
        weights=features.weights,
        about=np.array([features.classes, str(features.longest), repr(features.scale), str(int(features.tail))]),
        words=np.frombuffer("\n".join(words).encode(), dtype=np.uint8),
        common=np.frombuffer("\n".join(sorted(features.common)).encode(), dtype=np.uint8),
        tails=np.frombuffer("\n".join(sorted(features.tails)).encode(), dtype=np.uint8),
        grouped=np.frombuffer("\n".join(sorted(features.groups)).encode(), dtype=np.uint8),
        group=np.array([features.groups[word] for word in sorted(features.groups)], dtype=np.uint16),
    )


def model_folder(lang: str, holding: str) -> Path | None:
    """Return the folder of a language's model that holds a file: the user's, ours in the package or checkout, or None.

    ``holding`` is the name of the file.
    """
    users = [folder / lang / data.MODEL for folder in data.own_folders()]
    ours = [root / f"{lang}_claimtrail" for root in WEIGHTS]
    return next((folder for folder in (*users, *ours) if (folder / holding).is_file()), None)


@cache
def features_of(lang: str) -> WordFeatures | None:
    """Return what the model of a language knows of words, None where it has none; it is read once a process."""
    folder = model_folder(lang, FILE)
    return load(folder / FILE) if folder is not None else None


@cache
def load(path: Path) -> WordFeatures:
    """Read features that ``save`` wrote."""
    with np.load(path, allow_pickle=False) as stored:
        classes, longest, scale, tail = (str(item) for item in stored["about"])
        words = stored["words"].tobytes().decode()
        ranks = {word: rank for rank, word in enumerate(words.split("\n"))} if words else {}
        common, tails = (
            frozenset(stored[name].tobytes().decode().split()) if name in stored else frozenset[str]()
            for name in ("common", "tails")
        )
        groups: dict[str, int] = {}
        if "grouped" in stored:
            grouped = stored["grouped"].tobytes().decode().split("\n")
            groups = dict(zip(grouped, stored["group"].tolist(), strict=True)) if len(stored["group"]) else {}
        return WordFeatures(
            classes, int(longest), float(scale), stored["weights"], ranks, tail == "1", common, tails, groups
        )
