"""Runs that are killed, interrupted or cannot write: what is finished is kept, and going on gives the same bytes.

The long form is ``python -m tests.bench.kill``.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from claimtrail import runner
from claimtrail.identity.stored import resolve_folder
from claimtrail.output.folder import FolderError, open_folder
from claimtrail.pipeline import Settings
from claimtrail.verify import verify
from fakes import build, describe

SAME = ("mentions.jsonl", "claims.jsonl", "documents.jsonl", "evidence.jsonl")
VICTIM = Path(__file__).with_name("victim.py")
MOMENTS = 6


def write_texts(folder: Path, count: int = 40) -> Path:
    folder.mkdir(parents=True)
    for n in range(count):
        name = ("Ann Marlow", "Bo Lindqvist", "Cara Oduya")[n % 3]
        slow = "\nSLOW" if n % 2 else ""
        text = f"Line {n}.\n{name} leaves Firm{n % 7} in 20{n % 20:02}.\n{slow}"
        (folder / f"{n:03}.txt").write_text(text)
    rows = (json.dumps({"id": n, "text": f"Dan Pike joins Bank{n}.\nSLOW"}) for n in range(count // 4))
    (folder / "rows.jsonl").write_text("\n".join(rows))
    return folder


def run(folder: Path, out: Path, **changes: object) -> runner.Summary:
    request = runner.Request(paths=(str(folder),), out=out, **changes)  # type: ignore[arg-type]
    return runner.run(request, build=build, describe=describe)


def begin(
    folder: Path, out: Path, *options: str, jobs: int = 2, limit: Callable[[], None] | None = None
) -> subprocess.Popen[str]:
    command = [sys.executable, str(VICTIM), str(folder), str(out), str(jobs), *options]
    return subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=limit,  # noqa: PLW1509 - no threads
    )


def content(out: Path) -> dict[str, bytes]:
    return {name: (out / name).read_bytes() for name in SAME}


def test_a_run_killed_at_any_moment_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    texts = write_texts(tmp_path / "in")
    before = time.monotonic()
    assert begin(texts, tmp_path / "whole").wait(120) == 0
    whole = time.monotonic() - before
    random = Random(7)
    for number in range(MOMENTS):
        out = tmp_path / f"out{number}"
        options: tuple[str, ...] = ()
        for _ in range(2):  # killed, and killed again while it goes on
            process = begin(texts, out, *options)
            try:
                process.wait(random.uniform(0.1, 1.0) * whole)
            except subprocess.TimeoutExpired:
                # Sometimes the workers are left alone, sometimes they die too.
                (os.killpg if random.random() < 0.5 else os.kill)(process.pid, signal.SIGKILL)
            _, said = process.communicate(timeout=60)
            assert "Traceback" not in said
            options = ("resume",)
        assert begin(texts, out, "resume", jobs=random.randint(1, 2)).wait(120) == 0
        assert content(out) == content(tmp_path / "whole")
        assert verify(out, [str(texts)]).faults == []
        assert not [path for path in out.iterdir() if path.name.startswith(".")]


class KilledError(BaseException):
    """Stands for the death of the process."""


def kill_at_rename(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Let the process die before it gives a file its name for the n-th time; nothing is cleaned up."""
    done = 0
    rename = Path.replace

    def replace(self: Path, target: Path) -> Path:
        nonlocal done
        done += 1
        if done > number:
            raise KilledError
        return rename(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    monkeypatch.setattr(Path, "unlink", lambda self, missing_ok=False: None)


@pytest.mark.parametrize("number", range(7))
def test_texts_that_are_appended_come_once_however_the_writing_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    first, more = write_texts(tmp_path / "in", 6), write_texts(tmp_path / "more", 3)
    for path in more.iterdir():
        path.rename(path.with_name(f"more-{path.name}"))
    for out in (tmp_path / "whole", tmp_path / "out"):
        run(first, out)
    run(more, tmp_path / "whole", append=True)
    with monkeypatch.context() as patch:
        kill_at_rename(patch, number)
        if number < 6:
            with pytest.raises(KilledError):
                run(more, tmp_path / "out", append=True)
        else:
            run(more, tmp_path / "out", append=True)
    run(more, tmp_path / "out", append=True, resume=True)
    assert content(tmp_path / "out") == content(tmp_path / "whole")
    assert verify(tmp_path / "out", [str(first), str(more)]).faults == []


def test_files_that_are_only_half_renamed_are_not_read_as_a_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = write_texts(tmp_path / "in", 4)
    run(texts, tmp_path / "out")
    before = content(tmp_path / "out")
    with monkeypatch.context() as patch:
        kill_at_rename(patch, 2)
        with pytest.raises(KilledError):
            resolve_folder(tmp_path / "out")
    with pytest.raises(FolderError, match="broken off"):
        open_folder(tmp_path / "out")
    resolve_folder(tmp_path / "out")
    assert content(tmp_path / "out") == before
    assert verify(tmp_path / "out", [str(texts)]).faults == []


def broken_off(texts: Path, out: Path) -> None:
    """Leave a run that was broken off in the middle."""

    def report(progress: runner.Progress) -> None:
        if progress.texts == 3:
            raise KilledError

    request = runner.Request(paths=(str(texts),), out=out)
    with pytest.raises(KilledError):
        runner.run(request, build=build, describe=describe, report=report)


def test_going_on_with_other_options_is_refused_by_name(tmp_path: Path) -> None:
    texts = write_texts(tmp_path / "in", 8)
    broken_off(texts, tmp_path / "out")
    with pytest.raises(runner.UsageError, match=r"options\.min_confidence was 0\.4 and is 0\.5"):
        run(texts, tmp_path / "out", resume=True, settings=Settings(min_confidence=0.5))


def test_going_on_with_other_rules_or_models_is_refused_by_name(tmp_path: Path) -> None:
    texts = write_texts(tmp_path / "in", 8)
    broken_off(texts, tmp_path / "out")
    journal = tmp_path / "out" / runner.JOURNAL
    whole = journal.read_bytes()
    journal.write_bytes(whole.replace(b'"version":"1"', b'"version":"0"', 1))
    with pytest.raises(runner.UsageError, match=r'models\.en\.version was "0" and is "1"'):
        run(texts, tmp_path / "out", resume=True)
    journal.write_bytes(whole.replace(b'"rules":"', b'"rules":"f00', 1))
    with pytest.raises(runner.UsageError, match=r"rules was \"f00"):
        run(texts, tmp_path / "out", resume=True)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda folder: (folder / "new.txt").write_text("x"), r"1 new \(new\.txt\)"),
        (lambda folder: (folder / "001.txt").unlink(), r"1 gone \(001\.txt\)"),
        (lambda folder: (folder / "001.txt").write_text("x"), r"1 of another size \(001\.txt\)"),
        (
            lambda folder: (folder / "000.txt").write_text((folder / "000.txt").read_text().replace("Ann", "Nan")),
            r"000\.txt has changed since",
        ),
    ],
)
def test_going_on_over_other_inputs_is_refused_by_name(
    tmp_path: Path, change: Callable[[Path], object], said: str
) -> None:
    texts = write_texts(tmp_path / "in", 8)
    broken_off(texts, tmp_path / "out")
    change(texts)
    with pytest.raises(runner.UsageError, match=said):
        run(texts, tmp_path / "out", resume=True)
    run(texts, tmp_path / "out", overwrite=True)


