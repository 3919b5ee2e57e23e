"""Exports, read again by the programs they are for."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import jsonschema
import pandas
import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyld import jsonld
from typer.testing import CliRunner

from claimtrail.cli import app
from claimtrail.export.formats import FORMATS
from claimtrail.export.rows import CLAIM_COLUMNS, EVIDENCE_COLUMNS, all_evidence, claim_row
from claimtrail.export.sqlite import grams
from claimtrail.export.table_csv import cell
from claimtrail.output.folder import open_folder
from runs import ALL, LEAVES_DE, LEAVES_EN, TEXTS, Said, claim, mention, write_run


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return write_run(tmp_path / "out")


def call(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(a) for a in arguments], env={"COLUMNS": "100", "TERM": "dumb"})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def exported(out: Path, form: str, *options: object) -> Path:
    status, shown, said = call("export", out, "--to", form, *options)
    assert status == 0, said
    files = [Path(line) for line in shown.splitlines()]
    assert files
    assert all(file.is_file() for file in files)
    assert not list(files[0].parent.glob(".*")), "nothing half written is left"
    return files[0].parent


# CSV


def test_csv_holds_every_claim_and_every_mention(out: Path) -> None:
    folder = exported(out, "csv")
    claims = pandas.read_csv(folder / "claims.csv", encoding="utf-8-sig", keep_default_na=False)
    assert list(claims.columns) == [column.name for column in CLAIM_COLUMNS]
    assert list(claims["person"]) == ["Anna Kern", "Anna Kern", "佐倉真央", "程立秋"]
    assert claims["person_names"][0] == "Anna Kern"
    assert claims["org_names"][0] == "Kranwerk AG | Kranwerk"
    evidence = pandas.read_csv(folder / "evidence.csv", encoding="utf-8-sig", keep_default_na=False)
    assert list(evidence.columns) == [column.name for column in EVIDENCE_COLUMNS]
    assert set(evidence["claim_id"]) == set(claims["id"])
    for _, row in evidence.iterrows():
        assert TEXTS[row["doc"]][row["trigger_start"] : row["trigger_end"]] == row["trigger_text"]


def test_csv_opens_in_a_spreadsheet_with_its_letters(out: Path) -> None:
    content = (exported(out, "csv") / "claims.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in content
    assert "佐倉真央".encode() in content


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＠"])
def test_a_name_that_looks_like_a_formula_is_text(tmp_path: Path, start: str) -> None:
    name = f'{start}HYPERLINK("http://example.org";"x")'
    record = claim(mention(LEAVES_EN))
    out = write_run(tmp_path / "out", [replace(record, person=replace(record.person, name=name))])
    with (exported(out, "csv") / "claims.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["person"] == f"'{name}"


@given(st.text())
def test_no_cell_is_run_and_every_cell_can_be_had_back(text: str) -> None:
    made = cell(text)
    assert not made.startswith(("=", "+", "-", "@"))
    stream = io.StringIO(newline="")
    csv.writer(stream).writerow([made])
    stream.seek(0)
    assert text == "" or next(csv.reader(stream)) == [made]
    assert made.removeprefix("'") == text.replace("\0", "\ufffd").removeprefix("'") or made == text


# Parquet and DuckDB


def test_parquet_has_types_and_lists(out: Path) -> None:
    folder = exported(out, "parquet")
    claims = pyarrow.parquet.read_table(folder / "claims.parquet").to_pylist()
    assert claims == [claim_row(record) for record in open_folder(out).claims()]
    evidence = pyarrow.parquet.read_table(folder / "evidence.parquet")
    assert evidence.to_pylist() == list(all_evidence(open_folder(out).claims()))
    assert evidence.schema.field("quoted").type == pyarrow.bool_()
    assert pandas.read_parquet(folder / "evidence.parquet")["confidence"].max() == 0.9


def test_duckdb_reads_parquet_and_csv(out: Path) -> None:
    folder = exported(out, "parquet")
    exported(out, "csv")
    query = "SELECT count(*) FROM '{0}/claims.{1}' c JOIN '{0}/evidence.{1}' e ON e.claim_id = c.id WHERE list_contains({2}, 'ja')"
    assert duckdb.sql(query.format(folder, "parquet", "c.languages")).fetchall() == [(1,)]
    assert duckdb.sql(query.format(folder, "csv", "string_split(c.languages, ' | ')")).fetchall() == [(1,)]


def test_parquet_without_its_library_is_refused_in_a_sentence(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    status, shown, said = call("export", out, "--to", "parquet")
    assert (status, shown) == (2, "")
    assert "--to parquet needs pyarrow, which is not installed: pip install pyarrow" in said


# SQLite


def found(base: sqlite3.Connection, query: str, table: str = "search") -> set[str]:
    rows = base.execute(
        f"SELECT e.doc FROM {table} s JOIN evidence e ON e.number = s.rowid WHERE {table} MATCH ?", [query]
    )
    return {doc for (doc,) in rows}


def test_sqlite_holds_claims_evidence_names_and_texts(out: Path) -> None:
    with closing(sqlite3.connect(exported(out, "sqlite") / "claims.sqlite")) as base:
        base.row_factory = sqlite3.Row
        assert base.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert base.execute("PRAGMA foreign_key_check").fetchall() == []
        claims = [dict(row) for row in base.execute("SELECT * FROM claims ORDER BY id")]
        wanted = sorted((claim_row(record) for record in open_folder(out).claims()), key=lambda row: row["id"])
        assert [json.loads(row["languages"]) for row in claims] == [row["languages"] for row in wanted]
        assert [row["person"] for row in claims] == [row["person"] for row in wanted]
        assert base.execute("SELECT count(*) FROM evidence").fetchone()[0] == 5
        assert base.execute("SELECT count(*) FROM documents WHERE state = 'failed'").fetchone()[0] == 1
        org = base.execute("SELECT entity_id FROM names WHERE name = 'Kranwerk' AND kind = 'org'").fetchone()[0]
        assert base.execute("SELECT count(*) FROM claims WHERE org_id = ?", [org]).fetchone()[0] == 1
        assert json.loads(base.execute("SELECT record FROM run").fetchone()[0])["program"] == "claimtrail"


@pytest.mark.parametrize(
    ("query", "docs"),
    [
        ("首席执行官", {"zh.txt"}),
        ("发表", set()),
        ("佐倉真", {"ja.txt"}),
        ("verlässt", {"de.txt"}),
        ("kranwerk", {"de.txt", "en.txt"}),
        ("sentence:Unternehmen", {"de.txt"}),
        ("chief financial officer", {"de.txt", "en.txt"}),
    ],
)
def test_search_finds_three_characters_or_more_of_any_script(out: Path, query: str, docs: set[str]) -> None:
    with closing(sqlite3.connect(exported(out, "sqlite") / "claims.sqlite")) as base:
        assert found(base, query) == docs


@pytest.mark.parametrize(
    ("query", "docs"),
    [
        ("辞任", {"ja.txt"}),
        ("社長", {"ja.txt"}),
        ("加入", {"zh.txt"}),
        ("银行", {"zh.txt"}),
        ("程", {"zh.txt"}),
        ("任社", set()),
        ("Kern", {"de.txt", "en.txt"}),
        ("she", {"en.txt"}),
        ("person:真央 AND sentence:月", {"ja.txt"}),
    ],
)
def test_words_of_two_characters_and_one_are_found_too(out: Path, query: str, docs: set[str]) -> None:
    with closing(sqlite3.connect(exported(out, "sqlite") / "claims.sqlite")) as base:
        assert found(base, query, "search_short") == docs


def test_a_sentence_is_found_by_a_name_of_another_language(tmp_path: Path) -> None:
    record = claim(mention(LEAVES_DE))
    named = replace(record.person, names={"de": ["Anna Kern"], "ja": ["アンナ・ケルン"]})
    out = write_run(tmp_path / "out", [replace(record, person=named)])
    with closing(sqlite3.connect(exported(out, "sqlite") / "claims.sqlite")) as base:
        assert found(base, "アンナ") == {"de.txt"}
        assert found(base, "person:ルン", "search_short") == {"de.txt"}


@given(st.text(alphabet="退任辞社長 ab、1", min_size=1, max_size=12))
def test_every_character_and_pair_of_chinese_and_japanese_is_a_word(text: str) -> None:
    words = grams(text).split()
    for place, character in enumerate(text):
        if character in "退任辞社長":
            assert character in words
            if text[place + 1 : place + 2] and text[place + 1] in "退任辞社長":
                assert text[place : place + 2] in words


# FollowTheMoney


def entities(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "entities.ftm.json").read_text("utf-8").splitlines()]


def statements(folder: Path) -> list[dict[str, str]]:
    with (folder / "statements.ftm.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_followthemoney_takes_every_entity_and_value(out: Path) -> None:
    from followthemoney import model  # noqa: PLC0415 - it takes long to load

    made = entities(exported(out, "ftm", "--base", "https://news.example.org/"))
    schemata = sorted(entity["schema"] for entity in made)
    assert schemata == ["Document"] * 3 + ["Employment"] * 2 + ["Organization"] * 2 + ["Person"] * 2
    for entity in made:
        schema = model.get(entity["schema"])
        assert schema is not None
        if schema.get("proof") is None:
            # Only version 4, which not every machine can install, lets an interval name its texts.
            entity["properties"].pop("proof", None)
        schema.validate(entity)
        proxy = model.get_proxy(entity)
        for name in schema.required:
            assert proxy.get(name), f"{entity['schema']} lacks {name}"
        for name, values in entity["properties"].items():
            prop = schema.get(name)
            assert prop is not None
            assert not prop.stub
            for value in values:
                assert prop.type.validate(value), f"{name}: {value}"
                # What is cleaned is as we wrote it: nothing is lost on the way in.
                assert prop.type.clean(value) == value
        assert proxy.to_dict()["properties"].keys() == entity["properties"].keys()


def test_an_employment_ends_with_the_post_the_date_and_the_texts(out: Path) -> None:
    made = entities(exported(out, "ftm"))
    by_id = {entity["id"]: entity for entity in made}
    left = next(e for e in made if e["schema"] == "Employment" and "2025-05" in e["properties"].get("endDate", []))
    properties = left["properties"]
    assert by_id[properties["employee"][0]]["properties"]["name"] == ["Anna Kern"]
    assert by_id[properties["employer"][0]]["properties"] == {"name": ["Kranwerk AG"], "alias": ["Kranwerk"]}
    assert properties["role"] == ["chief financial officer"]
    assert {by_id[doc]["properties"]["fileName"][0] for doc in properties["proof"]} == {"de.txt", "en.txt"}
    assert "startDate" not in properties


def test_every_value_has_a_statement_that_says_where_it_was_read(out: Path) -> None:
    folder = exported(out, "ftm")
    rows = statements(folder)
    assert len({row["id"] for row in rows}) == len(rows)
    told = {(row["entity_id"], row["prop"], row["value"]) for row in rows}
    held = {(e["id"], prop, v) for e in entities(folder) for prop, values in e["properties"].items() for v in values}
    assert told == held
    mentions = {m.id: m for c in open_folder(out).claims() for m in c.mentions}
    role = [row for row in rows if row["prop"] == "role" and row["lang"] == "deu"]
    assert [(row["value"], row["original_value"]) for row in role] == [("chief financial officer", "Finanzvorständin")]
    assert mentions[role[0]["origin"]].doc == "de.txt"
    employer = [
        row["original_value"] for row in rows if row["prop"] == "employer" and row["origin"] == role[0]["origin"]
    ]
    assert employer == ["das Unternehmen"]


def test_followthemoney_reads_the_statements(out: Path) -> None:
    statement = pytest.importorskip("followthemoney.statement", reason="only from version 4 on")
    path = exported(out, "ftm") / "statements.ftm.csv"
    read = list(statement.read_path_statements(path, "csv"))
    assert len(read) == len(statements(path.parent))
    assert [s.prop_type for s in read] == [row["prop_type"] for row in statements(path.parent)]


def test_what_is_denied_or_possible_is_no_employment_and_said_not_to_be(out: Path) -> None:
    status, _, said = call("export", out, "--to", "ftm")
    assert status == 0
    assert "2 claims are left out" in said


# Web Annotation

WADM = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$ref": "#/$defs/collection",
    "$defs": {
        "iri": {"type": "string", "pattern": r"^[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]+$"},
        "motivation": {"enum": ["describing", "tagging", "identifying", "linking"]},
        "collection": {
            "type": "object",
            "required": ["@context", "id", "type", "first"],
            "properties": {
                "@context": {"const": "http://www.w3.org/ns/anno.jsonld"},
                "id": {"$ref": "#/$defs/iri"},
                "type": {"const": "AnnotationCollection"},
                "total": {"type": "integer", "minimum": 0},
                "first": {"$ref": "#/$defs/page"},
            },
            "additionalProperties": False,
        },
        "page": {
            "type": "object",
            "required": ["id", "type", "items"],
            "properties": {
                "id": {"$ref": "#/$defs/iri"},
                "type": {"const": "AnnotationPage"},
                "startIndex": {"const": 0},
                "items": {"type": "array", "items": {"$ref": "#/$defs/annotation"}},
            },
            "additionalProperties": False,
        },
        "annotation": {
            "type": "object",
            "required": ["id", "type", "target"],
            "properties": {
                "id": {"$ref": "#/$defs/iri"},
                "type": {"const": "Annotation"},
                "motivation": {"$ref": "#/$defs/motivation"},
                "generator": {
                    "type": "object",
                    "required": ["id"],
                    "properties": {
                        "id": {"$ref": "#/$defs/iri"},
                        "type": {"const": "Software"},
                        "name": {"type": "string"},
                    },
                    "additionalProperties": False,
                },
                "body": {
                    "type": "array",
                    "minItems": 1,
                    "items": {"anyOf": [{"$ref": "#/$defs/text"}, {"$ref": "#/$defs/link"}]},
                },
                "target": {"$ref": "#/$defs/target"},
            },
            "additionalProperties": False,
        },
        "text": {
            "type": "object",
            "required": ["type", "value"],
            "properties": {
                "type": {"const": "TextualBody"},
                "purpose": {"$ref": "#/$defs/motivation"},
                "format": {"const": "text/plain"},
                "value": {"type": "string"},
            },
            "additionalProperties": False,
        },
        "link": {
            "type": "object",
            "required": ["type", "source"],
            "properties": {
                "type": {"const": "SpecificResource"},
                "purpose": {"$ref": "#/$defs/motivation"},
                "source": {"anyOf": [{"$ref": "#/$defs/iri"}, {"type": "object", "required": ["id"]}]},
            },
            "additionalProperties": False,
        },
        "target": {
            "type": "object",
            "required": ["type", "source", "selector"],
            "properties": {
                "type": {"const": "SpecificResource"},
                "source": {
                    "type": "object",
                    "required": ["id"],
                    "properties": {
                        "id": {"$ref": "#/$defs/iri"},
                        "type": {"const": "Text"},
                        "format": {"const": "text/plain"},
                        "language": {"type": "string", "pattern": "^[a-z]{2,3}$"},
                    },
                    "additionalProperties": False,
                },
                "selector": {
                    "type": "array",
                    "prefixItems": [{"$ref": "#/$defs/position"}, {"$ref": "#/$defs/quotation"}],
                    "items": False,
                },
            },
            "additionalProperties": False,
        },
        "position": {
            "type": "object",
            "required": ["type", "start", "end"],
            "properties": {
                "type": {"const": "TextPositionSelector"},
                "start": {"type": "integer", "minimum": 0},
                "end": {"type": "integer", "minimum": 0},
            },
            "additionalProperties": False,
        },
        "quotation": {
            "type": "object",
            "required": ["type", "exact"],
            "properties": {
                "type": {"const": "TextQuoteSelector"},
                **{name: {"type": "string", "minLength": 1} for name in ("exact", "prefix", "suffix")},
            },
            "additionalProperties": False,
        },
    },
}
"""What the Web Annotation Data Model says of the parts that we use."""

OA, AS = "http://www.w3.org/ns/oa#", "http://www.w3.org/ns/activitystreams#"
_REFERENCES = ["target:hasTarget", "body:hasBody", "source:hasSource", "selector:hasSelector"]
CONTEXT = {
    "@context": {
        "id": "@id",
        "type": "@type",
        **{
            name: OA + name
            for name in ("Annotation", "TextualBody", "SpecificResource", "start", "end", "exact", "prefix", "suffix")
        },
        **{name: OA + name for name in ("TextPositionSelector", "TextQuoteSelector")},
        **{name: OA + name for name in ("describing", "tagging", "identifying", "linking")},
        **{term.split(":")[0]: {"@id": OA + term.split(":")[1], "@type": "@id"} for term in _REFERENCES},
        "motivation": {"@id": OA + "motivatedBy", "@type": "@vocab"},
        "purpose": {"@id": OA + "hasPurpose", "@type": "@vocab"},
        "generator": {"@id": AS + "generator", "@type": "@id"},
        "Software": AS + "Application",
        "AnnotationCollection": AS + "OrderedCollection",
        "AnnotationPage": AS + "OrderedCollectionPage",
        "total": AS + "totalItems",
        "startIndex": AS + "startIndex",
        "first": {"@id": AS + "first", "@type": "@id"},
        "items": {"@id": AS + "items", "@type": "@id", "@container": "@list"},
        "Text": "http://purl.org/dc/dcmitype/Text",
        "format": "http://purl.org/dc/elements/1.1/format",
        "language": "http://purl.org/dc/elements/1.1/language",
        "name": "http://xmlns.com/foaf/0.1/name",
        "value": "http://www.w3.org/1999/02/22-rdf-syntax-ns#value",
    }
}
"""The terms of the W3C's context that we use, as it defines them: a test must not ask the network."""


