"""verify finds every kind of damage to a run, and nothing in a run without any."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from claimtrail import runner
from claimtrail.verify import VerifyError, verify
from fakes import build, describe

Rows = dict[str, Any]


@pytest.fixture
def run_on_texts(tmp_path: Path) -> tuple[Path, Path]:
    """A small run: its input folder and its output folder."""
    texts = tmp_path / "in"
    texts.mkdir()
    (texts / "a.txt").write_text("Ann Marlow leaves Firm in 2024.\nBo Lindqvist joins Firm.\n", "utf-8")
    (texts / "b.txt").write_text("Später: Ann Marlow leaves Firm.\n", "utf-8")
    (texts / "c.jsonl").write_text('{"id": "x", "text": "Cara Oduya joins Bank."}\n', "utf-8")
    (texts / "empty.txt").write_bytes(b"")
    out = tmp_path / "out"
    runner.run(runner.Request(paths=(str(texts),), out=out), build=build, describe=describe)
    return texts, out


def change(path: Path, how: Callable[[list[Rows]], object]) -> None:
    rows = [json.loads(row) for row in path.read_text("utf-8").splitlines()]
    how(rows)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def test_a_whole_run_has_no_faults(run_on_texts: tuple[Path, Path]) -> None:
    texts, out = run_on_texts
    report = verify(out, [str(texts)])
    assert report.faults == []
    assert (report.documents, report.mentions, report.claims) == (4, 4, 3)
    assert report.spans == 4 * 4 + 1


def test_stored_texts_are_checked_without_the_inputs(run_on_texts: tuple[Path, Path]) -> None:
    _, out = run_on_texts
    faults = verify(out, []).faults
    assert len(faults) == 2
    assert all("not at hand" in fault for fault in faults)


def set_field(row: int, *path: str, value: object) -> Callable[[list[Rows]], object]:
    def how(rows: list[Rows]) -> None:
        place: Any = rows[row]
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = value

    return how


def drop(row: int) -> Callable[[list[Rows]], object]:
    def how(rows: list[Rows]) -> None:
        del rows[row]

    return how


def repeat(row: int) -> Callable[[list[Rows]], object]:
    def how(rows: list[Rows]) -> None:
        rows.append(rows[row])

    return how


@pytest.mark.parametrize(
    ("file", "how", "said"),
    [
        ("mentions.jsonl", set_field(0, "person", "text", value="Ann Marlo"), "person 0:10 is 'Ann Marlow'"),
        ("mentions.jsonl", set_field(0, "person", "start", value=1), "the id must be"),
        ("mentions.jsonl", set_field(0, "when", "text", value="2023"), "when 26:30"),
        ("mentions.jsonl", set_field(0, "id", value="mnt-0123456789abcdef"), "the id must be"),
        ("mentions.jsonl", set_field(0, "relation", value="MARRIES"), "relation MARRIES is none of"),
        ("mentions.jsonl", set_field(0, "mood", value="sad"), "mood: unknown"),
        ("mentions.jsonl", set_field(0, "status", value="planned"), "is another in mentions.jsonl"),
        ("mentions.jsonl", set_field(0, "doc", value="z.txt"), "the ledger has no line for its text"),
        ("mentions.jsonl", set_field(0, "doc", value="empty.txt"), "the ledger says that its text is empty"),
        ("mentions.jsonl", set_field(0, "doc_sha256", value="0" * 64), "another hash"),
        ("mentions.jsonl", drop(0), "is not in mentions.jsonl"),
        ("mentions.jsonl", repeat(0), "occurs 2 times"),
        ("claims.jsonl", drop(0), "is in no claim"),
        ("claims.jsonl", repeat(0), "is in 2 claims"),
        ("claims.jsonl", set_field(0, "languages", value=["de"]), "languages"),
        ("claims.jsonl", set_field(0, "conflicts_with", value=["clm-0123456789abcdef"]), "which is no other claim"),
        ("claims.jsonl", set_field(0, "mentions", value=[]), "a claim without mentions"),
        ("claims.jsonl", set_field(0, "id", value="clm-0123456789abcdef"), "the id must be"),
        ("documents.jsonl", drop(0), "the ledger has no line for it"),
        ("documents.jsonl", repeat(0), "has 2 lines"),
        ("documents.jsonl", set_field(0, "doc", value="y.txt"), "there is no such input"),
        ("documents.jsonl", set_field(0, "mentions", value=7), "the ledger says 7 mentions, there are 2"),
        ("documents.jsonl", set_field(0, "sha256", value="0" * 64), "sha256 is"),
        ("documents.jsonl", set_field(0, "characters", value=3), "characters is"),
        ("documents.jsonl", set_field(3, "reason", value=""), "gives no reason"),
        ("documents.jsonl", set_field(2, "text_file", value="texts/none.txt"), "texts/none.txt is missing"),
        ("documents.jsonl", set_field(2, "text_file", value="../in/a.txt"), "../in/a.txt is missing"),
    ],
)
def test_damage_to_a_file_is_found(
    run_on_texts: tuple[Path, Path], file: str, how: Callable[[list[Rows]], object], said: str
) -> None:
    texts, out = run_on_texts
    change(out / file, how)
    assert said in "\n".join(verify(out, [str(texts)]).faults)


def test_a_changed_text_is_found(run_on_texts: tuple[Path, Path]) -> None:
    texts, out = run_on_texts
    (texts / "a.txt").write_text("X Ann Marlow leaves Firm in 2024.\n", "utf-8")
    faults = "\n".join(verify(out, [str(texts)]).faults)
    assert "a.txt: sha256 is" in faults
    assert "a.txt: mnt-" in faults


def test_a_changed_stored_text_is_found(run_on_texts: tuple[Path, Path]) -> None:
    texts, out = run_on_texts
    (stored,) = (out / "texts").iterdir()
    stored.write_text("Cara Oduya joins Banc.", "utf-8")
    assert "has another hash than the ledger says" in "\n".join(verify(out, [str(texts)]).faults)


def test_a_new_text_without_a_line_is_found(run_on_texts: tuple[Path, Path]) -> None:
    texts, out = run_on_texts
    (texts / "new.txt").write_text("Nothing here.", "utf-8")
    assert "new.txt: the ledger has no line for it" in verify(out, [str(texts)]).faults


def test_wrong_counts_of_the_run_are_found(run_on_texts: tuple[Path, Path]) -> None:
    texts, out = run_on_texts
    run = json.loads((out / "run.json").read_text("utf-8"))
    run["counts"]["claims"] = 17
    (out / "run.json").write_text(json.dumps(run), "utf-8")
    assert verify(out, [str(texts)]).faults == ["run.json: counts.claims is 17, the files have 3"]


def test_a_folder_without_a_finished_run_is_refused(run_on_texts: tuple[Path, Path]) -> None:
    texts, out = run_on_texts
    (out / "run.json").unlink()
    with pytest.raises(VerifyError, match=r"run\.json is missing"):
        verify(out, [str(texts)])
