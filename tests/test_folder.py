"""Reading an output folder: whole, broken, of another version, or none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from claimtrail import __version__
from claimtrail.output.folder import FolderError, Texts, open_folder
from claimtrail.runner import Request, run
from fakes import build, describe


@pytest.fixture
def out(tmp_path: Path) -> Path:
    texts = tmp_path / "in"
    texts.mkdir()
    (texts / "a.txt").write_text("Ann Marlow leaves Firm in 2024.\nBo Larch joins Firm.\n")
    (texts / "b.jsonl").write_text('{"id": "x", "text": "Cy Elder leaves Works."}\n{"id": "y"}\n')
    (texts / "c.html").write_text(
        "<html><body><p>Dee Aspen joins Works. " + "It is a long story. " * 20 + "</p></body></html>"
    )
    folder = tmp_path / "out"
    run(Request(paths=(str(texts),), out=folder), build=build, describe=describe)
    return folder


def test_the_records_of_a_run_are_read_in_order(out: Path) -> None:
    folder = open_folder(out)
    assert {claim.person.name for claim in folder.claims()} == {"Ann Marlow", "Bo Larch", "Cy Elder", "Dee Aspen"}
    assert len(list(folder.mentions())) == 4
    assert [record.doc for record in folder.documents()] == ["a.txt", "b.jsonl#x", "b.jsonl#2", "c.html"]
    assert folder.remarks == [f"1 of 4 texts failed; claimtrail stats {out} names them"]
    assert not folder.has_other_rules


def test_records_are_read_one_by_one_as_they_are_asked_for(out: Path) -> None:
    with (out / "claims.jsonl").open("ab") as file:
        file.write(b"{\n")
    claims = open_folder(out).claims()
    assert [next(claims).id for _ in range(4)]
    with pytest.raises(FolderError, match=r"claims.jsonl:5"):
        next(claims)


def test_the_texts_of_a_run_are_found_again_as_they_were_read(out: Path) -> None:
    folder = open_folder(out)
    texts = Texts(folder)
    records = {record.doc: record for record in folder.documents()}
    for mention in folder.mentions():
        text = texts.find(records[mention.doc])
        assert text is not None
        assert text[mention.sentence.start : mention.sentence.end] == mention.sentence.text
    assert texts.find(records["b.jsonl#2"]) is None


def test_a_text_that_changed_or_went_is_not_found(out: Path) -> None:
    folder = open_folder(out)
    records = {record.doc: record for record in folder.documents()}
    (out.parent / "in" / "a.txt").write_text("Nan Marlow leaves Firm in 2024.")
    assert Texts(folder).find(records["a.txt"]) is None
    assert Texts(folder, [str(out.parent / "elsewhere")]).find(records["a.txt"]) is None


def test_a_broken_line_is_named_with_its_place_or_passed_over(out: Path) -> None:
    lines = (out / "claims.jsonl").read_bytes().splitlines(keepends=True)
    (out / "claims.jsonl").write_bytes(lines[0] + lines[1][:50] + b"\n" + b"".join(lines[2:]))
    with pytest.raises(FolderError, match=r"is damaged: claims.jsonl:2: not JSON"):
        list(open_folder(out).claims())
    told: list[str] = []
    assert len(list(open_folder(out).claims(told.append))) == 3
    assert len(told) == 1
    assert told[0].startswith("claims.jsonl:2: not JSON")


def test_a_run_of_another_version_is_said_to_be_one(out: Path) -> None:
    record = json.loads((out / "run.json").read_bytes())
    (out / "run.json").write_text(json.dumps(record | {"version": "9.9.9"}))
    assert f"{out} was written by claimtrail 9.9.9, this is {__version__}" in open_folder(out).remarks
    lines = (out / "claims.jsonl").read_text().splitlines()
    (out / "claims.jsonl").write_text(lines[0].replace('"manner":', '"way":') + "\n")
    with pytest.raises(
        FolderError, match=r"written by claimtrail 9.9.9 and cannot be read by .*: claims.jsonl:1: manner: missing"
    ):
        list(open_folder(out).claims())
    (out / "run.json").write_text(json.dumps({"version": "9.9.9"}))
    with pytest.raises(FolderError, match=r"written by claimtrail 9.9.9 and cannot be read"):
        open_folder(out)


def test_other_fields_are_told_from_damage(out: Path) -> None:
    lines = (out / "claims.jsonl").read_text().splitlines()
    (out / "claims.jsonl").write_text(lines[0].replace('"manner":', '"way":') + "\n")
    with pytest.raises(
        FolderError, match=r"by another version of claimtrail, which has other fields; run it again: claims"
    ):
        list(open_folder(out).claims())


def test_what_is_no_output_folder_is_said_to_be_none(out: Path) -> None:
    with pytest.raises(FolderError, match=r"there is no such folder"):
        open_folder(out / "none")
    with pytest.raises(FolderError, match=r"is a file"):
        open_folder(out / "run.json")
    with pytest.raises(
        FolderError, match=r"holds no finished run: mentions.jsonl, claims.jsonl, documents.jsonl, run.json is missing"
    ):
        open_folder(out / "texts")
    (out / "run.json").write_text("{")
    with pytest.raises(FolderError, match=r"is damaged: run.json: not JSON"):
        open_folder(out)
    (out / "run.json").unlink()
    (out / ".journal.jsonl").write_text("")
    with pytest.raises(FolderError, match=r"broken off or still goes on"):
        open_folder(out)
