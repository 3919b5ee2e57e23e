"""A whole run with stages that need no model: ledger, processes, refusals, resuming, the same bytes."""

from __future__ import annotations

import itertools
import json
import os
from pathlib import Path

import jsonschema
import pytest

from claimtrail import runner
from claimtrail.output.schema import RECORDS, shipped
from claimtrail.pipeline import Settings
from claimtrail.reading.read import ReaderOptions
from claimtrail.verify import verify
from fakes import build, build_raising, describe, refuse

BYTE_IDENTICAL = ("mentions.jsonl", "claims.jsonl", "documents.jsonl")


def write_texts(folder: Path, texts: dict[str, str | bytes]) -> Path:
    for name, content in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def run(folder: Path, out: Path, *, stages=build, report=None, **changes) -> runner.Summary:
    request = runner.Request(paths=(str(folder),), out=out, **changes)
    return runner.run(request, build=stages, describe=describe, report=report)


def ledger(out: Path) -> dict[str, dict]:
    return {row["doc"]: row for row in map(json.loads, (out / "documents.jsonl").read_text("utf-8").splitlines())}


def many_texts(folder: Path, count: int = 60) -> Path:
    people = ("Ann Marlow", "Bo Lindqvist", "Cara Oduya")
    return write_texts(
        folder,
        {f"{n:03}.txt": f"Line {n}.\n{people[n % 3]} leaves Firm{n % 7} in 20{n % 20:02}.\n" * 3 for n in range(count)},
    )


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    return write_texts(
        tmp_path / "in",
        {
            "a.txt": "Ann Marlow leaves Firm in 2024. Nothing else.",
            "b/c.txt": "Bo Lindqvist joins Firm.",
            "records.jsonl": '{"id": "one", "text": "Cara Oduya leaves Bank."}\n{broken\n'
            '{"id": 3, "text": "Nothing."}\n',
            "page.html": "<html><body><article><h1>News</h1><p>Dan Pike joins Bank. "
            + "The rest of the page is here only to make it long enough for an article. " * 4
            + "</p></article></body></html>",
        },
    )


def test_every_text_has_a_line_and_every_output_fits_its_schema(texts: Path, tmp_path: Path) -> None:
    summary = run(texts, tmp_path / "out")
    rows = ledger(tmp_path / "out")
    assert list(rows) == ["a.txt", "b/c.txt", "page.html", "records.jsonl#one", "records.jsonl#2", "records.jsonl#3"]
    assert rows["records.jsonl#2"]["state"] == "failed"
    assert "line 2" in rows["records.jsonl#2"]["reason"]
    assert {claim.person.name for claim in summary.claims} == {"Ann Marlow", "Bo Lindqvist", "Cara Oduya", "Dan Pike"}
    for name in RECORDS:
        content = (tmp_path / "out" / name).read_text("utf-8")
        for value in [content] if name == "run.json" else content.splitlines():
            jsonschema.validate(json.loads(value), shipped(name), jsonschema.Draft202012Validator)
    assert verify(tmp_path / "out", [str(texts)]).faults == []


def test_texts_of_pages_and_records_are_stored_beside_the_output(texts: Path, tmp_path: Path) -> None:
    run(texts, tmp_path / "out")
    rows = ledger(tmp_path / "out")
    assert rows["a.txt"]["text_file"] is None
    stored = (tmp_path / "out" / rows["records.jsonl#one"]["text_file"]).read_text("utf-8")
    assert stored == "Cara Oduya leaves Bank."
    assert (tmp_path / "out" / rows["page.html"]["text_file"]).is_file()
    mentions = [json.loads(line) for line in (tmp_path / "out" / "mentions.jsonl").read_text("utf-8").splitlines()]
    (pike,) = (m for m in mentions if m["doc"] == "page.html")
    page = (tmp_path / "out" / rows["page.html"]["text_file"]).read_text("utf-8")
    assert page[pike["person"]["start"] : pike["person"]["end"]] == "Dan Pike"


