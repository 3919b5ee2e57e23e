"""SQLite with full-text search in every language: by trigrams, and by characters and pairs for short words."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from claimtrail.export.base import ExportError, Source, Written, whole
from claimtrail.export.rows import CLAIM_COLUMNS, EVIDENCE_COLUMNS, Column, claim_row, evidence_rows, forms
from claimtrail.records import ClaimRecord, EntityRecord

_LEAST = (3, 34)  # the first with the trigram tokenizer
_GROUP = 2_000
_TYPES = {"text": "TEXT", "texts": "TEXT", "integer": "INTEGER", "number": "REAL", "truth": "INTEGER"}
_SEARCHED = ("sentence", "person", "org", "post")

# Scripts without spaces between words: ideographs, kana, and the marks that stand between them in a word.
_UNSPACED = re.compile(
    "[\u3005-\u3007\u3041-\u309f\u30a1-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
)

_SCHEMA = f"""
CREATE TABLE claims ({{claims}}, PRIMARY KEY (id)) WITHOUT ROWID;
CREATE TABLE evidence (number INTEGER PRIMARY KEY, {{evidence}}, FOREIGN KEY (claim_id) REFERENCES claims (id));
CREATE TABLE names (entity_id TEXT, kind TEXT, lang TEXT, name TEXT, PRIMARY KEY (entity_id, lang, name)) WITHOUT ROWID;
CREATE TABLE documents (
    doc TEXT PRIMARY KEY, state TEXT, reason TEXT, sha256 TEXT, bytes INTEGER, characters INTEGER, lang TEXT,
    date TEXT, mentions INTEGER
) WITHOUT ROWID;
CREATE TABLE run (record TEXT);
CREATE VIRTUAL TABLE search USING fts5 (claim_id UNINDEXED, {", ".join(_SEARCHED)}, tokenize = 'trigram');
CREATE VIRTUAL TABLE search_short USING fts5 ({", ".join(_SEARCHED)}, content = '', tokenize = 'unicode61');
"""

_INDEXES = """
CREATE INDEX claims_by_person ON claims (person_id);
CREATE INDEX claims_by_org ON claims (org_id);
CREATE INDEX claims_by_date ON claims (when_value);
CREATE INDEX evidence_by_claim ON evidence (claim_id);
CREATE INDEX names_by_name ON names (name);
INSERT INTO search (search) VALUES ('optimize');
INSERT INTO search_short (search_short) VALUES ('optimize');
"""


def write(source: Source, folder: Path) -> Written:
    """Write ``claims.sqlite``: tables of claims, evidence, names and texts, and two full-text indexes of the evidence.

    ``search`` finds any three characters or more, in any script; ``search_short`` finds words of languages with
    spaces, and one or two characters of Chinese and Japanese. Both have the row numbers of ``evidence``, and the names
    of people, organisations and posts in all languages beside each sentence.
    """
    if sqlite3.sqlite_version_info < _LEAST:
        raise ExportError(f"--to sqlite needs SQLite 3.34 or newer, this Python has {sqlite3.sqlite_version}")
    path = folder / "claims.sqlite"
    with whole(path) as partial, closing(sqlite3.connect(partial)) as base:
        # The file is new, and takes its place only when it is whole.
        base.execute("PRAGMA journal_mode = OFF")
        base.execute("PRAGMA synchronous = OFF")
        definitions = {"claims": _definitions(CLAIM_COLUMNS), "evidence": _definitions(EVIDENCE_COLUMNS)}
        base.executescript(_SCHEMA.format(**definitions))
        base.execute("INSERT INTO run VALUES (?)", [orjson.dumps(source.folder.run).decode()])
        _fill_documents(base, source)
        _fill_claims(base, source.claims())
        base.executescript(_INDEXES)
        base.commit()
    return Written([path], [])


def grams(text: str) -> str:
    """Return text with every character and every pair of characters of scripts without spaces as a word."""
    return _UNSPACED.sub(_pieces, text)


def _pieces(match: re.Match[str]) -> str:
    run = match[0]
    pairs = (run[place : place + 2] for place in range(len(run) - 1))
    return f" {' '.join([*run, *pairs])} "


def _definitions(columns: Sequence[Column]) -> str:
    return ", ".join(f"{column.name} {_TYPES[column.kind]}" for column in columns)


def _fill_documents(base: sqlite3.Connection, source: Source) -> None:
    rows = (
        (r.doc, r.state, r.reason, r.sha256, r.bytes, r.characters, r.lang, r.date, r.mentions)
        for r in source.folder.documents()
    )
    base.executemany("INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


def _fill_claims(base: sqlite3.Connection, claims: Iterator[ClaimRecord]) -> None:
    number = 0
    while group := list(islice(claims, _GROUP)):
        base.executemany(_insert("claims", len(CLAIM_COLUMNS)), (_values(claim_row(c), CLAIM_COLUMNS) for c in group))
        names = ((*entry, lang, form) for c in group for *entry, lang, form in _names(c))
        base.executemany("INSERT OR IGNORE INTO names VALUES (?, ?, ?, ?)", names)
        evidence, search, short = [], [], []
        for claim in group:
            words = _searched(claim)
            for row in evidence_rows(claim):
                number += 1
                evidence.append((number, *_values(row, EVIDENCE_COLUMNS)))
                search.append((number, claim.id, row["sentence_text"], *words))
                short.append((number, *map(grams, (row["sentence_text"], *words))))
        base.executemany(_insert("evidence", len(EVIDENCE_COLUMNS) + 1), evidence)
        columns = ", ".join(_SEARCHED)
        base.executemany(f"INSERT INTO search (rowid, claim_id, {columns}) VALUES (?, ?, ?, ?, ?, ?)", search)
        base.executemany(f"INSERT INTO search_short (rowid, {columns}) VALUES (?, ?, ?, ?, ?)", short)


def _insert(table: str, columns: int) -> str:
    return f"INSERT INTO {table} VALUES ({', '.join('?' * columns)})"


def _values(row: dict[str, Any], columns: Sequence[Column]) -> list[Any]:
    """Return a row's values; lists are JSON, which SQLite can take apart."""
    return [
        orjson.dumps(row[column.name]).decode() if column.kind == "texts" else row[column.name] for column in columns
    ]


def _entities(claim: ClaimRecord) -> Iterable[tuple[str, EntityRecord | None]]:
    return ("person", claim.person), ("org", claim.org), ("post", claim.role_from), ("post", claim.role_to)


def _names(claim: ClaimRecord) -> Iterator[tuple[str, str, str, str]]:
    for kind, entity in _entities(claim):
        if entity is not None:
            for lang, found in entity.names.items():
                yield from ((entity.id, kind, lang, form) for form in found)


def _searched(claim: ClaimRecord) -> tuple[str, str, str]:
    """Return all forms of the names of a claim, by which each of its sentences is found, in whatever language."""
    posts = [form for entity in (claim.role_from, claim.role_to) if entity is not None for form in _readings(entity)]
    return " · ".join(_readings(claim.person)), " · ".join(_readings(claim.org)), " · ".join(posts)


def _readings(entity: EntityRecord) -> list[str]:
    return [*forms(entity), *([entity.romanised] if entity.romanised else [])]
