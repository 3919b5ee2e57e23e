"""Tokenisers, the engine interface and the stage that analyses; those marked slow load our models."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from claimtrail.document import Arc, Document, Entity, Label, Sentence, Span, Stretch, Token, no_trees
from claimtrail.engines import spacy_engine, together
from claimtrail.engines.analysis import Analyse, passages
from claimtrail.engines.base import Analysis, Engine, EngineError, ModelInfo, Passage
from claimtrail.engines.features import WordFeatures, letter_groups, load, save
from claimtrail.engines.spacy_engine import SpacyEngine, find_model, make_doc, pieces_of, tokenizer_for
from claimtrail.engines.tokenise import chinese, japanese, simplifying

np = pytest.importorskip("numpy")
spacy = pytest.importorskip("spacy")

LANGUAGES = ("en", "de", "zh", "ja")
SHIPPED = [lang for lang in LANGUAGES if find_model(lang) is not None]
NEWS = {
    "en": ("Tilda Marrow has left Quillon Systems. ", "Its chief executive, Ravi Osterman, joined Belmont Bank."),
    "de": ("Tilda Marrow verlässt die Quillon AG. ", "Der Vorstandschef Ralf Ostermann wechselt zur Belmont-Bank."),
    "zh": ("奎隆科技首席执行官罗思远已于周一离职。", "蒂尔达·马罗将加入 Belmont Bank 担任总裁。"),
    "ja": ("クイロン株式会社の大西健一社長が退任した。", "後任にはティルダ・マロー氏が就く。"),
}


def words(lang: str, text: str) -> list[str]:
    return [text[piece.start : piece.end] for piece in tokenizer_for(lang)(text)]


@pytest.mark.parametrize("lang", LANGUAGES)
@given(text=st.text(alphabet=st.sampled_from("aZé9 ,.-–·「」（)。，\n\t株社長アー・公司A氏😀𠮷ß'’&"), max_size=60))
@hypothesis_settings(max_examples=60, deadline=None)
def test_tokens_are_in_order_and_cover_all_but_white_space(lang: str, text: str) -> None:
    at = 0
    for piece in tokenizer_for(lang)(text):
        assert not text[at : piece.start].strip()
        assert piece.start < piece.end
        at = piece.end
    assert not text[at:].strip()


@given(text=st.text(max_size=40))
@hypothesis_settings(max_examples=60, deadline=None)
def test_a_chinese_form_is_as_long_as_its_text(text: str) -> None:
    for piece in chinese(text):
        assert len(piece.form) == piece.end - piece.start


@pytest.mark.parametrize(
    ("lang", "text", "wanted"),
    [
        ("de", "Quillon-CEO", ["Quillon", "-", "CEO"]),
        ("de", "die XYLONSprecherin", ["die", "XYLON", "Sprecherin"]),
        ("de", "QuilonAIMitbegründer", ["QuilonAI", "Mitbegründer"]),
        ("de", "Berichten,Quillon sagt 3,5", ["Berichten", ",", "Quillon", "sagt", "3,5"]),
        ("en", "Quillon's CEO,Ravi", ["Quillon", "'s", "CEO", ",", "Ravi"]),
        ("en", "the Boston-based A&B Inc.", ["the", "Boston", "-", "based", "A&B", "Inc."]),
        ("zh", "加入Belmont Bank。", ["加入", "Belmont", "Bank", "。"]),
        ("zh", "于3.5亿元", ["于", "3.5", "亿元"]),
        ("ja", "Quillonのティルダ・マロー氏", ["Quillon", "の", "ティルダ", "・", "マロー", "氏"]),
    ],
)
def test_compounds_and_latin_words_are_cut_where_names_end(lang: str, text: str, wanted: list[str]) -> None:
    assert words(lang, text) == wanted


def test_traditional_text_is_cut_and_tagged_as_simplified_text() -> None:
    simple = chinese("董事长离开银行")
    traditional = chinese("董事長離開銀行")
    assert traditional == simple
    assert simplifying()[ord("，")] == ord(",")


def test_a_long_japanese_text_is_cut_in_parts() -> None:
    text = "大西社長が退任した。" * 2500
    pieces = japanese(text)
    assert pieces[-1].end == len(text)
    assert all(text[p.start : p.end] == p.form for p in pieces)


def test_a_blank_engine_gives_tokens_and_no_entities() -> None:
    engine = SpacyEngine(blank=True)
    text = "".join(NEWS["de"])
    (analysis,) = engine.analyse([Passage(text, (Span(0, 37), Span(38, len(text))))], "de")
    assert analysis.entities == ()
    assert [text[t.start : t.end] for t in analysis.tokens][:4] == ["Tilda", "Marrow", "verlässt", "die"]
    assert engine.model_info("de").name == "blank"


def test_a_language_without_a_model_is_a_clear_error() -> None:
    with pytest.raises(EngineError, match="no spaCy model for eo"):
        SpacyEngine().analyse([Passage("Saluton", (Span(0, 7),))], "eo")


def test_a_pipeline_that_is_not_installed_is_a_clear_error() -> None:
    with pytest.raises(EngineError, match="no spaCy pipeline en_nothing_lg is installed"):
        SpacyEngine({"en": "en_nothing_lg"}).model_info("en")


def test_the_document_for_models_keeps_sentence_starts_and_tags() -> None:
    text = "".join(NEWS["zh"])
    cut = pieces_of(Passage(text, (Span(0, 19), Span(19, len(text)))), chinese)
    doc = make_doc(spacy.blank("xx").vocab, cut)
    assert [token.i for token in doc if token.is_sent_start] == [0, len(cut[0])]
    assert [token.tag_ for token in doc] == [piece.tag for sentence in cut for piece in sentence]


def test_word_features_survive_a_round_trip_and_say_which_class_a_word_is_like(tmp_path: object) -> None:
    weights = np.zeros((512, 2), dtype=np.int8)
    weights[letter_groups("marrow", 2, 512), 0] = 40
    features = WordFeatures("FC", 2, 0.1, weights, {"the": 0, "house": 200})
    assert features.hint("Marrow") == "F2r-"
    assert features.hint("42") == "-r-"
    assert features.hint("house")[2:] == "r3"
    path = tmp_path / "features.npz"  # type: ignore[operator]
    save(features, path)
    assert load(path).hints(["Marrow", "the"]) == features.hints(["Marrow", "the"])


class Recorder:
    """An engine that calls every sentence's first word a token and an organisation."""

    name = "recorder"

    def __init__(self) -> None:
        self.passages: list[Passage] = []

    def languages(self) -> frozenset[str]:
        return frozenset(LANGUAGES)

    def model_info(self, lang: str) -> ModelInfo:
        return ModelInfo(self.name, lang, f"{lang}_recorder", "1")

    def analyse(self, passages: list[Passage], lang: str) -> list[Analysis]:
        self.passages += passages
        return [
            Analysis(
                tuple(Token(s.start, s.start + 1, head=i) for i, s in enumerate(passage.sentences)),
                tuple(Entity(s.start, s.start + 1, Label.ORG) for s in passage.sentences),
            )
            for passage in passages
        ]


