"""What a run holds while it goes on: journal, list of inputs and ids take little, and say what has changed."""

from __future__ import annotations

import gc
import json
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimtrail import runner
from claimtrail.document import Document, State
from claimtrail.output.journal import Journal, JournalError, key_of
from claimtrail.output.store import Outcome
from claimtrail.reading.ids import UniqueIds
from claimtrail.reading.inputs import InputFile, InputFiles, Kind, find_inputs
from claimtrail.worker import outcome_of
from fakes import build, describe


def document(number: int, **changes: object) -> Document:
    return Document(doc_id=f"{number}.txt", text=f"text {number}", sha256=f"{number:064x}", **changes)  # type: ignore[arg-type]


def outcome(doc: Document, *mentions: bytes) -> Outcome:
    return Outcome(outcome_of(doc, doc, Path()).record, mentions, b'{"doc":"x"}' if mentions else b"")


def filled(path: Path, count: int) -> None:
    with Journal(path, {}) as journal:
        for number in range(count):
            journal.add(key_of(document(number)), outcome(document(number), *[b'{"m":%d}' % number] * (number % 3)))


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_journal_cut_anywhere_holds_the_texts_before_the_cut_and_goes_on(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("journal") / "journal"
    filled(path, 6)
    whole = path.read_bytes()
    path.write_bytes(whole[: data.draw(st.integers(0, len(whole)))] + data.draw(st.binary(max_size=3)))
    try:
        journal = Journal(path, {})
    except JournalError:  # what was put behind the cut made a whole first line of another run
        return
    with journal:
        done = len(journal)
        assert [journal.passed(key_of(document(n)), document(n)) is not None for n in range(7)] == [
            n < done for n in range(7)
        ]
        journal.check_end()
        for number in range(done, 6):
            journal.add(key_of(document(number)), outcome(document(number), *[b'{"m":%d}' % number] * (number % 3)))
        assert [(entry.doc, len(entry.mentions)) for entry in journal.entries()] == [
            (f"{number}.txt", number % 3) for number in range(6)
        ]
    assert path.read_bytes() == whole


def test_a_journal_tells_a_text_that_changed_one_that_is_new_and_one_that_is_gone(tmp_path: Path) -> None:
    filled(tmp_path / "journal", 2)
    with Journal(tmp_path / "journal", {}) as journal:
        with pytest.raises(JournalError, match=r"0\.txt has changed"):
            journal.passed(key_of(document(0, lang="en")), document(0, lang="en"))
        with pytest.raises(JournalError, match=r"7\.txt has changed"):
            journal.passed(key_of(document(7)), document(7))
        with pytest.raises(JournalError, match=r"0\.txt has changed"):
            journal.check_end()
        assert journal.passed(key_of(document(0)), document(0)) is not None
        with pytest.raises(JournalError, match=r"1\.txt has changed"):
            journal.check_end()
        journal.passed_over(key_of(document(3)))
        journal.passed_over(key_of(document(1)))
        journal.check_end()


def test_what_was_finished_stays_when_the_file_cannot_be_read_any_more(tmp_path: Path) -> None:
    filled(tmp_path / "journal", 1)
    unread = Document(doc_id="0.txt", text="", sha256="", state=State.FAILED, reason="no permission to read the file")
    with Journal(tmp_path / "journal", {}) as journal:
        record = journal.passed(key_of(unread), unread)
    assert record is not None
    assert record.state == "processed"


def test_a_run_is_gone_on_with_over_texts_that_cannot_be_read(tmp_path: Path) -> None:
    texts = tmp_path / "in"
    texts.mkdir()
    for number in range(60):
        (texts / f"{number:02}.txt").write_bytes(b"\xff\0\xff" if number % 2 else b"Ann Marlow leaves Firm.")

    class StoppedError(Exception):
        pass

    def stop(progress: runner.Progress) -> None:
        if progress.texts == 30:
            raise StoppedError

    def run(out: str, **changes: object) -> None:
        request = runner.Request(paths=(str(texts),), out=tmp_path / out, resume=out == "broken")
        runner.run(request, build=build, describe=describe, **changes)  # type: ignore[arg-type]

    run("whole")
    with pytest.raises(StoppedError):
        run("broken", report=stop)
    heard: list[runner.Progress] = []
    run("broken", report=heard.append)
    assert [progress.texts for progress in heard] == list(range(1, 61))
    for name in ("documents.jsonl", "mentions.jsonl", "claims.jsonl", "evidence.jsonl"):
        assert (tmp_path / "broken" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


names = st.lists(st.text("ab~2.-", min_size=1, max_size=3), min_size=1, max_size=4).map("/".join)


@given(st.lists(st.tuples(names, names, st.sampled_from(Kind)), max_size=12))
def test_a_list_of_inputs_gives_back_what_was_put_in(files: list[tuple[str, str, Kind]]) -> None:
    found = InputFiles()
    for path, doc_id, kind in files:
        found.add(path, doc_id, kind)
    found.add("", "-", Kind.TEXT)
    expected = [InputFile(Path(path), doc_id, kind) for path, doc_id, kind in files]
    expected.append(InputFile(None, "-", Kind.TEXT))
    assert list(found) == expected
    assert found[-1] == expected[-1]
    assert found[1:3] == expected[1:3]


@given(st.lists(names, min_size=1, max_size=12, unique=True))
@settings(max_examples=30, deadline=None)
def test_files_come_folder_by_folder_in_the_order_of_their_names(
    tmp_path_factory: pytest.TempPathFactory, paths: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("in")
    made = []
    for path in paths:
        file = folder / Path(*(f"{part}x" for part in path.split("/")[:-1])) / f"{path.split('/')[-1]}y.txt"
        if not any(part.startswith(".") for part in file.relative_to(folder).parts):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()
            made.append(file.relative_to(folder).as_posix())
    if made:
        assert [file.doc_id for file in find_inputs([folder])] == sorted(set(made), key=lambda doc: doc.split("/"))


@given(st.lists(st.sampled_from(["a", "b", "a~2", "a~3", "a~2~2", ""]), max_size=30))
def test_ids_are_given_out_once(wanted: list[str]) -> None:
    ids = UniqueIds()
    given_out = [ids.take(name) for name in wanted]
    assert len(set(given_out)) == len(wanted)
    assert all(got == name or got.startswith(f"{name}~") for got, name in zip(given_out, wanted, strict=True))
    assert [given_out[wanted.index(name)] for name in ("b",) if name in wanted] == [
        "b" for _ in wanted if "b" in wanted
    ][:1]


def test_ids_take_little_memory_and_many_of_one_name_little_time() -> None:
    tracemalloc.start()
    ids = UniqueIds()
    for number in range(30_000):
        ids.take(f"a long name of a file.jsonl#{number}")
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert used < 64 * 30_000
    assert [ids.take("x") for _ in range(30_000)][-1] == "x~30000"


def test_a_list_of_inputs_takes_little_more_memory_than_the_paths() -> None:
    files = InputFiles()
    tracemalloc.start()
    for number in range(10_000):
        files.add(f"in/some/folder/{number:06}.txt", f"some/folder/{number:06}.txt", Kind.TEXT)
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert used < 130 * 10_000


def test_a_run_holds_no_texts_that_are_done(tmp_path: Path) -> None:
    """Between the 400th and the 1600th text the main process grows by less than a record each."""
    texts = (f"Ann Marlow leaves Firm{n} in 2024. " * (n % 20 == 0) + "x" * 400 for n in range(1600))
    rows = (json.dumps({"id": n, "text": text}) for n, text in enumerate(texts))
    (tmp_path / "rows.jsonl").write_text("\n".join(rows))
    used: dict[int, int] = {}

    def report(progress: runner.Progress) -> None:
        if progress.texts in (400, 1600):
            gc.collect()
            used[progress.texts] = tracemalloc.get_traced_memory()[0]

    request = runner.Request(paths=(str(tmp_path / "rows.jsonl"),), out=tmp_path / "out")
    tracemalloc.start()
    runner.run(request, build=build, describe=describe, report=report)
    tracemalloc.stop()
    assert used[1600] - used[400] < 100 * 1200
