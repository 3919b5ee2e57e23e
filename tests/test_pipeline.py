"""The pipeline as a step of other programs, and the order of its stages."""

from __future__ import annotations

import subprocess
import sys

import pytest

import claimtrail
from claimtrail.document import State
from claimtrail.pipeline import READ, Settings, SettingsError, as_document, stages
from claimtrail.records import MentionRecord
from claimtrail.stage import StageOrderError, check_order
from claimtrail.steps.api import Pipeline


def test_importing_the_package_loads_nothing_heavy() -> None:
    heavy = ("spacy", "lingua", "typer", "numpy", "yaml", "dataclasses_json", "claimtrail.pipeline", "claimtrail.steps")
    code = f"import sys, claimtrail; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_every_public_name_can_be_imported() -> None:
    for name in claimtrail.__all__:
        assert getattr(claimtrail, name)
    with pytest.raises(AttributeError):
        claimtrail.Nothing  # noqa: B018 - the access is what is tested


def test_stages_out_of_order_are_reported_together() -> None:
    backwards = list(reversed(stages(Settings())))
    with pytest.raises(StageOrderError) as error:
        check_order(backwards, READ)
    assert str(error.value).count("requires") >= 5


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"languages": ["xx"]}, "no language xx; installed are"),
        ({"engine": "nltk"}, "no engine nltk; there are spacy, stanza"),
        ({"models": {"de": "no_such_package"}}, "no_such_package"),
        ({"languages": ["en"], "models": {"de": "de_core_news_sm"}}, "de, which is not read"),
    ],
)
def test_settings_that_cannot_be_met_are_refused(wrong: dict, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        Pipeline(**wrong)


def test_a_blank_text_is_empty_and_not_processed() -> None:
    assert as_document(" \n").state is State.EMPTY


@pytest.mark.slow
def test_extracting_from_a_text_gives_mentions_with_exact_spans() -> None:
    text = "Nadia Fournier is leaving Quarzfeld AG to join Lumenta Bank, the company said on Monday."
    mentions = Pipeline(languages=["en"]).extract(text, date="2025-03-03")
    assert {(m.relation, m.person.name, m.org.name) for m in mentions} == {
        ("LEAVES", "Nadia Fournier", "Quarzfeld AG"),
        ("JOINS", "Nadia Fournier", "Lumenta Bank"),
    }
    for mention in mentions:
        assert isinstance(mention, MentionRecord)
        assert text[mention.trigger.start : mention.trigger.end] == mention.trigger.text
        assert text[mention.person.start : mention.person.end] == mention.person.text
        assert mention.engine == "spacy"
        assert mention.steps


@pytest.mark.slow
def test_a_move_told_by_two_texts_is_one_claim() -> None:
    texts = {"a": "Nadia Fournier is leaving Quarzfeld AG.", "b": "Nadia Fournier leaves Quarzfeld AG in July."}
    (claim,) = Pipeline(languages=["en"]).claims(texts)
    assert (claim.relation, claim.person.name, len(claim.mentions)) == ("LEAVES", "Nadia Fournier", 2)
    assert claim.merged_because