def two_languages() -> Document:
    text = "One. Two.\n\nDrei."
    return Document(
        "a.txt",
        text,
        "",
        stretches=(Stretch(0, 10, "en"), Stretch(11, 16, "de")),
        sentences=(Sentence(0, 4, "en"), Sentence(5, 9, "en"), Sentence(11, 16, "de")),
    )


def test_the_stage_asks_for_each_stretch_and_shifts_what_it_gets() -> None:
    engine = Recorder()
    (document,) = Analyse(lambda lang: engine).process([two_languages()])
    assert {p.text for p in engine.passages} == {"One. Two.", "Drei."}
    assert [(s.first_token, s.end_token) for s in document.sentences] == [(0, 1), (1, 2), (2, 3)]
    assert [document.covered(e) for e in document.entities] == ["O", "T", "D"]
    assert [token.head for token in document.tokens] == [0, 1, 2]
    assert document.models == (("de", "de_recorder 1"), ("en", "en_recorder 1"))


def test_a_long_stretch_is_cut_between_sentences() -> None:
    sentences = tuple(Sentence(i * 100, i * 100 + 99, "en") for i in range(100))
    document = Document("a", "x" * 10_000, "", stretches=(Stretch(0, 10_000, "en"),), sentences=sentences)
    groups = passages(document)
    assert len(groups) == 3
    assert [s for group in groups for s in group] == list(sentences)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return SpacyEngine()


@pytest.mark.slow
@pytest.mark.parametrize("lang", SHIPPED)
def test_tokens_and_entities_stay_within_their_sentences(lang: str, engine: Engine) -> None:
    first, second = NEWS[lang]
    text = first + second
    spans = (Span(0, len(first.rstrip())), Span(len(first), len(text)))
    (analysis,) = engine.analyse([Passage(text, spans)], lang)
    for item in (*analysis.tokens, *analysis.entities):
        assert any(span.start <= item.start < item.end <= span.end for span in spans)
    ends = [e.end for e in analysis.entities]
    assert all(end <= following.start for end, following in zip(ends, analysis.entities[1:], strict=False))