def test_texts_are_not_appended_under_other_options_which_are_named(tmp_path: Path) -> None:
    texts = write_texts(tmp_path / "in", 4)
    run(texts, tmp_path / "out")
    with pytest.raises(runner.UsageError, match=r"options\.min_confidence was 0\.4 and is 0\.5"):
        run(texts, tmp_path / "out", append=True, settings=Settings(min_confidence=0.5))


@pytest.mark.parametrize("size", [200, 3000, 9000])
def test_a_disk_that_is_full_ends_the_run_in_a_sentence_and_nothing_finished_is_lost(tmp_path: Path, size: int) -> None:
    """A limit of the size of files fails as a full disk does, in the journal, in a stored text or in the output."""
    texts = write_texts(tmp_path / "in", 12)
    run(texts, tmp_path / "whole")

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    process = begin(texts, tmp_path / "out", limit=limit)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "File too large" in said
    assert "Traceback" not in said
    assert not (tmp_path / "out" / "run.json").exists()
    run(texts, tmp_path / "out", resume=True)
    assert content(tmp_path / "out") == content(tmp_path / "whole")


def test_an_output_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    texts = write_texts(tmp_path / "in", 4)
    with pytest.raises(runner.UsageError, match="cannot be the output folder"):
        run(texts, Path("/proc/claimtrail-out"))
    if os.getuid():
        (tmp_path / "out").mkdir(mode=0o555)
        with pytest.raises(runner.UsageError, match="cannot be the output folder"):
            run(texts, tmp_path / "out")


def test_a_file_that_changes_while_it_is_read_fails_and_the_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = write_texts(tmp_path / "in", 4)
    stamps = iter(range(100))
    monkeypatch.setattr("claimtrail.reading.read._stamp", lambda stream: (1, next(stamps)))
    summary = run(texts, tmp_path / "out")
    assert {record.state for record in summary.documents if record.doc.endswith(".txt")} == {"failed"}
    assert all("changed while it was read" in record.reason for record in summary.documents if record.state == "failed")
    assert [record.state for record in summary.documents if record.doc.startswith("rows")] == ["processed", "failed"]


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_interrupt_stops_all_processes_without_a_word_of_python(tmp_path: Path, jobs: int) -> None:
    """Ctrl-C goes to every process of the terminal's group, also to workers that have only begun to start."""
    texts = write_texts(tmp_path / "in", 60)
    code = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv.pop());"
        "import fakes; from claimtrail import runner; from claimtrail.cli import main; import functools;"
        "runner.run = functools.partial(runner.run, build=fakes.build, describe=fakes.describe); main()"
    )
    out = tmp_path / "out"
    journal = out / runner.JOURNAL

    def is_starting(pid: int) -> bool:
        return len(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()) > 1

    def is_working(pid: int) -> bool:
        return journal.exists() and journal.stat().st_size > 3000

    for moment in (is_starting, is_working):
        arguments = ["run", str(texts), "--out", str(out), "--jobs", str(jobs), "-q", str(Path(__file__).parent)]
        process = subprocess.Popen(
            [sys.executable, "-c", code, *arguments], stderr=subprocess.PIPE, text=True, start_new_session=True
        )
        deadline = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < deadline and not moment(process.pid):
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=60)
        assert said == "claimtrail: stopped; the same command with --resume goes on from here\n"
        assert process.returncode == 130
