"""Two programs that want to write to one output folder: the second one is told so and changes nothing."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from typer.testing import CliRunner

from claimtrail import runner
from claimtrail.cli import app
from claimtrail.identity.stored import resolve_folder
from claimtrail.output import lock
from claimtrail.output.lock import LOCK, LockedError, locked
from fakes import build, describe

HOLD = """
import sys
from pathlib import Path
from claimtrail.output.lock import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text("Ann Marlow leaves Firm in 2024.")
    return folder


def hold(out: Path) -> subprocess.Popen[str]:
    """Start a process that holds the lock of a folder until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(out)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def run(texts: Path, out: Path, **changes: object) -> runner.Summary:
    request = runner.Request(paths=(str(texts),), out=out, **changes)  # type: ignore[arg-type]
    return runner.run(request, build=build, describe=describe)


def content(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in out.iterdir() if path.name != LOCK}


@pytest.mark.parametrize("changes", [{}, {"resume": True}, {"overwrite": True}, {"append": True}])
def test_a_second_run_into_the_folder_is_refused_and_changes_nothing(
    texts: Path, tmp_path: Path, changes: dict[str, bool]
) -> None:
    out = tmp_path / "out"
    run(texts, out)
    before = content(out)
    with hold(out) as other:
        with pytest.raises(runner.UsageError, match=rf"another claimtrail is writing to .*\(process {other.pid} on "):
            run(texts, out, **changes)
        assert content(out) == before
        other.communicate()
    assert not (out / LOCK).exists()
    run(texts, out, overwrite=True)


def test_resolving_is_refused_while_a_run_writes_and_the_message_is_plain(texts: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(texts, out)
    with hold(out) as other:
        with pytest.raises(LockedError, match="another claimtrail is writing"):
            resolve_folder(out)
        done = CliRunner().invoke(app, ["resolve", str(out)])
        assert done.exit_code == 2
        assert done.stderr.startswith(f"claimtrail: another claimtrail is writing to {out} (process {other.pid}")
        assert done.stderr.count("\n") == 1
        other.communicate()
    resolve_folder(out)


def test_the_lock_goes_with_a_process_that_is_killed(texts: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with hold(out) as other:
        other.send_signal(signal.SIGKILL)
        other.wait()
    assert (out / LOCK).exists()
    run(texts, out)
    assert not (out / LOCK).exists()


def test_a_run_holds_the_lock_from_beginning_to_end(texts: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    heard = []

    def report(progress: runner.Progress) -> None:
        with pytest.raises(runner.UsageError, match=f"process {os.getpid()}"):
            run(texts, out, resume=True)
        heard.append(progress)

    request = runner.Request(paths=(str(texts),), out=out)
    runner.run(request, build=build, describe=describe, report=report)
    assert len(heard) == 1


def test_a_folder_that_was_made_for_a_run_that_could_not_start_goes_again(texts: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no use"), locked(tmp_path / "out"):
        raise ValueError("no use")
    assert not (tmp_path / "out").exists()
    (tmp_path / "there").mkdir()
    with locked(tmp_path / "there"):
        pass
    assert list((tmp_path / "there").iterdir()) == []


def test_of_many_at_once_one_after_the_other_gets_the_lock(tmp_path: Path) -> None:
    """Each deletes the file of the lock when it ends, which the next may just have opened."""
    inside = 0
    got = 0
    together = threading.Lock()

    def contend() -> None:
        nonlocal inside, got
        for _ in range(200):
            try:
                with locked(tmp_path):
                    with together:
                        inside += 1
                        assert inside == 1
                        got += 1
                    with together:
                        inside -= 1
            except LockedError:
                continue

    threads = [threading.Thread(target=contend) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert inside == 0
    assert got > 0


def test_a_file_system_without_locks_is_written_to_all_the_same(
    texts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_locks(number: int) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(lock, "_lock", no_locks)
    assert run(texts, tmp_path / "out").run.counts["texts"] == 1