def test_annotations_are_as_the_data_model_says(out: Path) -> None:
    made = json.loads((exported(out, "webannotation") / "annotations.jsonld").read_bytes())
    jsonschema.validate(made, WADM, jsonschema.Draft202012Validator)
    items = made["first"]["items"]
    assert len(items) == made["total"]
    assert len({item["id"] for item in items}) == len(items)


def test_every_term_of_an_annotation_means_something_in_json_ld(out: Path) -> None:
    made = json.loads((exported(out, "webannotation") / "annotations.jsonld").read_bytes())

    def load(url: str, options: object = None) -> dict[str, Any]:
        assert url == "http://www.w3.org/ns/anno.jsonld"
        return {"contextUrl": None, "documentUrl": url, "contentType": "application/ld+json", "document": CONTEXT}

    expanded = jsonld.expand(made, {"documentLoader": load})
    (items,) = expanded[0][AS + "first"][0][AS + "items"]
    assert len(items["@list"]) == made["total"]

    def keys(value: object) -> set[str]:
        if isinstance(value, dict):
            return set(value) | {key for item in value.values() for key in keys(item)}
        return {key for item in value for key in keys(item)} if isinstance(value, list) else set()

    # A term without a meaning would be dropped.
    local = {term for term in keys(made) if term != "@context"}
    assert all(term in CONTEXT["@context"] for term in local)
    assert OA + "hasSelector" in keys(expanded)
    assert (OA + "exact") in keys(expanded)
    quads = jsonld.to_rdf(made, {"documentLoader": load, "format": "application/n-quads"})
    assert quads.count(f"<{OA}hasTarget>") == made["total"]


