"""The numbers of a spaCy model with less work: what it makes of a word is remembered, and texts go through together.

Not a bit of what a model finds may change by that. It does not where a product of matrices gives each row whatever the
other rows are, as those of spaCy's own library do; ``rows_stand_alone`` tries it out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
from thinc.api import Model

_MOST_WORDS = 16_000  # remembered by each of two models of a language, some 6 MB each
_BLOCK = 600  # tokens that go through the layers at once: what they need stays near the processor
_ROWS = (1, 2, 3, 5, 8, 17, 64, 150)  # a library has code of its own for some sizes
_EMBED = ["extract_features", "list2ragged", "with_array", "with_array", "ragged2list"]


def rows_stand_alone(models: Sequence[Model[Any, Any]]) -> bool:
    """Say whether products with the weights of models give the same bits for a row alone and among others."""
    gemm: Callable[..., Any] = partial(models[0].ops.gemm, trans2=True)
    source = np.random.default_rng(0)
    shapes = set()
    for node in (node for model in models for node in model.walk()):
        weights: Any = node.get_param("W") if node.has_param("W") else None
        if weights is not None:
            shapes.add((weights.size // weights.shape[-1], weights.shape[-1]))
    for shape in sorted(shapes):
        weights = source.standard_normal(shape, dtype="float32")
        rows = source.standard_normal((_ROWS[-1], shape[1]), dtype="float32")
        whole = gemm(rows, weights)
        for count in _ROWS:
            at = (_ROWS[-1] - count) // 2
            if not np.array_equal(gemm(rows[at : at + count], weights), whole[at : at + count]):
                return False
    return True


@dataclass(slots=True)
class _Words:
    """What the first layers of a model make of words, which they see one by one, by the attributes of a word."""

    layers: Sequence[Model[Any, Any]]
    table: Any
    places: dict[bytes, int] = field(default_factory=dict)

    def rows(self, attributes: Any) -> Any:
        """Return a row for each row of attributes (unsigned, 64 bits)."""
        whole, size = attributes.tobytes(), attributes.shape[1] * attributes.itemsize
        names = [whole[at : at + size] for at in range(0, len(whole), size)]
        new = [name for name in dict.fromkeys(names) if name not in self.places]
        if len(self.places) + len(new) > _MOST_WORDS:
            self.places.clear()
            new = list(dict.fromkeys(names))
        if len(new) > _MOST_WORDS:
            return self._computed(attributes)
        if new:
            first = len(self.places)
            unseen = np.frombuffer(b"".join(new), dtype=attributes.dtype).reshape(len(new), -1)
            self.table[first : first + len(new)] = self._computed(unseen)
            self.places.update(zip(new, range(first, first + len(new)), strict=True))
        return self.table[[self.places[name] for name in names]]

    def _computed(self, attributes: Any) -> Any:
        for layer in self.layers:
            attributes = layer.predict(attributes)
        return attributes


def quicker(model: Model[Any, Any]) -> Model[Any, Any] | None:
    """Return a model of token vectors that gives the same as a given one, for use only; None if it is built otherwise.

    Such a model embeds words by hashes of their attributes, and then looks at each with its neighbours.
    """
    if len(model.layers) != 2 or _kinds(model.layers[0]) != _EMBED or _kinds(model)[1:] != _EMBED[2:3]:
        return None
    embed, encode = model.layers
    words = _Words(embed.layers[2:4], model.ops.alloc((_MOST_WORDS, model.get_dim("nO")), zeros=False))
    columns = embed.layers[0].attrs["columns"]

    def forward(_: Model[Any, Any], docs: Sequence[Any], is_train: bool) -> tuple[list[Any], Any]:
        assert not is_train
        found = []
        for block in _blocks(docs):
            attributes = [doc.to_array(columns).astype("uint64", copy=False).reshape(len(doc), -1) for doc in block]
            rows = words.rows(np.vstack(attributes))
            ends = np.cumsum([len(doc) for doc in block])[:-1]
            found += encode.predict(np.split(rows, ends))
        return found, None

    return Model("remembered", forward, dims={"nO": model.get_dim("nO")}, ops=model.ops)


def _kinds(model: Model[Any, Any]) -> list[str]:
    return [layer.name.split("(")[0] for layer in model.layers]


def _blocks(docs: Sequence[Any]) -> Iterator[list[Any]]:
    block: list[Any] = []
    size = 0
    for doc in docs:
        if block and size + len(doc) > _BLOCK:
            yield block
            block, size = [], 0
        block.append(doc)
        size += len(doc)
    if block:
        yield block