def test_one_and_four_processes_write_the_same_bytes(tmp_path: Path) -> None:
    texts = many_texts(tmp_path / "in")
    for out, jobs in (("one", 1), ("four", 4), ("again", 1)):
        run(texts, tmp_path / out, jobs=jobs)
    for name in BYTE_IDENTICAL:
        first = (tmp_path / "one" / name).read_bytes()
        assert first
        assert (tmp_path / "four" / name).read_bytes() == first
        assert (tmp_path / "again" / name).read_bytes() == first


def test_a_text_whose_stage_raises_fails_alone(tmp_path: Path) -> None:
    texts = write_texts(
        tmp_path / "in", {"a.txt": "Ann Marlow leaves Firm.", "b.txt": "RAISE", "c.txt": "Bo Lindqvist joins Firm."}
    )
    run(texts, tmp_path / "out")
    rows = ledger(tmp_path / "out")
    assert [row["state"] for row in rows.values()] == ["processed", "failed", "processed"]
    assert rows["b.txt"]["reason"] == "the stage 'pattern' failed: ValueError: the stage was told to raise"


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_text_that_kills_its_worker_fails_alone(tmp_path: Path, jobs: int) -> None:
    texts = many_texts(tmp_path / "in", 6)
    write_texts(texts, {"003.txt": "DIE", "005.txt": "DIE"})
    run(texts, tmp_path / "out", jobs=jobs)
    rows = ledger(tmp_path / "out")
    assert [name for name, row in rows.items() if row["state"] == "failed"] == ["003.txt", "005.txt"]
    assert "signal 9" in rows["003.txt"]["reason"]
    assert [row["mentions"] for row in rows.values()] == [3, 3, 3, 0, 3, 0]


def test_a_text_in_an_unsupported_language_keeps_its_reason(tmp_path: Path) -> None:
    run(write_texts(tmp_path / "in", {"a.txt": "ELVISH"}), tmp_path / "out")
    assert ledger(tmp_path / "out")["a.txt"]["state"] == "unsupported_language"
    assert ledger(tmp_path / "out")["a.txt"]["reason"] == "Elvish is not read here"


def test_workers_that_cannot_start_end_the_run_with_the_reason(tmp_path: Path) -> None:
    texts = write_texts(tmp_path / "in", {"a.txt": "Ann Marlow leaves Firm."})
    with pytest.raises(runner.StartError, match="no model could be loaded"):
        run(texts, tmp_path / "out", stages=refuse)


