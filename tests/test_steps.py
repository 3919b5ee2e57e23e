"""claimtrail as a step of other programs: texts, annotated documents, lines, batches."""

from __future__ import annotations

import doctest
import io
import itertools
import json
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import claimtrail
from claimtrail import Text
from claimtrail.document import Document, Label, State
from claimtrail.output.build import record_id
from claimtrail.output.lines import parse
from claimtrail.pipeline import SettingsError
from claimtrail.reading.read import ReaderOptions
from claimtrail.records import ClaimRecord, MentionRecord
from claimtrail.steps import api
from claimtrail.steps.annotation import labelled, stanza_annotation
from claimtrail.steps.batches import Columns, on_batch
from claimtrail.steps.lines import LineAnswer, LineOptions, answer_lines
from claimtrail.steps.texts import Item, TextClaims, as_text, document_of
from fakes import PatternStage

ROOT = Path(__file__).parents[1]
MOVE = "Ann Marlow leaves Firm in 2024."


class Patterned(claimtrail.Pipeline):
    """A pipeline without models: it finds what the pattern of the tests finds."""

    def __init__(self) -> None:
        super().__init__(languages=["en"])
        self._chain.stages = [PatternStage()]


@pytest.fixture
def patterned() -> Patterned:
    return Patterned()


@pytest.fixture(scope="module")
def english() -> claimtrail.Pipeline:
    return claimtrail.load(languages=["en"])


# Texts


def test_texts_come_in_every_shape_and_keep_their_context(patterned: Patterned) -> None:
    record = {"text": MOVE, "id": 7, "date": "2024-05-01", "more": [1]}
    items: list[Item] = [MOVE, (MOVE, 3), (MOVE, {"id": "x"}), record, Text(text=MOVE, id="t", context="c")]
    found = list(patterned.pipe(items))
    assert [doc.id for doc in found][2:] == ["x", "7", "t"]
    assert found[0].id == found[1].id == f"text-{found[0].document.sha256[:16]}"
    assert [doc.context for doc in found] == [None, 3, {"id": "x"}, record, "c"]
    assert [doc.date for doc in found] == ["", "", "", "2024-05-01", ""]
    for doc in found:
        (mention,) = doc.mentions
        (claim,) = doc.claims
        assert claim.mentions == [mention]
        assert mention.doc == doc.id


@pytest.mark.parametrize("wrong", [5, b"bytes", {"body": MOVE}, {"text": 5}, (5, MOVE), None])
def test_what_is_no_text_is_refused(wrong: Any) -> None:
    with pytest.raises(TypeError):
        as_text(wrong)


def test_one_string_is_no_list_of_languages() -> None:
    with pytest.raises(TypeError, match="not one string"):
        claimtrail.Pipeline(languages="de")
    with pytest.raises(SettingsError):
        claimtrail.load(languages=["xx"])


def test_texts_are_taken_one_by_one_and_without_end(patterned: Patterned) -> None:
    taken = 0

    def endless() -> Iterator[str]:
        nonlocal taken
        for taken in itertools.count(1):  # noqa: B007 - read outside
            yield MOVE

    for number, _ in enumerate(patterned.pipe(endless()), 1):
        assert taken == number
        if number == 50:
            break


def test_a_text_that_fails_does_not_stop_the_others(patterned: Patterned) -> None:
    bad, empty, foreign, good = patterned.pipe(["RAISE", " \n", "ELVISH words", MOVE])
    assert (bad.state, bad.mentions) == (State.FAILED, ())
    assert "told to raise" in bad.reason
    assert (empty.state, empty.reason) == (State.EMPTY, "nothing but white space")
    assert foreign.state is State.UNSUPPORTED_LANGUAGE
    assert len(good.claims) == 1


def test_a_text_with_half_a_character_is_a_text() -> None:
    assert document_of(as_text("half \ud83d")).sha256


def test_threads_that_share_a_pipeline_get_the_same_answers(patterned: Patterned) -> None:
    texts = [f"Ann Marlow{'n' * n} leaves Firm in 2024." for n in range(40)]
    alone = [doc.mentions for doc in patterned.pipe(texts)]
    answers: dict[int, list[Any]] = {}

    def work(number: int) -> None:
        answers[number] = [doc.mentions for doc in patterned.pipe(texts)]

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(answer == alone for answer in answers.values())


def test_a_pipeline_is_pickled_as_its_settings() -> None:
    made = claimtrail.Pipeline(languages=["de"], min_confidence=0.7)
    again = pickle.loads(pickle.dumps(made))
    assert again.settings == made.settings
    assert pickle.dumps(made.on_batch()) == pickle.dumps(
        claimtrail.Pipeline(languages=["de"], min_confidence=0.7).on_batch()
    )


