"""The spaCy component: claims from a spaCy pipeline's own tokens, sentences and entities, kept through storage."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest
import spacy
from spacy import displacy
from spacy.tokens import Doc, DocBin

from claimtrail import resolve
from claimtrail.pipeline import SettingsError
from claimtrail.steps.spacy_component import ClaimComponent

ROOT = Path(__file__).parents[1]
TEXT = "Yara Quell has left Brondex in May 2024. It rained. She joined Lumenta Bank as head of sales."
NAMES = {"Yara Quell": "PER", "Brondex": "ORG", "Lumenta Bank": "FIRM"}

pytestmark = pytest.mark.slow


def own_pipeline(lang: str = "en", **config: Any) -> spacy.Language:
    """A pipeline that is not ours: its own tokens, sentences and entities, the labels partly of its own."""
    nlp = spacy.blank(lang)
    nlp.add_pipe("sentencizer")
    ruler: Any = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": label, "pattern": name} for name, label in NAMES.items()])
    nlp.add_pipe("claimtrail", config={"labels": {"FIRM": "ORG"}} | config)
    return nlp


@pytest.fixture(scope="module")
def nlp() -> spacy.Language:
    return own_pipeline()


@pytest.fixture(scope="module")
def doc(nlp: spacy.Language) -> Doc:
    return nlp(TEXT)


def spans(doc: Doc, key: str = "claims") -> list[tuple[str, str, str]]:
    return [(span.label_, span.text, span.id_) for span in doc.spans[key]]


def test_the_entities_of_the_pipeline_make_claims(doc: Doc) -> None:
    found = {(c.relation, c.person.name, c.org.name) for c in doc._.claims}
    assert found == {("LEAVES", "Yara Quell", "Brondex"), ("JOINS", "Yara Quell", "Lumenta Bank")}
    assert {(m.engine, m.model) for m in doc._.claim_mentions} == {("spacy", "en_pipeline 0.0.0")}
    for mention in doc._.claim_mentions:
        assert doc.text[mention.trigger.start : mention.trigger.end] == mention.trigger.text


def test_a_span_group_holds_what_each_mention_stands_on(doc: Doc) -> None:
    leaves = next(m for m in doc._.claim_mentions if m.relation == "LEAVES")
    mine = {(label, text) for label, text, mention in spans(doc) if mention == leaves.id}
    assert mine == {("LEAVES", "left"), ("person", "Yara Quell"), ("org", "Brondex"), ("when", "May 2024")}


def test_displacy_renders_the_claims(doc: Doc) -> None:
    page = displacy.render(doc, style="span", options={"spans_key": "claims"}, jupyter=False)
    assert "LEAVES" in page
    assert "role_to" in page


def test_the_document_itself_is_left_as_it_is(doc: Doc) -> None:
    plain = own_pipeline()
    plain.remove_pipe("claimtrail")
    before = plain(TEXT)
    assert [(e.text, e.label_) for e in doc.ents] == [(e.text, e.label_) for e in before.ents]
    assert [t.text for t in doc] == [t.text for t in before]


def test_claims_survive_storage(doc: Doc) -> None:
    box = DocBin(store_user_data=True, docs=[doc])
    (stored,) = DocBin(store_user_data=True).from_bytes(box.to_bytes()).get_docs(spacy.blank("en").vocab)
    again = Doc(spacy.blank("en").vocab).from_bytes(doc.to_bytes())
    for copy in (stored, again):
        assert copy._.claims == doc._.claims
        assert copy._.claim_mentions == doc._.claim_mentions
        assert spans(copy) == spans(doc)


def test_a_document_without_the_component_has_no_claims() -> None:
    assert spacy.blank("en")("It rained.")._.claims == []


def test_the_pipeline_can_be_stored_and_loaded(tmp_path: Path, doc: Doc) -> None:
    own_pipeline(spans_key="moves").to_disk(tmp_path / "model")
    again = spacy.load(tmp_path / "model")(TEXT)
    assert again._.claims == doc._.claims
    assert spans(again, "moves") == spans(doc)


def test_dates_and_ids_come_with_the_document_or_its_context(nlp: spacy.Language) -> None:
    text = "Yara Quell left Brondex on Monday."
    made = nlp.make_doc(text)
    made.user_data |= {"id": "a", "date": "2026-03-12"}
    pairs = nlp.pipe([(text, {"id": "b", "date": "2026-03-12"}), (text, None)], as_tuples=True)
    first, (second, context), (third, _) = nlp(made), *pairs
    assert context == {"id": "b", "date": "2026-03-12"}
    assert [d._.claims[0].when and d._.claims[0].when.value for d in (first, second, third)] == ["2026-03-09"] * 2 + [
        None
    ]
    assert [d._.claim_mentions[0].doc for d in (first, second)] == ["a", "b"]


def test_documents_resolve_over_languages(nlp: spacy.Language) -> None:
    german = own_pipeline("de")
    docs = [nlp("Yara Quell left Brondex in May 2024."), german("Yara Quell hat Brondex im Mai 2024 verlassen.")]
    (claim,) = resolve(mention for doc in docs for mention in doc._.claim_mentions)
    assert claim.languages == ["de", "en"]


def test_a_blank_pipeline_gets_our_entities_and_sentences() -> None:
    nlp = spacy.blank("de")
    nlp.add_pipe("claimtrail")
    doc = nlp("Yara Quell verlässt die Brondex AG.\n\nSie wechselt zur Lumenta Bank.")
    assert {c.relation for c in doc._.claims} == {"LEAVES", "JOINS"}
    assert not doc.ents
    assert {m.model.split()[0] for m in doc._.claim_mentions} == {"de_claimtrail"}


def test_our_entities_can_be_asked_for() -> None:
    mentions = own_pipeline(entities="own")("Yara Quell has left Brondex Inc.")._.claim_mentions
    assert {m.model.split()[0] for m in mentions} == {"en_claimtrail"}


def test_several_processes_give_the_same(nlp: spacy.Language, doc: Doc) -> None:
    for found in nlp.pipe([TEXT] * 3, n_process=2):
        assert found._.claims == doc._.claims


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"lang": "xx"}, "no language xx"),
        ({"entities": "yours"}, "auto, doc, own"),
        ({"labels": {"A": "B"}}, "no label B"),
    ],
)
def test_wrong_settings_are_refused(config: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        spacy.blank("en").add_pipe("claimtrail", config=config)


def test_a_text_whose_analysis_fails_is_left_to_the_error_handler_of_spacy(
    nlp: spacy.Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    component = nlp.get_pipe("claimtrail")
    assert isinstance(component, ClaimComponent)

    class Broken:
        name = "broken"

        def process(self, documents: Any) -> Any:
            raise ValueError("broken on purpose")

    monkeypatch.setattr(component.pipeline._later, "stages", [Broken()])
    with pytest.raises(RuntimeError, match="broken on purpose"):
        nlp("Yara Quell left Brondex.")
    seen = []
    nlp.set_error_handler(lambda name, proc, docs, error: seen.append(name))
    assert list(nlp.pipe(["Yara Quell left Brondex."])) == []
    assert seen == ["claimtrail"]


def test_spacy_finds_the_component_by_its_entry_point() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    module, _, name = project["entry-points"]["spacy_factories"]["claimtrail"].partition(":")
    assert hasattr(sys.modules[module], name)
    if not any(point.name == "claimtrail" for point in entry_points(group="spacy_factories")):
        pytest.skip("claimtrail is not installed here, only on the path")
    code = "import spacy; nlp = spacy.blank('en'); nlp.add_pipe('claimtrail'); print(nlp.pipe_names)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert re.search("claimtrail", done.stdout)
