"""Laws of all stages: an answer does not depend on the batch, only provided fields change, spans lie in the text."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claimtrail.document import Document, State
from claimtrail.pipeline import Chain, Settings, as_document, stages
from claimtrail.stage import Stage

pytestmark = pytest.mark.slow

SEEDS = sorted((Path(__file__).parents[1] / "seeds").glob("*.txt"))
PARAGRAPHS = sorted({part for path in SEEDS for part in path.read_text("utf-8").split("\n\n")})
# Any stage may refuse a text, by its state.
REFUSAL = {"state", "reason", "lang"}


@cache
def all_stages() -> Sequence[Stage]:
    return stages(Settings())


texts = st.lists(st.sampled_from(PARAGRAPHS), min_size=1, max_size=4).map("\n\n".join)
batches = st.lists(texts, min_size=2, max_size=5)
calm = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


def documents(of: Sequence[str]) -> list[Document]:
    return [as_document(text, doc=f"{number}.txt") for number, text in enumerate(of)]


@given(batches)
@calm
def test_each_stage_gives_the_same_answer_alone_and_in_a_batch(batch: list[str]) -> None:
    current = documents(batch)
    for stage in all_stages():
        active = [doc for doc in current if doc.state is State.PROCESSED]
        together = stage.process(active)
        alone = [stage.process([doc])[0] for doc in active]
        backwards = list(reversed(stage.process(list(reversed(active)))))
        assert together == alone, stage.name
        assert together == backwards, stage.name
        current = together


@given(texts)
@calm
def test_each_stage_changes_only_what_it_provides(text: str) -> None:
    (document,) = documents([text])
    for stage in all_stages():
        (after,) = stage.process([document])
        changed = {
            field.name
            for field in dataclasses.fields(Document)
            if getattr(document, field.name) != getattr(after, field.name)
        }
        assert changed <= stage.provides | REFUSAL, stage.name
        if after.state is not State.PROCESSED:
            return
        document = after


@given(texts)
@calm
def test_every_span_lies_in_the_text_and_sentences_and_tokens_are_in_order(text: str) -> None:
    (document,) = Chain(all_stages()).process(documents([text]))
    assert document.text == text
    for one, other in pairwise(document.sentences):
        assert one.end <= other.start
    for one, other in pairwise(document.tokens):
        assert one.end <= other.start
    for sentence in document.sentences:
        assert text[sentence.start : sentence.end].strip() == text[sentence.start : sentence.end] != ""
        for token in document.tokens[sentence.first_token : sentence.end_token]:
            assert sentence.start <= token.start < token.end <= sentence.end
    for entity in document.entities:
        assert any(s.start <= entity.start < entity.end <= s.end for s in document.sentences)
    for reference in document.facts.references:
        assert 0 <= reference.start <= reference.end <= len(text)
    for mention in document.mentions:
        sentence = document.sentences[mention.sentence]
        assert sentence.start <= mention.trigger.start < mention.trigger.end <= sentence.end


@given(batches)
@calm
def test_the_whole_chain_gives_the_same_answer_twice(batch: list[str]) -> None:
    chain = Chain(all_stages())
    assert chain.process(documents(batch)) == chain.process(documents(batch))
