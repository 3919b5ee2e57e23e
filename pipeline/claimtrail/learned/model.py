"""A trained network of a language with all that it needs, read from ``learned.npz`` in the language's folder."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from zipfile import BadZipFile

import numpy as np
import orjson

from claimtrail import data
from claimtrail.engines.features import WordFeatures, features_of
from claimtrail.learned.encode import Encoded, Gate, Vocabulary
from claimtrail.learned.network import Answer, Floats, Network

FILE = "learned.npz"
ABOUT = "about"  # the array that holds everything but weights, as JSON


@dataclass(frozen=True, slots=True)
class Model:
    """A network, the numbers of words it knows, and what its answers are worth.

    ``least`` is the share from which on a claim is told; ``table`` holds pairs of a share and of how often claims of
    that share were right in texts that the network had not seen, rising.
    """

    network: Network
    gate: Gate
    vocabulary: Vocabulary
    features: WordFeatures
    least: float
    table: tuple[tuple[float, float], ...]

    def read(self, view: Encoded) -> Answer:
        """Read a view."""
        return self.network(view)

    def precision(self, share: float) -> float:
        """Return how often a claim of this share is right."""
        at = bisect_left(self.table, share, key=itemgetter(0))
        if at == 0 or at == len(self.table):
            return self.table[min(at, len(self.table) - 1)][1]
        (low, low_right), (high, high_right) = self.table[at - 1], self.table[at]
        return low_right + (high_right - low_right) * (share - low) / (high - low)


@cache
def model_of(lang: str) -> Model | None:
    """Return the model of a language, None where it has none; it is read once a process.

    Raises:
        DataError: the file is not one that the trainer wrote.
    """
    path = data.find(lang, FILE)
    features = features_of(lang) if path.is_file() else None
    if features is None:
        return None
    try:
        with np.load(path, allow_pickle=False) as stored:
            weights: Mapping[str, Floats] = {
                name: stored[name].astype(np.float32) for name in stored.files if name != ABOUT
            }
            about = orjson.loads(stored[ABOUT].tobytes())
        words = {word: number for number, word in enumerate(about["words"])}
        deps = {name: number for number, name in enumerate(about["deps"])}
        vocabulary = Vocabulary(words, deps, tuple(about["relations"]))
        by_word, by_group, by_gram = (weights[f"gate.{part}"] for part in ("word", "group", "gram"))
        gate = Gate(words, by_word, by_group, by_gram, about["gate"], features)
        table = tuple((float(share), float(right)) for share, right in about["table"])
        return Model(Network(weights, about["layers"]), gate, vocabulary, features, about["least"], table)
    except (KeyError, TypeError, ValueError, OSError, EOFError, BadZipFile) as error:
        raise data.DataError(f"{path}: not a network of learned relations: {error}") from error
