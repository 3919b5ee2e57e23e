"""The relation stage: rules over the abstracted sentences of a document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from claimtrail.document import Document, Mention
from claimtrail.facts.layout import Layout
from claimtrail.rules.grammar import grammar
from claimtrail.rules.match import Site, attempts, best
from claimtrail.rules.shape import build_shape, fold


@dataclass(frozen=True, slots=True)
class Relations:
    """Finds the claims that each sentence states, by the rules of its language."""

    name: str = "relations"
    requires: frozenset[str] = frozenset({"sentences", "tokens", "entities", "facts"})
    provides: frozenset[str] = frozenset({"mentions"})

    def process(self, documents: Sequence[Document]) -> list[Document]:
        """Return the documents with ``mentions`` filled, in the order of their triggers."""
        return [replace(document, mentions=tuple(self._mentions(document))) for document in documents]

    def _mentions(self, document: Document) -> list[Mention]:
        out: list[Mention] = []
        layout: Layout | None = None
        for index, sentence in enumerate(document.sentences):
            rules = grammar(sentence.lang)
            # Most sentences hold no trigger at all: they need no shape.
            if rules.prefilter:
                folded = fold(document.text[sentence.start : sentence.end], rules.fold)
                if not any(rule.trigger.search(folded) for rule in rules.rules):
                    continue
            shape = build_shape(document, sentence.start, sentence.end, rules)
            layout = layout or Layout(document)
            out += best(list(attempts(rules, Site(document, index, shape, sentence.lang, layout))))
        return out
