"""Records: round trips, refusal of unknown keys, the same bytes by both ways of writing, schemas."""

from __future__ import annotations

import copy
import json
from typing import Any

import jsonschema
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimtrail.document import Argument, Document, Facts, Label, Mention, Reference, ResolvedBy, Sentence, Span
from claimtrail.output.build import mention_records as written_records
from claimtrail.output.build import record_id
from claimtrail.output.decode import DecodeError, decode
from claimtrail.output.lines import LineError, line, parse, plain_line
from claimtrail.output.schema import RECORDS, files, folder, mismatches, schema_of, shipped
from claimtrail.records import (
    ClaimRecord,
    DateSpan,
    DateValue,
    DocumentRecord,
    EntityRecord,
    MentionRecord,
    NamedSpan,
    RunRecord,
    TextSpan,
)

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NAME = TEXT.filter(bool)
OFFSET = st.integers(0, 10**7)
CONFIDENCE = st.floats(0, 1).map(lambda x: round(x, 4))
ISO = st.sampled_from(["2024", "2024-08", "2024-08-05"])
PRECISION = st.sampled_from(["day", "month", "year"])
RELATION = st.sampled_from(["LEAVES", "JOINS", "ROLE_CHANGE"])
STATUS = st.sampled_from(["actual", "planned", "possible", "negated"])
SHA = st.text("0123456789abcdef", min_size=64, max_size=64)
HEX = st.text("0123456789abcdef", min_size=16, max_size=16)

text_spans = st.builds(TextSpan, OFFSET, OFFSET, TEXT)
named_spans = st.builds(
    NamedSpan, OFFSET, OFFSET, TEXT, NAME, st.sampled_from(["name", "alias", "coreference"])
) | st.builds(NamedSpan, st.none(), st.none(), st.none(), NAME, st.sampled_from(["author", "quote"]))
mention_records = st.builds(
    MentionRecord,
    id=HEX.map("mnt-".__add__),
    doc=NAME,
    doc_sha256=SHA,
    lang=NAME,
    offset_unit=st.just("codepoint"),
    relation=RELATION,
    status=STATUS,
    manner=st.none() | TEXT,
    sentence=text_spans,
    trigger=text_spans,
    person=named_spans,
    org=named_spans,
    role_from=st.none() | text_spans,
    role_to=st.none() | text_spans,
    when=st.none() | st.builds(DateSpan, OFFSET, OFFSET, TEXT, ISO, PRECISION),
    attributed_to=st.none() | text_spans,
    quoted=st.booleans(),
    rule=NAME,
    engine=NAME,
    model=NAME,
    confidence=CONFIDENCE,
    steps=st.lists(TEXT, max_size=2),
)
entity_records = st.builds(EntityRecord, NAME, NAME, st.dictionaries(NAME, st.lists(TEXT, max_size=2), max_size=2))
claim_records = st.builds(
    ClaimRecord,
    id=HEX.map("clm-".__add__),
    relation=RELATION,
    person=entity_records,
    org=entity_records,
    role_from=st.none() | entity_records,
    role_to=st.none() | entity_records,
    manner=st.none() | TEXT,
    status=STATUS,
    statuses=st.dictionaries(NAME, st.integers(0, 99), max_size=2),
    when=st.none() | st.builds(DateValue, ISO, PRECISION),
    languages=st.lists(TEXT, max_size=2),
    confidence=CONFIDENCE,
    merged_because=st.lists(TEXT, max_size=2),
    conflicts_with=st.lists(HEX.map("clm-".__add__), max_size=2),
    mentions=st.lists(mention_records, max_size=2),
)
document_records = st.builds(
    DocumentRecord,
    doc=NAME,
    state=st.sampled_from(["processed", "empty", "unsupported_language", "failed"]),
    reason=TEXT,
    sha256=st.none() | SHA,
    bytes=OFFSET,
    characters=OFFSET,
    encoding=st.none() | TEXT,
    lang=st.none() | TEXT,
    languages=st.lists(TEXT, max_size=2),
    date=st.none() | ISO,
    date_origin=st.none() | TEXT,
    sentences=OFFSET,
    mentions=OFFSET,
    left_out=OFFSET,
    text_file=st.none() | TEXT,
)
run_records = st.builds(
    RunRecord,
    program=NAME,
    version=NAME,
    python=NAME,
    rules_sha256=SHA,
    configuration=SHA,
    models=st.dictionaries(NAME, st.dictionaries(NAME, TEXT | OFFSET, max_size=2), max_size=2),
    options=st.dictionaries(NAME, TEXT | OFFSET | st.none(), max_size=2),
    inputs=st.lists(TEXT, max_size=2),
    skipped=OFFSET,
    counts=st.dictionaries(NAME, OFFSET, max_size=2),
    started=NAME,
    seconds=CONFIDENCE,
    stage_seconds=st.dictionaries(NAME, CONFIDENCE, max_size=2),
)
any_record = mention_records | claim_records | document_records | run_records


@given(any_record)
@settings(max_examples=150, deadline=None)
def test_both_ways_of_writing_give_the_same_bytes_and_reading_gives_the_record_back(record: Any) -> None:
    written = line(record)
    assert written == plain_line(record)
    assert type(record).from_json(written.decode()) == record
    assert parse(written, type(record), "here") == record


