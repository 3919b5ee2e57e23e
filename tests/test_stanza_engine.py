"""The Stanza engine on stand-ins for Stanza's documents; nothing here needs Stanza itself."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from claimtrail import data
from claimtrail.document import Entity, Label, Span, Token
from claimtrail.engines import stanza_engine
from claimtrail.engines.base import EngineError, Passage
from claimtrail.engines.stanza_engine import (
    StanzaEngine,
    find_stanza_model,
    read_entities,
    read_tokens,
    stanza_languages,
)


@dataclass
class Word:
    id: int
    upos: str | None = None
    deprel: str | None = None
    head: int | None = None


@dataclass
class StanzaToken:
    text: str
    start_char: int | None
    end_char: int | None
    words: list[Word]


@dataclass
class StanzaEntity:
    text: str
    type: str
    start_char: int
    end_char: int


@dataclass
class Part:
    tokens: list[StanzaToken]


@dataclass
class StanzaDocument:
    sentences: list[Part]
    ents: list[StanzaEntity] = field(default_factory=list)


@dataclass
class Pipeline:
    """Stands in for a Stanza pipeline that cuts at spaces and calls capitalised words persons."""

    seen: list[str] = field(default_factory=list)

    def __call__(self, texts: Sequence[str]) -> list[StanzaDocument]:
        self.seen += texts
        return [self.one(text) for text in texts]

    def one(self, text: str) -> StanzaDocument:
        tokens, ents, start = [], [], 0
        for number, word in enumerate(text.split(" "), 1):
            tokens.append(StanzaToken(word, start, start + len(word), [Word(number)]))
            if word.istitle():
                ents.append(StanzaEntity(word, "PER", start, start + len(word)))
            start += len(word) + 1
        return StanzaDocument([Part(tokens)], ents)


# 'zum' is one token of two words, as official German models have it.
TEXT = "Ja. Ulla Brandt geht zum Konzern Nordwerk"
SENTENCE = Span(4, len(TEXT))


def german() -> StanzaDocument:
    words = [
        StanzaToken("Ulla", 0, 4, [Word(1, "PROPN", "nsubj", 3)]),
        StanzaToken("Brandt", 5, 11, [Word(2, "PROPN", "flat", 1)]),
        StanzaToken("geht", 12, 16, [Word(3, "VERB", "root", 0)]),
        StanzaToken("zum", 17, 20, [Word(4, "ADP", "case", 6), Word(5, "DET", "det", 6)]),
        StanzaToken("Konzern", 21, 28, [Word(6, "NOUN", "obl", 3)]),
        StanzaToken("Nordwerk", 29, 37, [Word(7, "PROPN", "appos", 6)]),
    ]
    ents = [StanzaEntity("Ulla Brandt", "PER", 0, 11), StanzaEntity("Nordwerk", "ORG", 29, 37)]
    return StanzaDocument([Part(words)], ents)


def test_a_token_of_two_words_stays_one_token_with_its_offsets() -> None:
    tokens = read_tokens(german(), TEXT, SENTENCE, first=1)
    assert [TEXT[token.start : token.end] for token in tokens] == [
        "Ulla",
        "Brandt",
        "geht",
        "zum",
        "Konzern",
        "Nordwerk",
    ]
    assert tokens[3] == Token(21, 24, "ADP", "case", 5)
    assert tokens[2].head == 3, "a root is its own head"


def test_an_entity_after_a_token_of_two_words_keeps_its_place() -> None:
    entities = read_entities(german(), TEXT, SENTENCE, model="test")
    assert entities == [Entity(4, 15, Label.PERSON), Entity(33, 41, Label.ORG)]


def test_a_model_without_trees_leaves_the_analysis_empty() -> None:
    document = StanzaDocument([Part([StanzaToken("Ulla", 0, 4, [Word(1)])])])
    assert read_tokens(document, "Ulla", Span(0, 4)) == [Token(0, 4)]


@pytest.mark.parametrize(
    "token",
    [
        StanzaToken("Ulla", 1, 5, [Word(1)]),
        StanzaToken("Ulla", None, None, [Word(1)]),
        StanzaToken("Ula", 0, 4, [Word(1)]),
        StanzaToken("Nordwerks", 29, 38, [Word(1)]),
    ],
)
def test_an_offset_that_does_not_fit_is_an_error(token: StanzaToken) -> None:
    with pytest.raises(EngineError, match="Stanza"):
        read_tokens(StanzaDocument([Part([token])]), TEXT + "s", SENTENCE)


def test_a_token_too_long_for_stanza_keeps_its_offsets() -> None:
    text = "https://nordwerk.example/" + "a" * 200
    document = StanzaDocument([Part([StanzaToken("<UNK>", 0, len(text), [Word(1)])])])
    assert read_tokens(document, text, Span(0, len(text))) == [Token(0, len(text))]


def test_white_space_inside_a_token_may_be_written_otherwise() -> None:
    document = StanzaDocument([Part([StanzaToken("58 500", 0, 6, [Word(1)])])])
    assert read_tokens(document, "58\n500", Span(0, 6)) == [Token(0, 6)]


def test_an_unknown_label_is_an_error() -> None:
    document = StanzaDocument([], [StanzaEntity("Ulla", "PLANET", 0, 4)])
    with pytest.raises(EngineError, match="PLANET"):
        read_entities(document, "Ulla", Span(0, 4), model="test")


def test_every_sentence_goes_through_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline = Pipeline()
    engine = StanzaEngine()
    monkeypatch.setattr(engine, "_load", lambda _: pipeline)
    passage = Passage("so Ulla\n\ngeht Olaf", (Span(0, 7), Span(9, 18)))
    (analysis,) = engine.analyse([passage], "de")
    assert pipeline.seen == ["so Ulla", "geht Olaf"]
    assert [passage.text[e.start : e.end] for e in analysis.entities] == ["Ulla", "Olaf"]
    assert len(analysis.tokens) == 4


def test_without_the_extra_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "resources.json").write_text("{}")
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(EngineError, match=r"claimtrail\[stanza\]"):
        StanzaEngine({"de": str(tmp_path)}).analyse([Passage("a", (Span(0, 1),))], "de")


def test_a_folder_without_a_model_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"resources\.json"):
        StanzaEngine({"de": str(tmp_path)}).model_info("de")
    with pytest.raises(EngineError, match="xx"):
        StanzaEngine().model_info("xx")


def test_a_language_without_a_model_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stanza_engine, "find_stanza_model", lambda _: None)
    assert StanzaEngine().languages() == frozenset()
    with pytest.raises(EngineError, match="de_stanza"):
        StanzaEngine().model_info("de")


def test_a_model_is_described_from_its_folder(tmp_path: Path) -> None:
    (tmp_path / "tokenize.pt").write_bytes(b"12345")
    (tmp_path / "meta.json").write_text(
        '{"name": "small", "version": "2", "license": "CC0", "performance": {"f": 0.5}}'
    )
    info = StanzaEngine({"ja": str(tmp_path)}).model_info("ja")
    assert (info.engine, info.name, info.version, info.licence, info.scores) == (
        "stanza",
        "small",
        "2",
        "CC0",
        (("f", 0.5),),
    )
    assert info.size_bytes > 5


def test_all_installed_languages_are_named_for_stanza() -> None:
    assert set(data.languages()) <= set(stanza_languages())


SHIPPED = [lang for lang in stanza_languages() if find_stanza_model(lang) and importlib.util.find_spec("stanza")]
NEWS = {
    "en": "Ulla Brandt has left Nordwerk Systems.",
    "de": "Ulla Brandt verlässt die Nordwerk AG und geht zum Konzern Bolzen.",
    "zh": "奎隆科技首席执行官罗思远已于周一离职。",
    "ja": "クイロン株式会社の大西健一社長が退任した。",
}


@pytest.mark.slow
def test_shipped_models_load_and_cover_the_text() -> None:
    engine = StanzaEngine()
    for lang in SHIPPED:
        text = NEWS[lang]
        (analysis,) = engine.analyse([Passage(text, (Span(0, len(text)),))], lang)
        assert "".join(text[t.start : t.end] for t in analysis.tokens) == "".join(text.split())
        assert analysis.entities