# Resolving


def test_what_pipe_yields_and_the_records_of_it_resolve_alike(patterned: Patterned) -> None:
    found = list(patterned.pipe([MOVE, "On Monday Ann Marlow leaves Firm in 2024.", "Bob Tiller joins Firm.", MOVE]))
    claims = claimtrail.resolve(found)
    assert sorted(len(claim.mentions) for claim in claims) == [1, 2]
    assert all(isinstance(claim, ClaimRecord) for claim in claims)
    assert claimtrail.resolve(mention for doc in found for mention in doc.mentions) == claims


def test_two_texts_of_one_id_are_refused(patterned: Patterned) -> None:
    found = list(patterned.pipe([Text(text=MOVE, id="a"), Text(text="Bob Tiller joins Firm.", id="a")]))
    with pytest.raises(ValueError, match="two different texts have the id a"):
        claimtrail.resolve(found)
    with pytest.raises(ValueError, match="two different texts have the id a"):
        claimtrail.resolve(mention for doc in found for mention in doc.mentions)


@pytest.mark.slow
def test_pipe_and_resolve_give_what_a_run_gives() -> None:
    run = (
        [parse(row, ClaimRecord, "claims.jsonl") for row in (ROOT / "out" / "claims.jsonl").read_bytes().splitlines()]
        if (ROOT / "out" / "claims.jsonl").is_file()
        else None
    )
    pipeline = claimtrail.load()
    texts = [Text(text=path.read_bytes().decode(), id=path.name) for path in sorted((ROOT / "seeds").glob("*.txt"))]
    found = list(pipeline.pipe(texts))
    claims = claimtrail.resolve(found)
    if run is None:
        run = pipeline.claims({text.id: text.text for text in texts})
    assert {claim.id for claim in claims} == {claim.id for claim in run}
    rebuilt = claimtrail.resolve(mention for doc in found for mention in doc.mentions)
    told = {mention.id for claim in rebuilt for mention in claim.mentions}
    assert told == {mention.id for doc in found for mention in doc.mentions}
    assert all(record_id(mention) == mention.id for claim in rebuilt for mention in claim.mentions)


# Annotations of others


def entity(text: str, part: str, label: str) -> tuple[int, int, str]:
    start = text.index(part)
    return start, start + len(part), label


def test_labels_of_official_models_are_known_and_others_can_be_mapped() -> None:
    spans = [(0, 1, "PER"), (1, 2, "ORG"), (2, 3, "FIRM"), (3, 4, "NOBODY_KNOWS")]
    assert [e.label for e in labelled(spans, {"FIRM": "ORG"})] == [Label.PERSON, Label.ORG, Label.ORG]


@dataclass
class FakeStanza:
    """A document as Stanza's: sentences of tokens of words, and entities, with offsets into the text."""

    text: str | None
    names: Mapping[str, str] = field(default_factory=dict)
    lang: str | None = "en"
    tagged: bool = True

    @property
    def sentences(self) -> list[Any]:
        out, place = [], 0
        for sentence in (self.text or "").split("\n"):
            tokens = []
            for number, form in enumerate(sentence.split(" "), 1):
                start = (self.text or "").index(form, place)
                place = start + len(form)
                word = SimpleNamespace(id=number, head=0 if number == 1 else 1, upos="X", deprel="dep")
                tokens.append(
                    SimpleNamespace(
                        text=form, start_char=start, end_char=place, words=[word], ner="O" if self.tagged else None
                    )
                )
            out.append(SimpleNamespace(tokens=tokens))
        return out

    @property
    def ents(self) -> list[Any]:
        found = []
        for name, label in self.names.items():
            start, end, _ = entity(self.text or "", name, label)
            found.append(SimpleNamespace(text=name, start_char=start, end_char=end, type=label))
        return found


STANZA = FakeStanza("Yara Quell has left Brondex Inc .\nIt rained .", {"Yara Quell": "PERSON", "Brondex Inc": "ORG"})


