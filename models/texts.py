"""Running text made of treebank sentences, with the places where they end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from claimtrail.document import Span
from trees import Tree


def running_texts(trees: Sequence[Tree], *, longest: int = 40) -> Iterator[tuple[str, list[Span]]]:
    """Join sentences as their treebank has them: documents apart, blank lines between paragraphs, else spaces.

    A treebank that does not name documents gives texts of ``longest`` sentences.
    """
    text, spans = "", []
    named = any(tree.opens_document for tree in trees[1:]) and trees[0].source not in ("pud",)
    before: Tree | None = None
    for tree in trees:
        if spans and (tree.opens_document if named else len(spans) >= longest):
            yield text, spans
            text, spans, before = "", [], None
        if before is not None:
            paragraph = tree.opens_paragraph and named
            text += "\n\n" if paragraph else " " if before.space_after else ""
        spans.append(Span(len(text), len(text) + len(tree.text)))
        text += tree.text
        before = tree
    if spans:
        yield text, spans
