"""What a network that comes with a library makes of the words of a text by their surroundings.

For Chinese that is the network of ``jieba`` (Baidu's LAC, small): vectors of characters, two layers of gated recurrent
units in both directions, and a chain of tags. It has read far more text than there is marked. Its parameters are read
from the files that jieba installs; Paddle, which wrote them, is not needed.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import accumulate
from typing import Any

import numpy as np
from blis.py import gemm

from claimtrail.engines.base import EngineError
from claimtrail.engines.tokenise import Piece

_FOLDER = "lac_small"
_WIDTH = 128
_LAYERS = 2
_FLOAT = 5  # the number of 32-bit floats in Paddle's list of types
_TOGETHER = 256  # sentences that go through the network at once, longest first
_NEAR = 64  # sentences of which the ways between tags stay near the processor
_LONGEST = 200  # characters; longer sentences are cut
_ENDS = frozenset("。！？!?；;\n")
# the network was trained on half-width punctuation
_PLAIN = str.maketrans("。、“”‘’「」『』〈〉：；？！（），…—", '.;""""""""《》:;?!(),.-')

Surroundings = Callable[[Sequence[Sequence[Piece]]], list[list[str]]]
Array = np.ndarray[Any, np.dtype[np.float32]]


@dataclass(frozen=True, slots=True)
class _Direction:
    """The parameters of one layer in one direction: of its input, of its gates, and of its candidate state."""

    inputs: Array
    bias: Array
    gates: Array
    candidate: Array


@dataclass(frozen=True, slots=True)
class Chain:
    """Finds the most likely tags of characters, given scores for each and for each pair of tags in a row.

    A tag that carries on a word (``ORG-I``) follows only itself or the tag that begins such a word: no other way
    there is looked at, which halves the work.
    """

    tags: tuple[str, ...]
    first: Array
    last: Array
    following: Array  # row: a tag, column: the one after it

    def best(self, scores: Array, counts: Sequence[int]) -> Any:
        """Return the most likely tag of each row of scores (Viterbi).

        The rows are those of runs of characters, the longest run first: ``counts[0]`` rows for the characters that
        stand first in their run, then ``counts[1]`` for those that stand second.
        """
        inner = np.array([number for number, tag in enumerate(self.tags) if tag.endswith("-I")])
        outer = np.array([number for number, tag in enumerate(self.tags) if not tag.endswith("-I")])
        opening = np.array([self.tags.index(f"{self.tags[number][:-1]}B") for number in inner])
        to_outer = self.following[:, outer, None].copy()
        opened, carried = self.following[opening, inner, None], self.following[inner, inner, None]
        starts = _starts(counts)
        reached = np.empty_like(scores)
        ends = np.empty((counts[0], len(self.tags)), dtype=np.float32)
        now = reached[: counts[0]]
        now[:] = self.first + scores[: counts[0]]
        for place in range(1, len(counts)):
            count = counts[place]
            here = slice(starts[place], starts[place + 1])
            ends[count : counts[place - 1]] = now[count:]
            after = reached[here]
            for row in range(0, count, _NEAR):
                some = np.ascontiguousarray(now[row : min(row + _NEAR, count)].T)
                after[row : row + _NEAR, outer] = (some[:, None, :] + to_outer).max(axis=0).T
                after[row : row + _NEAR, inner] = np.maximum(some[opening] + opened, some[inner] + carried).T
            after += scores[here]
            now = after
        ends[: len(now)] = now
        chosen = (ends + self.last).argmax(axis=1)
        found = np.empty(len(scores), dtype=np.int64)
        into = np.ascontiguousarray(self.following.T)
        for place in reversed(range(len(counts))):
            count = counts[place]
            found[starts[place] : starts[place + 1]] = chosen[:count]
            if place:
                # the way back is looked for only where it leads
                before = reached[starts[place - 1] : starts[place - 1] + count]
                chosen[:count] = (before + into[chosen[:count]]).argmax(axis=1)
        return found


@dataclass(frozen=True, slots=True)
class _Network:
    numbers: dict[str, int]
    vectors: Array
    layers: tuple[tuple[_Direction, _Direction], ...]
    outputs: Array
    bias: Array
    chain: Chain


@cache
def chinese_surroundings() -> Surroundings:
    """Return the tagger of Chinese words by their surroundings.

    Raises:
        EngineError: the installed jieba has no network, or one of another shape.
    """
    return Tagger.installed()


def _read_network() -> _Network:
    folder = resources.files("jieba") / _FOLDER
    try:
        numbers = {word: int(number) for number, word in _rows((folder / "word.dic").read_text("utf-8"))}
        tags = tuple(tag for _, tag in _rows((folder / "tag.dic").read_text("utf-8")))
        stored = folder / "model_baseline"

        def read(name: str) -> Array:
            return _tensor((stored / name).read_bytes())

        layers = []
        for layer in range(_LAYERS):
            both = []
            for number in (2 * layer, 2 * layer + 1):
                inputs, bias = read(f"fc_{number}.w_0"), read(f"fc_{number}.b_0") + read(f"gru_{number}.b_0")
                units = read(f"gru_{number}.w_0").ravel()
                # the logistic function of x is half of 1 + tanh(x / 2): both halves are taken out here
                inputs[:, : 2 * _WIDTH] /= 2
                bias[:, : 2 * _WIDTH] /= 2
                units /= 2
                gates, candidate = np.split(units, [2 * _WIDTH * _WIDTH])
                both.append(
                    _Direction(
                        inputs, bias.ravel(), gates.reshape(_WIDTH, 2 * _WIDTH), candidate.reshape(_WIDTH, _WIDTH)
                    )
                )
            layers.append((both[0], both[1]))
        chain = read("crfw")
        return _Network(
            numbers,
            read("word_emb"),
            tuple(layers),
            read(f"fc_{2 * _LAYERS}.w_0"),
            read(f"fc_{2 * _LAYERS}.b_0").ravel(),
            Chain(tags, chain[0], chain[1], chain[2:]),
        )
    except (OSError, LookupError, ValueError, struct.error) as problem:
        raise EngineError(f"jieba brings no network that can be read ({problem}); install jieba 0.42.1") from problem


def _rows(table: str) -> Iterator[tuple[str, str]]:
    for line in table.split("\n"):
        number, tab, word = line.rstrip("\r").partition("\t")
        if tab:
            yield number, word


def _tensor(stored: bytes) -> Array:
    """Read one tensor as Paddle stores it: versions, no levels of detail, a message with type and shape, numbers."""
    levels = struct.unpack_from("<Q", stored, 4)[0]
    size = struct.unpack_from("<i", stored, 16)[0]
    if levels or size > len(stored):
        raise ValueError("not a plain tensor")
    fields: list[tuple[int, int]] = []
    place, end = 20, 20 + size
    while place < end:
        key, place = _number(stored, place)
        value, place = _number(stored, place)
        fields.append((key >> 3, value))
    if (1, _FLOAT) not in fields:
        raise ValueError("not a tensor of 32-bit floats")
    shape = [value for key, value in fields if key == 2]
    return np.frombuffer(stored, "<f4", offset=end).astype(np.float32).reshape(shape)


def _number(stored: bytes, place: int) -> tuple[int, int]:
    """Read a number of a protocol buffer, seven bits a byte."""
    value = shift = 0
    while True:
        byte = stored[place]
        value |= (byte & 127) << shift
        place, shift = place + 1, shift + 7
        if byte < 128:
            return value, place


class Tagger:
    """Tags words: ``PER-BE`` is a whole name of a person, ``ORG-B`` begins a longer name, ``n-E`` ends a longer noun.

    A word gets the tag that its first character has; B says that the tagged word begins there, E that it ends with it.
    """

    def __init__(self, network: _Network) -> None:
        """Keep the network; products of matrices are those of spaCy, which give a row the same among any others."""
        self._net = network
        self._unknown = network.numbers["OOV"]

    @classmethod
    def installed(cls) -> Tagger:
        """Read the network from the files of jieba.

        Raises:
            EngineError: they are not there, or hold something else.
        """
        return cls(_read_network())

    def __call__(self, texts: Sequence[Sequence[Piece]]) -> list[list[str]]:
        """Return a tag for each word of each text."""
        runs: list[list[int]] = []
        places = []  # of each text, the runs of its words and the characters there
        for pieces in texts:
            run: list[int] = []
            runs.append(run)
            at = []
            before = None
            for piece in pieces:
                if len(run) + len(piece.form) > _LONGEST or (before is not None and before.form[-1] in _ENDS):
                    run = []
                    runs.append(run)
                elif before is not None and before.end != piece.start:
                    run.append(self._unknown)
                form = piece.form.translate(_PLAIN)
                at.append((len(runs) - 1, len(run), len(run) + len(form)))
                run += [self._net.numbers.get(character, self._unknown) for character in form]
                before = piece
            places.append(at)
        tags = self._tag(runs)
        return [[self._name(tags[run], start, end) for run, start, end in at] for at in places]

    def _name(self, tags: list[int], start: int, end: int) -> str:
        names = self._net.chain.tags
        goes_on = end < len(tags) and _goes_on(names[tags[end - 1]], names[tags[end]])
        return names[tags[start]] + ("" if goes_on else "E")

    def _tag(self, runs: Sequence[Sequence[int]]) -> list[list[int]]:
        order = sorted((number for number, run in enumerate(runs) if run), key=lambda number: -len(runs[number]))
        found: list[list[int]] = [[] for _ in runs]
        for first in range(0, len(order), _TOGETHER):
            some = order[first : first + _TOGETHER]
            for number, tags in zip(some, self._tag_some([runs[number] for number in some]), strict=True):
                found[number] = tags
        return found

    def _tag_some(self, runs: Sequence[Sequence[int]]) -> list[list[int]]:
        """Tag runs of characters, the longest first.

        All characters that stand first in their run come first in every array, then those that stand second.
        """
        lengths = np.array([len(run) for run in runs])
        counts = [int((lengths > place).sum()) for place in range(lengths[0])]
        starts = _starts(counts)
        numbers = np.empty(starts[-1], dtype=np.int64)
        for row, run in enumerate(runs):
            numbers[[start + row for start in starts[: len(run)]]] = run
        distinct, which = np.unique(numbers, return_inverse=True)
        vectors: Any = self._net.vectors[distinct]
        for layer, both in enumerate(self._net.layers):
            merged = np.empty((len(numbers), 2 * _WIDTH), dtype=np.float32)
            for number, direction in enumerate(both):
                given: Any = gemm(vectors, direction.inputs) + direction.bias
                if not layer:
                    given = given[which]
                out = merged[:, number * _WIDTH : (number + 1) * _WIDTH]
                self._recur(given, direction, counts, starts, out, backwards=bool(number))
            vectors = merged
        scores: Any = gemm(vectors, self._net.outputs) + self._net.bias
        best = self._net.chain.best(scores, counts)
        return [best[[start + row for start in starts[: len(run)]]].tolist() for row, run in enumerate(runs)]

    def _recur(
        self, given: Any, direction: _Direction, counts: list[int], starts: list[int], out: Any, *, backwards: bool
    ) -> None:
        state = np.zeros((counts[0], _WIDTH), dtype=np.float32)
        for place in reversed(range(len(counts))) if backwards else range(len(counts)):
            here = slice(starts[place], starts[place + 1])
            now = state[: counts[place]]
            gates: Any = gemm(now, direction.gates)
            gates += given[here, : 2 * _WIDTH]
            np.tanh(gates, out=gates)
            gates += 1
            new: Any = gemm(gates[:, _WIDTH:] * now, direction.candidate)
            new += given[here, 2 * _WIDTH :]
            np.tanh(new, out=new)
            new -= now
            new *= gates[:, :_WIDTH]
            new *= 0.5
            now += new
            out[here] = now


def _starts(counts: Sequence[int]) -> list[int]:
    return [0, *accumulate(counts)]


def _goes_on(tag: str, following: str) -> bool:
    """Say whether a tag carries on the word of the one before it; characters without any tag are one word."""
    return following == (f"{tag[:-1]}I" if tag[-2:] in ("-B", "-I") else tag)
