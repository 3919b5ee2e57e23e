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
# the network was trained on half-width text
_PLAIN = {ord(old): ord(new) for old, new in zip("。、“”‘’「」『』〈〉：；？！（），…—", ".,\"\"\"\"\"\"\"\"《》:;?!(),.-", strict=True)}

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
class _Network:
    numbers: dict[str, int]
    unknown: int
    tags: tuple[str, ...]
    vectors: Array
    layers: tuple[tuple[_Direction, _Direction], ...]
    outputs: Array
    bias: Array
    first: Array
    last: Array
    following: Array  # row: a tag, column: the tag before it
    outer: Any  # tags that may follow any tag
    inner: Any  # tags that carry on a word, and may follow only themselves or the tag that begins such a word
    first_of: Any  # of each inner tag, that one
    beginning: Array  # row: a tag, column: an outer tag, one more axis
    after_first: Array  # of each inner tag, one more axis
    after_inner: Array


@cache
def chinese_surroundings() -> Surroundings:
    """Return the tagger of Chinese words by their surroundings.

    Raises:
        EngineError: the installed jieba has no network, or one of another shape.
    """
    return Tagger(_read_network())


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
        inner = np.array([number for number, tag in enumerate(tags) if tag.endswith("-I")])
        outer = np.array([number for number, tag in enumerate(tags) if not tag.endswith("-I")])
        first_of = np.array([tags.index(tags[number][:-1] + "B") for number in inner])
        following = chain[2:]
        return _Network(
            numbers,
            numbers["OOV"],
            tags,
            read("word_emb"),
            tuple(layers),
            read(f"fc_{2 * _LAYERS}.w_0"),
            read(f"fc_{2 * _LAYERS}.b_0").ravel(),
            chain[0],
            chain[1],
            np.ascontiguousarray(following.T),
            outer,
            inner,
            first_of,
            following[:, outer][:, :, None].copy(),
            following[first_of, inner][:, None],
            following[inner, inner][:, None],
        )
    except (OSError, KeyError, ValueError, struct.error) as problem:
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
                    run.append(self._net.unknown)
                form = piece.form.translate(_PLAIN)
                at.append((len(runs) - 1, len(run), len(run) + len(form)))
                run += [self._net.numbers.get(character, self._net.unknown) for character in form]
                before = piece
            places.append(at)
        tags = self._tag(runs)
        return [[self._name(tags[run], start, end) for run, start, end in at] for at in places]

    def _name(self, tags: list[int], start: int, end: int) -> str:
        kind = self._net.tags[tags[start]]
        ends = end == len(tags) or tags[end] not in _inner(self._net.tags, tags[end - 1])
        return f"{kind}E" if ends else kind

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
        starts = np.concatenate([[0], np.cumsum(counts)]).tolist()
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
        best = self._most_likely(scores, counts, starts)
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

    def _most_likely(self, scores: Any, counts: list[int], starts: list[int]) -> Any:
        """Return the most likely chain of tags of each run (Viterbi)."""
        net = self._net
        reached = np.empty_like(scores)
        ends = np.empty((counts[0], len(net.first)), dtype=np.float32)
        now: Any = net.first + scores[: counts[0]]
        reached[: counts[0]] = now
        for place in range(1, len(counts)):
            count = counts[place]
            here = slice(starts[place], starts[place + 1])
            ends[count : counts[place - 1]] = now[count:]
            here_reached = reached[here]
            for row in range(0, count, _NEAR):
                some = np.ascontiguousarray(now[row : min(row + _NEAR, count)].T)
                begun = (some[:, None, :] + net.beginning).max(axis=0)
                carried = np.maximum(some[net.first_of] + net.after_first, some[net.inner] + net.after_inner)
                here_reached[row : row + _NEAR, net.outer] = begun.T
                here_reached[row : row + _NEAR, net.inner] = carried.T
            here_reached += scores[here]
            now = here_reached
        ends[: len(now)] = now
        tags = (ends + net.last).argmax(axis=1)
        found = np.empty(len(scores), dtype=np.int64)
        for place in reversed(range(len(counts))):
            count = counts[place]
            found[starts[place] : starts[place + 1]] = tags[:count]
            if place:
                # the way back is looked for only where it leads
                before = starts[place - 1]
                ways = reached[before : before + count] + net.following[tags[:count]]
                tags[:count] = ways.argmax(axis=1)
        return found


@cache
def _inner(tags: tuple[str, ...], tag: int) -> frozenset[int]:
    """Return the tags that carry on a word: the inner one of the same kind, and no tag after none."""
    name = tags[tag]
    kind = name.rpartition("-")[0]
    return frozenset({tags.index(f"{kind}-I")}) if kind else frozenset({tag})