def test_every_selector_finds_its_words_by_position_and_by_quotation(out: Path) -> None:
    made = json.loads((exported(out, "webannotation") / "annotations.jsonld").read_bytes())
    for item in made["first"]["items"]:
        text = TEXTS[item["target"]["source"]["id"].removeprefix("urn:claimtrail:")]
        position, quotation = item["target"]["selector"]
        assert text[position["start"] : position["end"]] == quotation["exact"]
        around = quotation.get("prefix", "") + quotation["exact"] + quotation.get("suffix", "")
        assert text.count(around) == 1
        assert text.index(around) + len(quotation.get("prefix", "")) == position["start"]


def test_annotations_of_texts_that_are_gone_quote_from_the_sentence(out: Path) -> None:
    (out.parent / "out-in" / "zh.txt").unlink()
    assert "1 texts are not at hand" in call("export", out, "--to", "webannotation")[2]
    made = json.loads((exported(out, "webannotation") / "annotations.jsonld").read_bytes())
    jsonschema.validate(made, WADM, jsonschema.Draft202012Validator)
    selectors = [
        i["target"]["selector"] for i in made["first"]["items"] if i["id"].endswith("/trigger") and "zh.txt" in i["id"]
    ]
    assert selectors[0][1]["prefix"] == "据悉，程立秋将"


