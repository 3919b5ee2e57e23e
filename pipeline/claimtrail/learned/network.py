"""The network of the learned relations, computed with numpy: the weights are all that it needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

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
        me = view.person @ rows
        relations = len(w["out.bias"])
        queries = (me @ w["query.weight"].T + w["query.bias"]).reshape(relations, -1)
        keys = rows @ w["key.weight"].T + w["key.bias"]
        scores = (
            queries @ keys.T / np.float32(np.sqrt(keys.shape[1])) + (rows @ w["attend.weight"].T + w["attend.bias"]).T
        )
        attention = softmax(scores)
        context = attention @ rows
        highest = rows.max(axis=0)
        whole = np.concatenate([context, np.tile(me, (relations, 1)), np.tile(highest, (relations, 1))], axis=1)
        answer = (whole * w["out.weight"]).sum(axis=1) + w["out.bias"]
        role = relations - 1
        taken = float(whole[role] @ w["taken.weight"][0] + w["taken.bias"][0])
        return Answer(
            _sigmoid(answer),
            attention,
            self._choose("org", view.orgs @ rows, view.ties, me),
            self._choose("post", view.posts @ rows, view.owners, me),
            taken,
        )

    def read(self, view: Encoded) -> Floats:
        """Return a row of features for each item of a view."""
        w = self.weights
        size = len(view.word)
        counts = np.maximum((view.grams > 0).sum(axis=1, keepdims=True), 1)
        grams = (w["gram.weight"][view.grams] * (view.grams > 0)[:, :, None]).sum(axis=1) / counts
        flags = view.flags @ w["flags.weight"].T + w["flags.bias"]
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
        rows = _normed(
            np.maximum(joined @ w["input.weight"].T + w["input.bias"], 0), w["norm.0.weight"], w["norm.0.bias"]
        )
        for layer in range(self.layers):
            kernel, reach, width = self.kernels[layer], 2**layer, rows.shape[1]
            padded = np.zeros((size + 2 * reach, width), dtype=np.float32)
            padded[reach : reach + size] = rows
            taps = range(len(kernel) // width)
            stacked = np.concatenate([padded[k * reach : k * reach + size] for k in taps], axis=1)
            both = stacked @ kernel + w[f"conv.{layer}.bias"]
            gained = rows + both[:, :width] * _sigmoid(both[:, width:])
            rows = _normed(gained, w[f"norm.{layer + 1}.weight"], w[f"norm.{layer + 1}.bias"])
        return rows

    def _choose(self, what: str, rows: Floats, ties: Floats, me: Floats) -> Floats:
        w = self.weights
        tied = np.tanh(ties @ w[f"{what}.tie.weight"].T + w[f"{what}.tie.bias"])
        whole = np.concatenate([rows, tied, np.tile(me, (len(rows), 1))], axis=1)
        hidden = np.maximum(whole @ w[f"{what}.hidden.weight"].T + w[f"{what}.hidden.bias"], 0)
        return np.asarray(hidden @ w[f"{what}.score.weight"].T + w[f"{what}.score.bias"], dtype=np.float32)