@pytest.mark.slow
@pytest.mark.parametrize("lang", SHIPPED)
def test_the_answer_for_a_passage_does_not_depend_on_its_batch(lang: str, engine: Engine) -> None:
    given_passages = [Passage(text, (Span(0, len(text.rstrip())),)) for text in NEWS[lang]]
    together = engine.analyse([*given_passages, *given_passages[::-1]], lang)
    alone = [engine.analyse([passage], lang)[0] for passage in given_passages]
    assert together == [*alone, *alone[::-1]]


@pytest.mark.slow
@pytest.mark.parametrize("lang", SHIPPED)
def test_what_is_remembered_of_words_changes_nothing(
    lang: str, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_passages = [Passage(text, (Span(0, len(text.rstrip())),)) for text in NEWS[lang]]
    found = engine.analyse(given_passages, lang)
    monkeypatch.setattr(together, "_MOST_WORDS", 7)
    forgetful = SpacyEngine()
    assert [forgetful.analyse([passage], lang)[0] for passage in given_passages] == found
    monkeypatch.setattr(spacy_engine, "rows_stand_alone", lambda models: False)
    assert SpacyEngine().analyse(given_passages, lang) == found


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["en", "de", "zh", "ja"])
def test_a_tree_is_found_when_asked_for_and_spans_the_sentence(lang: str, engine: Engine) -> None:
    text = NEWS[lang][0].strip()
    (analysis,) = engine.analyse([Passage(text, (Span(0, len(text)),))], lang)
    assert all(token.head < 0 for token in analysis.tokens)
    tree = engine.tree(text, lang)
    assert len(tree) == len(analysis.tokens)
    assert tree == engine.tree(text, lang)
    assert sum(arc.head == at for at, arc in enumerate(tree)) == 1
    for start in range(len(tree)):
        at, steps = start, 0
        while tree[at].head != at:
            at, steps = tree[at].head, steps + 1
            assert steps < len(tree)


def test_a_document_takes_the_tree_of_one_sentence() -> None:
    document = two_languages()
    tokens = tuple(Token(s.start, s.start + 1) for s in document.sentences for _ in range(2))
    sentences = tuple(replace(s, first_token=2 * n, end_token=2 * n + 2) for n, s in enumerate(document.sentences))
    document = replace(document, tokens=tokens, sentences=sentences)
    parsed = document.parsed(1, lambda sentence, lang: [Arc("ROOT", 0), Arc("obj", 0)])
    assert [(t.dep, t.head) for t in parsed.tokens[:4]] == [("", -1), ("", -1), ("ROOT", 2), ("obj", 2)]
    assert parsed.parsed(1, lambda sentence, lang: pytest.fail("it has its tree")) == parsed
    assert document.parsed(1, lambda sentence, lang: [Arc("ROOT", 0)]) == document
    assert document.parsed(1, no_trees) == document


@pytest.mark.slow
@pytest.mark.parametrize("lang", SHIPPED)
def test_our_models_name_invented_people_and_firms(lang: str, engine: Engine) -> None:
    first, second = NEWS[lang]
    text = first + second
    spans = (Span(0, len(first.rstrip())), Span(len(first), len(text)))
    (analysis,) = engine.analyse([Passage(text, spans)], lang)
    found = {(text[e.start : e.end], e.label) for e in analysis.entities}
    wanted = {
        "en": ("Tilda Marrow", "Quillon Systems"),
        "de": ("Tilda Marrow", "Quillon AG"),
        "zh": ("罗思远", "奎隆科技"),
        "ja": ("大西健一", "クイロン株式会社"),
    }[lang]
    assert {(wanted[0], Label.PERSON), (wanted[1], Label.ORG)} <= found


def test_tokens_of_a_document_are_those_of_its_sentences() -> None:
    document = two_languages()
    (found,) = Analyse(lambda lang: SpacyEngine(blank=True)).process([document])
    assert replace(found, tokens=(), sentences=(), engines=(), models=()) == replace(document, sentences=())
    cut = [found.covered(t) for s in found.sentences for t in found.tokens[s.first_token : s.end_token]]
    assert "".join(cut) == "One.Two.Drei."


def test_our_models_run_in_a_process_of_ours_without_pytorch_and_the_commands_of_spacy() -> None:
    code = (
        "import sys\n"
        "from claimtrail.engines.lean import lean_start\n"
        "with lean_start():\n"
        "    from claimtrail.engines.spacy_engine import SpacyEngine\n"
        "print('torch' in sys.modules, 'spacy.cli' in sys.modules)\n"
        "from claimtrail.document import Span\n"
        "from claimtrail.engines.base import Passage\n"
        "print(len(SpacyEngine().analyse([Passage('Go.', (Span(0, 3),))], 'en')[0].tokens))\n"
        "import spacy.cli\n"
        "print(callable(spacy.cli.info))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False False\n2\nTrue\n"