def test_texts_have_the_addresses_that_the_user_gives(out: Path) -> None:
    made = json.loads(
        (exported(out, "webannotation", "--base", "https://example.org/n/") / "annotations.jsonld").read_bytes()
    )
    assert {i["target"]["source"]["id"] for i in made["first"]["items"]} >= {"https://example.org/n/zh.txt"}


# Wikidata

_STRING = r'"[^"\t\n]*"'
_VALUE = rf"(?:Q[1-9]\d*|somevalue|{_STRING}|[a-z-]+:{_STRING}|\+\d{{4}}-\d\d-\d\dT00:00:00Z/(?:9|10|11))"
_COMMAND = re.compile(
    rf"CREATE|(?:LAST|Q[1-9]\d*)\t(?:[LAD][a-z-]+\t{_STRING}|P[1-9]\d*\t{_VALUE}(?:\tP[1-9]\d*\t{_VALUE})*(?:\t!?S[1-9]\d*\t{_VALUE})*)"
)


def commands(folder: Path) -> list[str]:
    return (folder / "quickstatements.tsv").read_text("utf-8").splitlines()


def test_rows_are_in_the_syntax_of_quickstatements(out: Path) -> None:
    lines = commands(exported(out, "wikidata", "--base", "https://example.org/n/"))
    for line in lines:
        assert _COMMAND.fullmatch(line), line
    assert lines.count("CREATE") == 2
    assert lines[0] == "CREATE"
    assert "LAST\tP31\tQ5" in lines
    assert 'LAST\tLja\t"佐倉真央"' in lines


