"""The network of the learned relations, computed with numpy: the weights are all that it needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from blis.py import gemm

from claimtrail.learned.encode import Encoded

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the network says of a view.

    ``relations`` are probabilities, one a relation. ``attention[r]`` says how much each item weighed for relation r.
    ``orgs`` and ``posts`` hold a score for each candidate and relation, ``taken`` whether the post of a role change is
    taken up (above 0) or given up.
    """

    relations: Floats
    attention: Floats
    orgs: Floats
    posts: Floats
    taken: float


def _product(rows: Floats, weights: Floats, *, turned: bool = False) -> Floats:
    """Multiply two matrices, the second one ``turned`` about its diagonal if asked for, in one thread.

    numpy's own product starts a thread a core, which costs a hundred times what these small matrices do.
    """
    if not rows.size or not weights.size:
        return rows @ (weights.T if turned else weights)
    found: Floats = gemm(np.ascontiguousarray(rows), np.ascontiguousarray(weights), trans2=turned)
    return found


def softmax(scores: Floats) -> Floats:
    """Return shares that sum to one along the last axis."""
    shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=-1, keepdims=True), dtype=np.float32)


def _normed(rows: Floats, gain: Floats, offset: Floats) -> Floats:
    size = np.float32(rows.shape[-1])
    centred = rows - np.add.reduce(rows, axis=-1, keepdims=True) / size
    variance = np.add.reduce(centred * centred, axis=-1, keepdims=True) / size
    return np.asarray(centred / np.sqrt(variance + 1e-5) * gain + offset, dtype=np.float32)


def _sigmoid(values: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-values)), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Network:
    """Embeddings, dilated convolutions with gates, and one attention a relation; ``weights`` by the trainer's names."""

    weights: Mapping[str, Floats]
    layers: int
    kernels: tuple[Floats, ...] = field(init=False, repr=False, compare=False)  # of the convolutions, as matrices

    def __post_init__(self) -> None:
        """Lay out the kernels as they are multiplied with."""
        found = (self.weights[f"conv.{layer}.weight"] for layer in range(self.layers))
        matrices = tuple(
            np.ascontiguousarray(kernel.transpose(2, 1, 0).reshape(-1, len(kernel)), dtype=np.float32)
            for kernel in found
        )
        object.__setattr__(self, "kernels", matrices)

    def __call__(self, view: Encoded) -> Answer:
        """Read a view."""
        w = self.weights
        rows = self.read(view)
        me = _product(view.person[None], rows)[0]
        relations = len(w["out.bias"])
        queries = self._through("query", me[None]).reshape(relations, -1)
        keys = self._through("key", rows)
        scores = _product(queries, keys, turned=True) / np.float32(np.sqrt(keys.shape[1]))
        attention = softmax(scores + self._through("attend", rows).T)
        context = _product(attention, rows)
        highest = rows.max(axis=0)
        whole = np.concatenate([context, np.tile(me, (relations, 1)), np.tile(highest, (relations, 1))], axis=1)
        answer = (whole * w["out.weight"]).sum(axis=1) + w["out.bias"]
        role = relations - 1
        taken = float(self._through("taken", whole[role][None])[0, 0])
        return Answer(
            _sigmoid(answer),
            attention,
            self._choose("org", _product(view.orgs, rows), view.ties, me),
            self._choose("post", _product(view.posts, rows), view.owners, me),
            taken,
        )

    def read(self, view: Encoded) -> Floats:
        """Return a row of features for each item of a view."""
        w = self.weights
        size = len(view.word)
        counts = np.maximum((view.grams > 0).sum(axis=1, keepdims=True), 1)
        grams = (w["gram.weight"][view.grams] * (view.grams > 0)[:, :, None]).sum(axis=1) / counts
        flags = self._through("flags", view.flags)
        parts = [
            w["word.weight"][view.word],
            grams,
            w["group.weight"][view.group],
            w["kind.weight"][view.kind],
            w["place.weight"][view.place],
            w["dep.weight"][view.dep],
            flags,
        ]
        joined = np.concatenate(parts, axis=1).astype(np.float32)
        rows = _normed(np.maximum(self._through("input", joined), 0), w["norm.0.weight"], w["norm.0.bias"])
        for layer in range(self.layers):
            kernel, reach, width = self.kernels[layer], 2**layer, rows.shape[1]
            padded = np.zeros((size + 2 * reach, width), dtype=np.float32)
            padded[reach : reach + size] = rows
            taps = range(len(kernel) // width)
            stacked = np.concatenate([padded[k * reach : k * reach + size] for k in taps], axis=1)
            both = _product(stacked, kernel) + w[f"conv.{layer}.bias"]
            gained = rows + both[:, :width] * _sigmoid(both[:, width:])
            rows = _normed(gained, w[f"norm.{layer + 1}.weight"], w[f"norm.{layer + 1}.bias"])
        return rows

    def _choose(self, what: str, rows: Floats, ties: Floats, me: Floats) -> Floats:
        tied = np.tanh(self._through(f"{what}.tie", ties))
        whole = np.concatenate([rows, tied, np.tile(me, (len(rows), 1))], axis=1)
        hidden = np.maximum(self._through(f"{what}.hidden", whole), 0)
        return self._through(f"{what}.score", hidden)

    def _through(self, layer: str, rows: Floats) -> Floats:
        """Return what a layer of weights and biases makes of rows."""
        return _product(rows, self.weights[f"{layer}.weight"], turned=True) + self.weights[f"{layer}.bias"]