def test_a_folder_without_texts_is_refused(tmp_path: Path) -> None:
    write_texts(tmp_path / "in", {"picture.png": b"x"})
    with pytest.raises(runner.UsageError, match=r"\.txt, \.jsonl, \.html"):
        run(tmp_path / "in", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_folder_with_another_run_is_refused_and_overwritten_when_asked(texts: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_texts(out, {"README.md": "a note of the user"})
    run(texts, out)
    with pytest.raises(runner.UsageError, match="--overwrite"):
        run(texts, out)
    other = write_texts(tmp_path / "other", {"z.txt": "Zoe Quill joins Firm."})
    run(other, out, overwrite=True)
    assert list(ledger(out)) == ["z.txt"]
    assert sorted(os.listdir(out)) == ["README.md", *sorted(runner.FILES)]


def test_what_a_killed_run_left_half_written_is_cleared_away(texts: Path, tmp_path: Path) -> None:
    out = write_texts(tmp_path / "out", {".claims.jsonl.123.part": "half", "own.part": "of the user"})
    run(texts, out)
    assert sorted(os.listdir(out)) == sorted([*runner.FILES, "own.part", "texts"])


def test_the_output_folder_is_no_input(texts: Path) -> None:
    run(texts, texts / "out")
    run(texts, texts / "out", overwrite=True)
    assert len(ledger(texts / "out")) == 6


class BrokenOffError(Exception):
    pass


def break_off(texts: Path, out: Path, after: int) -> None:
    """Start a run and break it off after some texts."""
    told = itertools.count(1)

    def report(progress: runner.Progress) -> None:
        if next(told) == after:
            raise BrokenOffError

    with pytest.raises(BrokenOffError):
        run(texts, out, report=report)


@pytest.mark.parametrize("after", [1, 20, 59])
def test_a_resumed_run_writes_what_a_whole_run_writes(tmp_path: Path, after: int) -> None:
    texts = many_texts(tmp_path / "in")
    run(texts, tmp_path / "whole")
    break_off(texts, tmp_path / "out", after)
    assert not any((tmp_path / "out" / name).exists() for name in runner.FILES)
    with pytest.raises(runner.UsageError, match="--resume"):
        run(texts, tmp_path / "out")
    run(texts, tmp_path / "out", resume=True, jobs=2)
    for name in BYTE_IDENTICAL:
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
    assert not (tmp_path / "out" / runner.JOURNAL).exists()


def test_resuming_does_only_the_rest(tmp_path: Path) -> None:
    texts = many_texts(tmp_path / "in")
    break_off(texts, tmp_path / "out", 40)
    summary = run(texts, tmp_path / "out", resume=True, stages=build_raising)
    states = [record.state for record in summary.documents]
    assert states[:40] == ["processed"] * 40
    assert "failed" in states


def test_progress_tells_what_was_done_before(tmp_path: Path) -> None:
    texts = many_texts(tmp_path / "in")
    break_off(texts, tmp_path / "out", 40)
    heard: list[runner.Progress] = []
    run(texts, tmp_path / "out", report=heard.append, resume=True)
    assert [progress.texts for progress in heard] == list(range(1, 61))
    before = heard[39].done
    assert {(p.texts_before, p.done_before) for p in heard[39:]} == {(40, before)}
    assert heard[-1].done == heard[-1].total > before


def test_a_journal_broken_in_the_middle_of_a_line_is_resumed(tmp_path: Path) -> None:
    texts = many_texts(tmp_path / "in")
    run(texts, tmp_path / "whole")
    break_off(texts, tmp_path / "out", 40)
    journal = tmp_path / "out" / runner.JOURNAL
    journal.write_bytes(journal.read_bytes()[:-25])
    run(texts, tmp_path / "out", resume=True)
    for name in BYTE_IDENTICAL:
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


def test_resuming_under_another_configuration_is_refused(tmp_path: Path) -> None:
    texts = many_texts(tmp_path / "in")
    break_off(texts, tmp_path / "out", 20)
    for changes in ({"settings": Settings(min_confidence=0.5)}, {"reading": ReaderOptions(date="2024-01-02")}):
        with pytest.raises(runner.UsageError, match="another configuration"):
            run(texts, tmp_path / "out", resume=True, **changes)
    run(texts, tmp_path / "out", overwrite=True, settings=Settings(min_confidence=0.5))


def test_progress_reaches_its_total(texts: Path, tmp_path: Path) -> None:
    heard: list[runner.Progress] = []
    run(texts, tmp_path / "out", report=heard.append)
    assert [p.texts for p in heard] == [1, 2, 3, 4, 5, 6]
    assert all(p.done <= p.total for p in heard)
    assert [p.done for p in heard] == sorted(p.done for p in heard)
    size = sum(path.stat().st_size for path in texts.rglob("*") if path.is_file())
    assert {p.total for p in heard} == {size}


def test_a_page_that_kills_its_worker_fails_alone_and_is_resumed(tmp_path: Path) -> None:
    body = "The rest of the page is here only to make it long enough for an article. " * 4
    pages = {
        f"{n}.html": f"<html><body><article><p>Ann Marlow leaves Firm. {body}</p></article></body></html>"
        for n in "abc"
    }
    texts = write_texts(tmp_path / "in", pages | {"b.html": pages["b.html"].replace("Firm", "DIE")})
    run(texts, tmp_path / "whole", jobs=2)
    rows = ledger(tmp_path / "whole")
    assert [row["state"] for row in rows.values()] == ["processed", "failed", "processed"]
    assert "signal 9" in rows["b.html"]["reason"]
    assert verify(tmp_path / "whole", [str(texts)]).faults == []
    break_off(texts, tmp_path / "out", 2)
    run(texts, tmp_path / "out", resume=True)
    for name in BYTE_IDENTICAL:
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