@given(any_record)
@settings(max_examples=100, deadline=None)
def test_a_written_record_is_one_line_for_every_reader(record: Any) -> None:
    assert len(line(record).decode().splitlines()) == 1


@given(any_record)
@settings(max_examples=100, deadline=None)
def test_every_record_fits_its_schema(record: Any) -> None:
    value = orjson.loads(line(record))
    jsonschema.validate(value, schema_of(type(record)), jsonschema.Draft202012Validator)
    assert mismatches(value, type(record)) == []


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, item in inner for place in places(item, (*path, key)))]


@given(any_record, st.data())
@settings(max_examples=300, deadline=None)
def test_our_check_and_the_json_schema_agree_on_what_is_wrong(record: Any, data: st.DataObject) -> None:
    value = orjson.loads(line(record))
    path = data.draw(st.sampled_from([p for p in places(value) if p]))
    broken = copy.deepcopy(value)
    parent = broken
    for key in path[:-1]:
        parent = parent[key]
    strange = st.sampled_from([None, 0, -1, 2, 0.5, "", "x", True, [], {}, "2024-08-05", "LEAVES"])
    parent[path[-1]] = data.draw(strange)
    wanted = jsonschema.Draft202012Validator(schema_of(type(record))).is_valid(broken)
    assert (mismatches(broken, type(record)) == []) == wanted
    if wanted:
        assert decode(broken, type(record)) == type(record).from_dict(broken)
        assert parse(orjson.dumps(broken), type(record), "here") == decode(broken, type(record))
    else:
        with pytest.raises(DecodeError):
            decode(broken, type(record))
        with pytest.raises(LineError):
            parse(orjson.dumps(broken), type(record), "here")


@pytest.mark.parametrize("name", RECORDS)
def test_the_schema_files_are_current(name: str) -> None:
    """If not: python -c 'from claimtrail.output.schema import write; write()'."""
    assert {path.name: path.read_bytes() for path in folder().glob("*.json")} == files()
    jsonschema.Draft202012Validator.check_schema(shipped(name))


def example() -> MentionRecord:
    record = MentionRecord(
        id="",
        doc="a.txt",
        doc_sha256="0" * 64,
        lang="en",
        offset_unit="codepoint",
        relation="LEAVES",
        status="actual",
        manner=None,
        sentence=TextSpan(0, 23, "Ann Marlow leaves Firm."),
        trigger=TextSpan(11, 17, "leaves"),
        person=NamedSpan(0, 10, "Ann Marlow", "Ann Marlow", "name"),
        org=NamedSpan(18, 22, "Firm", "Firm", "name"),
        role_from=None,
        role_to=None,
        when=None,
        attributed_to=None,
        quoted=False,
        rule="en/leaves/leave",
        engine="spacy",
        model="en_claimtrail 0.1.0",
        confidence=0.9,
    )
    return MentionRecord.from_dict({**record.to_dict(), "id": record_id(record)})


@pytest.mark.parametrize("where", [(), ("sentence",), ("person",)])
def test_an_unknown_key_is_refused(where: tuple[str, ...]) -> None:
    value = example().to_dict()
    inner: Any = value
    for key in where:
        inner = inner[key]
    inner["mood"] = "sad"
    with pytest.raises(LineError, match="here"):
        parse(json.dumps(value).encode(), MentionRecord, "here")


def test_the_id_of_a_mention_depends_on_hash_relation_and_spans_only() -> None:
    record = example()
    same = MentionRecord.from_dict(
        record.to_dict() | {"doc": "b.txt", "status": "negated", "confidence": 0.1, "rule": "x", "lang": "de"}
    )
    assert record_id(same) == record.id
    for change in ({"relation": "JOINS"}, {"doc_sha256": "1" * 64}, {"role_to": {"start": 1, "end": 2, "text": "n"}}):
        assert record_id(MentionRecord.from_dict(record.to_dict() | change)) != record.id


def test_a_record_says_how_a_pronoun_was_resolved() -> None:
    text = "She leaves Firm."
    she = Reference(0, 3, Label.PERSON, "p0", "Ann Marlow", ResolvedBy.COREFERENCE, 0.9, "pronoun: Ann Marlow, subject")
    firm = Reference(11, 15, Label.ORG, "o0", "Firm", ResolvedBy.NAME, 1.0, "named")
    document = Document(
        "a.txt",
        text,
        "0" * 64,
        sentences=(Sentence(0, 16, "en"),),
        facts=Facts(references=(she, firm)),
        mentions=(
            Mention(
                relation="LEAVES",
                sentence=0,
                trigger=Span(4, 10),
                rule="en/leaves/leave",
                person=Argument(0, 3, "Ann Marlow", "p0", ResolvedBy.COREFERENCE),
                org=Argument(11, 15, "Firm", "o0"),
                steps=("template verb",),
            ),
        ),
    )
    (record,) = written_records(document)
    assert record.steps == ["template verb", "person resolved: pronoun: Ann Marlow, subject"]
