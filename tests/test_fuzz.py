"""Bad input: never a traceback, never a wrong offset, never an endless run, and a line of the ledger for each file.

The long run is ``python -m tests.bench.fuzz``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claimtrail import runner
from claimtrail.document import Document, State
from claimtrail.output.build import mention_records, spans_of
from claimtrail.pipeline import Chain, Settings, as_document, stages
from claimtrail.reading.html import read_article
from claimtrail.verify import verify
from fuzzing import ASTRAL, COMBINING, CONTROLS, EMOJI, INVISIBLE, PUNCTUATION, TRIGGERS, WORDS, make_case, write_cases

pytestmark = pytest.mark.slow

CASES = 130
# Far more than any of them takes on a busy machine.
LONGEST = 60.0


def faults_of(folder: Path, out: Path, **options: object) -> list[str]:
    """Run over a folder and return what is wrong with the outcome; texts that must fail may, others may not."""
    request = runner.Request(paths=(str(folder),), out=out, **options)  # type: ignore[arg-type]
    summary = runner.run(request)
    crashed = [
        f"{record.doc}: {record.reason}"
        for record in summary.documents
        if record.state == "failed" and ("the stage" in record.reason or "Error" in record.reason)
    ]
    return crashed + verify(out, [str(folder)]).faults


def test_generated_bad_input_gives_exact_claims_and_a_line_for_each_file(tmp_path: Path) -> None:
    write_cases(tmp_path / "in", 0, range(CASES))
    assert faults_of(tmp_path / "in", tmp_path / "out") == []
    lines = (tmp_path / "out" / "documents.jsonl").read_text("utf-8").splitlines()
    named = {json.loads(line)["doc"].partition("#")[0] for line in lines}
    assert named == {path.relative_to(tmp_path / "in").as_posix() for path in (tmp_path / "in").rglob("*.*")}


def test_a_case_is_the_same_file_everywhere() -> None:
    assert make_case(0, 12) == make_case(0, 12)
    assert len({make_case(0, number)[1] for number in range(200)}) > 180


def folders_that_go_round(folder: Path) -> None:
    (folder / "round").symlink_to(folder)
    (folder / "a").mkdir()
    (folder / "a" / "b").symlink_to("../a")
    (folder / "itself.txt").symlink_to("itself.txt")


def names_that_are_no_names(folder: Path) -> None:
    for name in (
        b"line\nend.txt",
        b"\xff\xfe.txt",
        b"tab\t.jsonl",
        "\u202etxt.exe.txt".encode(),
        b" .txt",
        b"#.jsonl#1.txt",
    ):
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_text('{"text": "Anna Kern leaves Nordwerk AG."}')
    (folder / ("x" * 250 + ".txt")).write_text("Anna Kern leaves Nordwerk AG.")


def deep_folders(folder: Path) -> None:
    """Nearly as deep as a path may be long."""
    deepest = folder
    while len(str(deepest)) < 3800:
        deepest = deepest / ("deep" * 20)
    deepest.mkdir(parents=True)
    (deepest / "a.txt").write_text("Anna Kern leaves Nordwerk AG.")


def long_texts(folder: Path) -> None:
    (folder / "line.txt").write_text("Anna Kern leaves Nordwerk AG, which she joined in May " * 100)
    (folder / "lines.txt").write_text("\n".join("Anna Kern leaves" * 50))
    (folder / "short-lines.txt").write_text("a\n" * 20_000)
    (folder / "huge.txt").write_bytes(b"x")
    os.truncate(folder / "huge.txt", 100_000_000)
    (folder / "huge.jsonl").write_bytes(b'{"text": "' + b"x" * 30_000_000)


def test_bad_files_and_folders_get_their_lines(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "good.txt").write_text("Anna Kern leaves Nordwerk AG.")
    for make in (folders_that_go_round, names_that_are_no_names, deep_folders, long_texts):
        make(folder)
    assert faults_of(folder, tmp_path / "out") == []
    ledger = {r["doc"]: r for r in map(json.loads, (tmp_path / "out" / "documents.jsonl").read_text().splitlines())}
    assert ledger["good.txt"]["mentions"] == 1
    assert {r["state"] for r in ledger.values()} <= {"processed", "failed"}
    assert all(r["reason"] or r["state"] == "processed" for r in ledger.values())


@cache
def chain() -> Chain:
    return Chain(stages(Settings()))


def processed(text: str) -> Document:
    before = time.monotonic()
    (document,) = chain().process([as_document(text)])
    assert time.monotonic() - before < LONGEST
    return document


bits = st.one_of(
    st.sampled_from([*WORDS, *TRIGGERS, *EMOJI]),
    st.text(st.sampled_from(CONTROLS + INVISIBLE + COMBINING + ASTRAL + PUNCTUATION + " \n"), max_size=4),
    st.text(max_size=8),
)


@given(st.lists(bits, max_size=40).map("".join))
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_any_text_gives_spans_that_lie_in_it(text: str) -> None:
    document = processed(text)
    assert document.text == text
    for record in mention_records(document):
        for name, span in spans_of(record):
            if span.start is not None:
                assert text[span.start : span.end] == span.text != "", name


@pytest.mark.parametrize("text", ["\ud800 Anna Kern leaves Nordwerk AG.", "Anna Kern leaves \udc00Nordwerk AG.\ud83d"])
def test_lone_surrogates_from_another_program_are_refused(text: str) -> None:
    document = processed(text)
    assert document.state is State.FAILED
    assert "half of a surrogate pair" in document.reason


@pytest.mark.parametrize(
    "unit",
    [
        "Anna Kern leaves Nordwerk AG. ",
        "leaves ",
        "Anna Kern und ",
        "“",
        "离开公司，",
        "令和8年3月12日",
        "a-",
        "(",
        "http://a.",
    ],
)
def test_what_is_repeated_costs_no_more_than_in_proportion(unit: str) -> None:
    """Twice the text must not take much more than twice the time."""

    def seconds(count: int) -> float:
        text = unit * count
        before = time.process_time()
        processed(text)
        return time.process_time() - before

    count = 2400 // len(unit)
    seconds(count // 4)
    assert seconds(2 * count) < 4 * seconds(count) + 0.5


@given(
    st.text(max_size=200),
    st.sampled_from(["<p>{}</p>", "<article>{}", "{}", "<title>{}</title>&#1;", "<div>" * 500 + "{}"]),
)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_any_page_is_read(text: str, around: str) -> None:
    assert isinstance(read_article(around.format(text)).text, str)


def test_a_page_with_control_characters_gives_its_article() -> None:
    words = "Anna Kern leaves Nordwerk AG, which she led for years." * 3
    page = f"<html><body><article><p>{words}\x01\x0f</p><p>\x00{words}\ufffe</p></article></body></html>"
    assert "Anna Kern leaves Nordwerk AG" in read_article(page).text


@pytest.mark.parametrize("name", ["fuzz", "kill", "soak", "speed"])
def test_the_long_runs_say_what_they_do(name: str) -> None:
    root = Path(__file__).parents[1]
    command = [sys.executable, "-m", f"tests.bench.{name}", "--help"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    assert f"python -m tests.bench.{name}" in done.stdout


@pytest.mark.parametrize("number", [12812, 13431])
def test_cases_that_failed_in_a_long_run_do_so_no_more(number: int) -> None:
    name, content = make_case(1, number)
    assert name.endswith(".txt")
    assert processed(content.decode()).state is State.PROCESSED