def test_dates_are_qualifiers_and_texts_are_references(out: Path) -> None:
    line = next(
        line for line in commands(exported(out, "wikidata", "--base", "https://example.org/n/")) if "\tP108\t" in line
    )
    cells = line.split("\t")
    assert cells[1:7] == ["P108", "somevalue", "P1932", '"Kranwerk AG"', "P582", "+2025-05-00T00:00:00Z/10"]
    assert cells[7:11] == ["S854", '"https://example.org/n/de.txt"', "S1683", f'de:"{TEXTS["de.txt"].strip()}"']
    assert cells[11:13] == ["!S854", '"https://example.org/n/en.txt"']


def test_known_items_take_the_place_of_new_ones(out: Path, tmp_path: Path) -> None:
    table = exported(out, "wikidata") / "entities.csv"
    rows = pandas.read_csv(table, encoding="utf-8-sig", keep_default_na=False, dtype=str)
    assert list(rows["name"]) == ["Anna Kern", "佐倉真央", "Kranwerk AG", "蔵前工業"]
    rows.loc[rows["name"] == "Anna Kern", "qid"] = "Q101"
    rows.loc[rows["name"] == "Kranwerk AG", "qid"] = "Q202"
    filled = tmp_path / "filled.csv"
    rows.to_csv(filled, index=False, encoding="utf-8-sig")
    lines = commands(exported(out, "wikidata", "--qids", filled, "-o", tmp_path / "again"))
    assert lines.count("CREATE") == 1
    assert any(line.startswith("Q101\tP108\tQ202\tP582\t") for line in lines)
    assert any(
        line.startswith('Q101\tP39\tsomevalue\tP1932\t"chief financial officer"\tP108\tQ202\t') for line in lines
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("id,qid\nper-1,42\n", "'42' of per-1 is no item"),
        ("id,name\n", "must have the columns id and qid"),
        (None, "cannot be read"),
    ],
)
def test_a_table_of_items_that_is_none_is_refused(out: Path, tmp_path: Path, content: str | None, said: str) -> None:
    table = tmp_path / "items.csv"
    if content is not None:
        table.write_text(content)
    status, shown, told = call("export", out, "--to", "wikidata", "--qids", table)
    assert (status, shown) == (2, "")
    assert said in told