def test_a_stanza_document_is_read_without_stanza() -> None:
    found = stanza_annotation(STANZA)
    assert (found.lang, found.engine) == ("en", "stanza")
    assert [STANZA.text[a:b] for a, b in found.sentences or ()] == STANZA.text.split("\n")
    assert [STANZA.text[e.start : e.end] for e in found.entities or ()] == ["Yara Quell", "Brondex Inc"]
    assert stanza_annotation(FakeStanza(STANZA.text, tagged=False)).entities is None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (FakeStanza(None), "no text"),
        (FakeStanza("It rained .", lang=None), "language"),
    ],
)
def test_a_stanza_document_without_text_or_language_is_refused(wrong: FakeStanza, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        stanza_annotation(wrong)


@pytest.mark.slow
def test_entities_of_a_stanza_document_make_claims(english: claimtrail.Pipeline) -> None:
    found = english.from_stanza(STANZA, id="s", date="2026-03-12", context=1)
    (claim,) = found.claims
    assert (claim.relation, claim.person.name, claim.org.name) == ("LEAVES", "Yara Quell", "Brondex Inc")
    assert (found.id, found.date, found.context) == ("s", "2026-03-12", 1)
    assert (claim.mentions[0].engine, claim.mentions[0].model) == ("stanza", "stanza en")
    # nothing is marked, so nobody moves
    assert english.from_stanza(FakeStanza("yara quell has left brondex inc .")).claims == []
    with pytest.raises(ValueError, match="no language fr here"):
        english.from_stanza(FakeStanza(STANZA.text, lang="fr"))


@pytest.mark.slow
def test_a_stanza_pipeline_without_entities_gets_ours(english: claimtrail.Pipeline) -> None:
    text = "Yara Quell has left Brondex Inc .\nIt rained ."
    (claim,) = english.from_stanza(FakeStanza(text, tagged=False)).claims
    assert claim.mentions[0].engine == "spacy"


# Lines


def answers(pipeline: Any, content: bytes, **options: Any) -> list[LineAnswer]:
    reading = options.pop("reading", ReaderOptions())
    return list(answer_lines(pipeline, io.BytesIO(content), LineOptions(reading=reading, **options)))


def rows(found: Iterable[LineAnswer]) -> list[dict[str, Any]]:
    return [json.loads(row) for answer in found for row in answer.output.splitlines()]


def jsonl(*records: object) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def test_records_on_lines_give_their_mentions_in_order(patterned: Patterned) -> None:
    found = answers(patterned, jsonl({"id": "a", "text": MOVE}, {"id": "b", "text": "-"}, {"id": 3, "text": MOVE}))
    assert [row["doc"] for row in rows(found)] == ["a", "3"]
    for row in rows(found):
        assert parse(json.dumps(row).encode(), MentionRecord, "line").rule == "en/leaves/test"


def test_plain_lines_are_texts(patterned: Patterned) -> None:
    found = answers(patterned, f"\ufeff{MOVE}\n\n  \nBob Tiller joins Firm.\r\nnobody moves".encode())
    assert [row["relation"] for row in rows(found)] == ["LEAVES", "JOINS"]
    assert [answer.number for answer in found] == [1, 4, 5]
    assert rows(answers(patterned, b"{" + MOVE.encode(), plain=True))


def test_fields_are_carried_through(patterned: Patterned) -> None:
    lines = jsonl({"text": MOVE, "url": "u", "meta": {"n": [1, None]}}, {"text": MOVE})
    assert [row["input"] for row in rows(answers(patterned, lines, carry=("url", "meta")))] == [
        {"url": "u", "meta": {"n": [1, None]}},
        {"url": None, "meta": None},
    ]
    assert all("input" not in row for row in rows(answers(patterned, lines)))


def test_bad_lines_are_told_and_the_rest_is_answered(patterned: Patterned) -> None:
    bad = [b"{", b'"text"', b"[1]", b"{}", b'{"text": 5}', b'{"text": "\\ud800"}', b'{"text": "RAISE"}']
    content = b"\n".join([jsonl({"text": MOVE}).strip(), *bad, jsonl({"text": MOVE}).strip()])
    found = answers(patterned, content)
    assert [answer.failed for answer in found] == [False, *[True] * len(bad), False]
    assert all(answer.complaint for answer in found[1:-1])
    assert len(rows(found)) == 2
    whole = rows(answers(patterned, content, per_text=True))
    assert len(whole) == len(bad) + 2
    assert {row["state"] for row in whole[1:-1]} == {"failed"}


def test_a_line_that_is_too_long_is_told(patterned: Patterned) -> None:
    found = answers(patterned, MOVE.encode() + b"\n" + b"x" * 5000, reading=ReaderOptions(max_bytes=1000))
    assert [answer.failed for answer in found] == [False, True]
    assert "too large" in found[1].complaint


def test_each_text_gets_a_line_if_asked_for(patterned: Patterned) -> None:
    found = rows(
        answers(patterned, jsonl({"text": MOVE}, {"text": "-"}, {"text": ""}, {"text": "ELVISH"}), per_text=True)
    )
    assert [row["state"] for row in found] == ["processed", "processed", "empty", "unsupported_language"]
    assert [len(row["mentions"]) for row in found] == [1, 0, 0, 0]


def test_a_line_is_answered_before_the_next_is_read(patterned: Patterned) -> None:
    class Dripping(io.BytesIO):
        lines = 0

        def readline(self, size: int | None = -1) -> bytes:
            self.lines += 1
            return f"{MOVE}\n".encode()

    stream = Dripping()
    for number, answer in enumerate(answer_lines(patterned, stream, LineOptions(reading=ReaderOptions())), 1):
        assert stream.lines == number == answer.number
        if number == 20:
            break


class Silent:
    """A pipeline that finds nothing, in no time."""

    def pipe(self, texts: Iterable[Item]) -> Iterator[TextClaims]:
        for item in texts:
            text = as_text(item)
            document = Document(doc_id="d", text=text.text, sha256="0" * 64)
            yield TextClaims("d", text.text, "en", "", State.PROCESSED, "", text.context, (), document)


@given(st.lists(st.binary(max_size=40).filter(lambda b: b"\n" not in b), max_size=8))
def test_whatever_bytes_come_each_line_that_is_not_blank_is_answered(lines: list[bytes]) -> None:
    found = answers(Silent(), b"\n".join(lines), per_text=True, carry=("a",))
    filled = [n for n, line in enumerate(lines, 1) if (line.removeprefix(b"\xef\xbb\xbf") if n == 1 else line).strip()]
    assert [answer.number for answer in found] == filled
    assert all(answer.output.endswith(b"\n") and answer.output.count(b"\n") == 1 for answer in found)


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-c", "from claimtrail.cli import main; main()", "extract", "--lang", "en", *arguments]


@pytest.mark.slow
def test_extract_is_a_filter_of_the_shell() -> None:
    text = "Yara Quell has left Brondex Inc to join Lumenta Bank."
    lines = jsonl({"id": "a", "text": text, "url": "u"}, {"id": "b"}, {"id": "c", "text": text})
    done = subprocess.run(command("--carry", "url"), input=lines, capture_output=True, check=False)
    assert done.returncode == 1
    assert done.stderr == b"claimtrail: line 2: the text field 'text' is missing\n"
    found = [json.loads(row) for row in done.stdout.splitlines()]
    assert [name for name, _ in itertools.groupby(row["doc"] for row in found)] == ["a", "c"]
    assert found[0]["input"] == {"url": "u"}


@pytest.mark.slow
def test_an_answer_is_there_before_the_input_ends_and_a_closed_pipe_is_no_failure_of_ours() -> None:
    process = subprocess.Popen(
        command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0
    )
    assert process.stdin and process.stdout and process.stderr
    text = b"Yara Quell has left Brondex Inc.\n"
    process.stdin.write(text)
    assert json.loads(process.stdout.readline())["relation"] == "LEAVES"
    process.stdout.close()
    process.stdin.write(text)
    process.stdin.close()
    assert process.wait(60) == 141
    assert process.stderr.read() == b""
    process.stderr.close()


@pytest.mark.slow
def test_extract_with_wrong_options_is_refused() -> None:
    done = subprocess.run(command("--lang", "xx"), input=b"", capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"no language xx" in done.stderr


# Batches


def test_a_batch_of_columns_gets_a_column_of_claims(patterned: Patterned) -> None:
    batch = {"body": [MOVE, "-", None, "RAISE"], "key": ["a", "b", "c", "d"], "day": ["2024-05-01", None, "", 3]}
    made = on_batch(patterned, Columns(text="body", id="key", date="day", claims="found"))(batch)
    assert list(made) == ["found"]
    claims = [json.loads(text) for text in made["found"]]
    assert [len(found) for found in claims] == [1, 0, 0, 0]
    assert claims[0][0]["mentions"][0]["doc"] == "a"
    with pytest.raises(KeyError):
        on_batch(patterned, Columns(text="nothing"))(batch)


@pytest.mark.slow
@pytest.mark.parametrize("module", [api])
def test_the_examples_of_the_docstrings_hold(module: Any) -> None:
    done = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert done.attempted >= 8
    assert done.failed == 0


def test_importing_the_package_takes_next_to_no_time() -> None:
    code = "import time; t = time.perf_counter(); import claimtrail; print(time.perf_counter() - t)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    assert float(done.stdout) < 0.05
