"""Wikidata: rows in the syntax of QuickStatements, with dates as qualifiers and the evidence as references."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from claimtrail.export.base import OWN_BASE, ExportError, Source, Written, whole
from claimtrail.export.rows import forms
from claimtrail.export.table_csv import cell
from claimtrail.records import ClaimRecord, EntityRecord, MentionRecord

_INSTANCE_OF, _HUMAN = "P31", "Q5"
_EMPLOYER, _POSITION = "P108", "P39"
_START, _END = "P580", "P582"
_NAMED_AS = "P1932"  # object named as: what the texts call what has no item yet
_URL, _QUOTATION = "S854", "S1683"
_UNKNOWN = "somevalue"
_PRECISIONS = {"year": 9, "month": 10, "day": 11}
_LONGEST = 350  # a quotation is evidence, not a copy
_QID = re.compile(r"Q[1-9]\d*")
_COLUMNS = ("id", "kind", "name", "forms", "qid")


def write(source: Source, folder: Path) -> Written:
    """Write ``quickstatements.tsv`` and ``entities.csv``.

    ``entities.csv`` lists people and organisations with a column ``qid``; once it is filled in, it is what ``--qids``
    takes. A person without an item is created, an organisation without one is a value unknown, named as in the text.
    The batch is to be looked through before it is run. Possible and denied claims and unnamed people are left out.
    """
    batch, table = folder / "quickstatements.tsv", folder / "entities.csv"
    people: dict[str, tuple[EntityRecord, list[str]]] = {}
    organisations: dict[str, EntityRecord] = {}
    left = 0
    for claim in source.claims():
        if claim.status != "actual" or claim.person.name.startswith("<"):
            left += 1
            continue
        people.setdefault(claim.person.id, (claim.person, []))[1].extend(_statements(source, claim))
        organisations.setdefault(claim.org.id, claim.org)
    with whole(batch) as partial, partial.open("w", encoding="utf-8", newline="\n") as file:
        for person, statements in people.values():
            item = source.qids.get(person.id)
            file.writelines(f"{line}\n" for line in ([] if item else _creation(person)))
            file.writelines(f"{item or 'LAST'}\t{statement}\n" for statement in dict.fromkeys(statements))
    with whole(table) as partial, partial.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        for kind, found in (("person", [p for p, _ in people.values()]), ("org", list(organisations.values()))):
            writer.writerows([*map(cell, (e.id, kind, e.name, forms(e))), source.qids.get(e.id, "")] for e in found)
    remarks = [f"{left} claims are left out: only what is actual, of people with a name, goes there"] if left else []
    unknown = sum(person not in source.qids for person in people)
    if unknown:
        remarks.append(f"{unknown} people have no item: look them up, fill in qid in {table}, and give it to --qids")
    return Written([batch, table], remarks)


def read_qids(path: Path) -> dict[str, str]:
    """Return the items of people and organisations by id, from a table with the columns ``id`` and ``qid``.

    Raises:
        ExportError: the table cannot be read, lacks a column, or holds something that is no item.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            if not {"id", "qid"} <= set(rows.fieldnames or ()):
                raise ExportError(f"{path} must have the columns id and qid")
            found = {row["id"]: (row["qid"] or "").strip() for row in rows}
    except OSError as error:
        raise ExportError(f"{path} cannot be read: {error.strerror or error}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise ExportError(f"{path} is no table in UTF-8: {error}") from error
    for key, item in found.items():
        if item and not _QID.fullmatch(item):
            raise ExportError(f"{path}: {item!r} of {key} is no item; write it as Q42")
    return {key: item for key, item in found.items() if item}


def _creation(person: EntityRecord) -> Iterator[str]:
    yield "CREATE"
    for lang, names in person.names.items():
        yield f"LAST\tL{lang}\t{_quoted(names[0])}"
        yield from (f"LAST\tA{lang}\t{_quoted(name)}" for name in names[1:])
    yield f"LAST\t{_INSTANCE_OF}\t{_HUMAN}"


def _statements(source: Source, claim: ClaimRecord) -> Iterator[str]:
    """Yield what a claim says of its person, without the person: property, value, qualifiers, references."""
    item = source.qids.get(claim.org.id)
    references = list(dict.fromkeys(_reference(source, mention) for mention in claim.mentions))
    # The first belongs to the statement as it is; each further one is told apart by an exclamation mark.
    references = [reference if not number else f"!{reference}" for number, reference in enumerate(references)]
    employer = [_EMPLOYER, item] if item else [_EMPLOYER, _UNKNOWN, _NAMED_AS, _quoted(claim.org.name)]
    if claim.relation in ("JOINS", "LEAVES"):
        yield "\t".join([*employer, *_date(claim, _START if claim.relation == "JOINS" else _END), *references])
    for post, limit in ((claim.role_from, _END), (claim.role_to, _START)):
        if post is not None:
            named = post.name if item else f"{post.name}, {claim.org.name}"
            position = [_POSITION, _UNKNOWN, _NAMED_AS, _quoted(named), *([_EMPLOYER, item] if item else [])]
            yield "\t".join([*position, *_date(claim, limit), *references])


def _date(claim: ClaimRecord, limit: str) -> list[str]:
    if claim.when is None:
        return []
    whole_date = (claim.when.value + "-00-00")[:10]
    return [limit, f"+{whole_date}T00:00:00Z/{_PRECISIONS[claim.when.precision]}"]


def _reference(source: Source, mention: MentionRecord) -> str:
    """Return the reference to one text: its address where it is known, and its words."""
    sentence = mention.sentence.text
    sentence = sentence if len(sentence) <= _LONGEST else sentence[:_LONGEST] + "…"
    quotation = f"{_QUOTATION}\t{mention.lang}:{_quoted(sentence)}"
    return f"{_URL}\t{_quoted(source.address(mention.doc))}\t{quotation}" if source.base != OWN_BASE else quotation


def _quoted(text: str) -> str:
    """Return a text as a value, which ends at a quotation mark, a tab or the end of a line."""
    return '"' + " ".join(text.replace('"', "”").split()) + '"'