def test_no_text_breaks_a_row(tmp_path: Path) -> None:
    text = 'Anna "A|B\t=1" Kern has left Kranwerk.\n'
    said = Said("en.txt", "LEAVES", "actual", "left", 'Anna "A|B\t=1" Kern', "Kranwerk")
    out = write_run(tmp_path / "out", [claim(mention(said, text))], texts={"en.txt": text})
    for line in commands(exported(out, "wikidata")):
        assert _COMMAND.fullmatch(line), line


# All of them


@pytest.mark.parametrize("form", FORMATS)
def test_an_empty_run_gives_files_without_claims(tmp_path: Path, form: str) -> None:
    out = write_run(tmp_path / "out", [], texts={})
    folder = exported(out, form)
    if form == "webannotation":
        jsonschema.validate(json.loads((folder / "annotations.jsonld").read_bytes()), WADM)


@pytest.mark.parametrize("form", FORMATS)
def test_a_broken_line_leaves_the_files_of_before(out: Path, form: str) -> None:
    folder = exported(out, form)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with (out / "claims.jsonl").open("ab") as file:
        file.write(b"{\n")
    status, shown, said = call("export", out, "--to", form)
    assert (status, shown) == (2, "")
    assert "is damaged: claims.jsonl:5: not JSON" in said
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_claims_give_the_same_bytes(out: Path, tmp_path: Path, form: str) -> None:
    one, other = exported(out, form, "-o", tmp_path / "one"), exported(out, form, "-o", tmp_path / "other")
    assert [p.name for p in sorted(one.iterdir())] == [p.name for p in sorted(other.iterdir())]
    assert all(path.read_bytes() == (other / path.name).read_bytes() for path in one.iterdir())


@pytest.mark.parametrize("form", FORMATS)
def test_an_author_whom_no_text_names_does_no_harm(tmp_path: Path, form: str) -> None:
    record = claim(mention(replace(ALL[0][1], name="<author of en.txt>")))
    made = exported(write_run(tmp_path / "out", [record]), form)
    if form in ("ftm", "wikidata"):
        assert not any(b"author of" in path.read_bytes() for path in made.iterdir())


def test_claims_are_chosen_by_status_and_confidence(out: Path) -> None:
    folder = exported(out, "csv", "--status", "actual,negated", "--min-confidence", "0.85")
    assert list(pandas.read_csv(folder / "claims.csv", encoding="utf-8-sig")["status"]) == ["actual", "actual"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--to", "xlsx"], "--to xlsx: there is csv, parquet, sqlite, ftm, webannotation, wikidata"),
        (["--to", "csv", "--status", "sure"], "--status sure: there is"),
        (["--to", "csv", "--qids", "x"], "--qids is for --to wikidata"),
        (["--to", "csv", "-o", "FILE"], "cannot be written to"),
        ([], "--to"),
    ],
)
def test_wrong_use_is_refused(out: Path, options: list[str], said: str) -> None:
    given = [str(out / "claims.jsonl") if option == "FILE" else option for option in options]
    status, shown, told = call("export", out, *given)
    assert (status, shown) == (2, "")
    assert said in told


def test_a_folder_that_is_none_is_refused_and_not_made(tmp_path: Path) -> None:
    status, _, said = call("export", tmp_path / "none", "--to", "csv")
    assert status == 2
    assert "there is no such folder" in said
    assert not (tmp_path / "none").exists()
