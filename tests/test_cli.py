"""The command line: exit status, what goes to which stream, and plain reasons for bad input."""

from __future__ import annotations

import inspect
import json
import os
import subprocess
from functools import partial
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from claimtrail import __version__, runner
from claimtrail.cli import app
from claimtrail.cli.running import run_command
from claimtrail.pipeline import LEAST_CONFIDENCE
from fakes import build, describe

ARTICLE = b"Ann Marlow leaves Firm in 2024.\n"


@pytest.fixture(autouse=True)
def _without_models(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "run", partial(runner.run, build=build, describe=describe))


def call(*arguments: object, input: bytes | None = None) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(a) for a in arguments], input=input, env={"COLUMNS": "100", "TERM": "dumb"})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def folder_of(tmp_path: Path, **files: bytes) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_bytes(content)
    return folder


def ledger(out: Path) -> dict[str, tuple[str, str]]:
    rows = map(json.loads, (out / "documents.jsonl").read_text("utf-8").splitlines())
    return {row["doc"]: (row["state"], row["reason"]) for row in rows}


def test_a_run_ends_with_a_summary_on_stdout_and_nothing_else(tmp_path: Path) -> None:
    status, out, err = call("run", folder_of(tmp_path, a__txt=ARTICLE), "--out", tmp_path / "out")
    assert status == 0
    assert err == ""
    assert out.split("\n")[0].split() == ["texts", "processed"]
    assert "LEAVES" in out
    assert f"the files are in {tmp_path / 'out'}{os.sep}" in out.replace("\n", "")


def test_files_of_other_types_are_counted(tmp_path: Path) -> None:
    _, out, _ = call("run", folder_of(tmp_path, a__txt=ARTICLE, b__pdf=b"x", c__png=b"y"), "--out", tmp_path / "out")
    assert "2 files of other types were passed over" in out


def test_quiet_says_nothing(tmp_path: Path) -> None:
    assert call("run", folder_of(tmp_path, a__txt=ARTICLE), "-o", tmp_path / "out", "-q") == (0, "", "")


def test_the_version_is_shown() -> None:
    assert call("--version") == (0, f"claimtrail {__version__}\n", "")


def commands(group: typer.Typer, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    own = [(*path, str(info.name)) for info in group.registered_commands]
    below = [(info.typer_instance, (*path, str(info.name))) for info in group.registered_groups]
    return [path, *own, *(found for inner, name in below if inner is not None for found in commands(inner, name))]


@pytest.mark.parametrize("command", commands(app), ids=" ".join)
def test_every_command_has_help_that_fits_the_screen(command: tuple[str, ...]) -> None:
    status, out, _ = call(*command, "--help")
    assert status == 0
    assert "Usage:" in out
    assert max(map(len, out.splitlines())) <= 100


BAD_INPUT = {
    "empty": ("a.txt", b"", "empty", "the file is empty"),
    "blank": ("a.txt", b" \n\t\n", "empty", "nothing but white space"),
    "binary": ("a.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" * 9, "failed", "looks like a binary file"),
    "undecodable": ("a.txt", "München, Köln, Würzburg ".encode() * 9 + b"\xff\xff", "failed", "UTF-8"),
    "broken JSON": ("a.jsonl", b'{"text": "Fine."}\n{"text": \n', "failed", "line 2: not JSON"),
    "no text field": ("a.jsonl", b'{"body": "Fine."}\n', "failed", "line 1: the text field 'text' is missing"),
    "unsupported": ("a.txt", b"ELVISH", "unsupported_language", "Elvish is not read here"),
    "raising": ("a.txt", b"RAISE", "failed", "the stage 'pattern' failed"),
    "killing": ("a.txt", b"DIE", "failed", "the process that worked on it ended by signal 9"),
}


@pytest.mark.parametrize("kind", BAD_INPUT)
def test_bad_input_gets_a_line_with_a_plain_reason_and_the_run_goes_on(tmp_path: Path, kind: str) -> None:
    name, content, state, reason = BAD_INPUT[kind]
    folder = folder_of(tmp_path, z__txt=ARTICLE)
    (folder / name).write_bytes(content)
    status, out, err = call("run", folder, "--out", tmp_path / "out")
    assert status == (1 if state == "failed" else 0)
    lines = ledger(tmp_path / "out")
    assert lines["z.txt"] == ("processed", "")
    (bad,) = (line for doc, line in lines.items() if doc.startswith("a.") and line[0] != "processed")
    assert bad[0] == state
    assert reason in bad[1]
    assert "LEAVES" in out
    assert (reason in err) == (state == "failed")
    assert call("verify", tmp_path / "out", "--texts", folder)[0] == 0


def test_a_line_of_fifty_megabytes_fails_and_the_run_goes_on(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, a__txt=b"x" * 50_000_000, z__txt=ARTICLE)
    status, _, err = call("run", folder, "--out", tmp_path / "out")
    assert status == 1
    assert "a.txt: the text is too large: 50,000,000 bytes" in err


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_without_permission_fails_and_the_run_goes_on(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, a__txt=ARTICLE, z__txt=ARTICLE)
    (folder / "a.txt").chmod(0)
    status, _, err = call("run", folder, "--out", tmp_path / "out")
    assert status == 1
    assert "a.txt: no permission to read the file" in err


def test_standard_input_is_read(tmp_path: Path) -> None:
    assert call("run", "-", "--out", tmp_path / "out", input=ARTICLE)[0] == 0
    assert ledger(tmp_path / "out") == {"-": ("processed", "")}
    assert call("verify", tmp_path / "out")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--jobs", "0"], "--jobs"),
        (["--date", "yesterday"], "'yesterday' is no date"),
        (["--model", "de"], "LANG=NAME"),
        (["--overwrite", "--resume"], "exclude each other"),
        (["--min-confidence", "2"], "--min-confidence"),
        (["--frobnicate"], "frobnicate"),
    ],
)
def test_wrong_use_is_refused_with_a_reason(tmp_path: Path, arguments: list[str], said: str) -> None:
    status, out, err = call("run", folder_of(tmp_path, a__txt=ARTICLE), "--out", tmp_path / "out", *arguments)
    assert (status, out) == (2, "")
    assert said in err
    assert not (tmp_path / "out").exists()


def test_a_folder_without_texts_says_what_was_looked_for(tmp_path: Path) -> None:
    status, _, err = call("run", folder_of(tmp_path, a__png=b"x"), "--out", tmp_path / "out")
    assert status == 2
    assert ".txt, .jsonl, .html" in err
    assert str(tmp_path / "in") in err


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    status, _, err = call("run", tmp_path / "none", "--out", tmp_path / "out")
    assert status == 2
    assert f"{tmp_path / 'none'}: there is no such file or folder" in err


def test_an_output_folder_with_another_run_is_refused(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, a__txt=ARTICLE)
    assert call("run", folder, "--out", tmp_path / "out")[0] == 0
    status, _, err = call("run", folder, "--out", tmp_path / "out")
    assert status == 2
    assert "--overwrite" in err
    assert call("run", folder, "--out", tmp_path / "out", "--overwrite")[0] == 0


def test_an_output_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, a__txt=ARTICLE)
    status, _, err = call("run", folder, "--out", folder / "a.txt")
    assert status == 2
    assert "cannot be the output folder" in err


def test_verify_lists_every_fault_and_fails(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, a__txt=ARTICLE)
    call("run", folder, "--out", tmp_path / "out", "-q")
    assert call("verify", tmp_path / "out", "--texts", folder)[:2] == (
        0,
        f"{tmp_path / 'out'}: all right (1 texts, 1 mentions, 1 claims, 5 spans checked)\n",
    )
    (folder / "a.txt").write_bytes(ARTICLE.replace(b"Ann", b"Nan"))
    status, out, err = call("verify", tmp_path / "out", "--texts", folder)
    assert status == 1
    assert "person 0:10 is 'Nan Marlow', not 'Ann Marlow'" in out
    assert "faults" in err


def test_verify_without_a_run_is_wrong_use(tmp_path: Path) -> None:
    status, _, err = call("verify", tmp_path)
    assert status == 2
    assert "holds no finished run" in err


@pytest.mark.parametrize("arguments", [["spacy", "xx"], ["nltk", "de"]])
def test_models_that_nobody_has_are_not_fetched(arguments: list[str]) -> None:
    assert call("models", "fetch", *arguments)[0] == 2


def test_a_download_that_fails_says_in_a_sentence_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def offline(command: list[str], **options: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 1, "", "Name or service not known\n")

    monkeypatch.setattr(subprocess, "run", offline)
    status, out, err = call("models", "fetch", "spacy", "de")
    assert (status, out) == (1, "")
    assert err == (
        "claimtrail: spaCy's de_core_news_lg could not be downloaded (Name or service not known): "
        "try again with a network, or install the package de_core_news_lg by hand with pip.\n"
    )


def test_a_run_that_is_stopped_says_how_to_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(request: runner.Request, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(runner, "run", stopped)
    status, out, err = call("run", folder_of(tmp_path, a__txt=ARTICLE), "--out", tmp_path / "out")
    assert (status, out) == (130, "")
    assert err == "claimtrail: stopped; the same command with --resume goes on from here\n"


def test_the_least_confidence_of_the_command_line_is_that_of_the_pipeline() -> None:
    defaults = inspect.signature(run_command).parameters
    assert defaults["min_confidence"].default == LEAST_CONFIDENCE
    assert defaults["text_timeout"].default == runner.TEXT_TIMEOUT


def test_doctor_finds_everything_in_order() -> None:
    status, out, err = call("doctor")
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert not [line for line in lines if line.startswith("wrong")]
    for lang in ("de", "en", "fr", "ja", "zh"):
        assert any(line.startswith("ok") and f"model spacy {lang}" in line and "loads" in line for line in lines)
    assert any("rules" in line and "SHA-256" in line for line in lines)


def test_doctor_says_in_plain_words_what_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: object) -> None:
        raise OSError("the weights are cut off")

    monkeypatch.setattr("claimtrail.engines.spacy_engine.load_pipeline", broken)
    monkeypatch.setattr("claimtrail.doctor.check_all", lambda: ["de.yaml:3: no such key"])
    monkeypatch.setattr("claimtrail.doctor.version", lambda name: "0.1")
    status, out, err = call("doctor")
    assert status == 1
    assert "en_claimtrail" in out
    assert "does not load: the weights are cut off" in out
    assert "1 faults, the first: de.yaml:3: no such key" in out
    assert "things are wrong" in err


def test_a_log_in_json_tells_start_faults_progress_and_end(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, a__txt=ARTICLE, b__txt=b"\x89PNG\x00")
    status, out, err = call("run", folder, "--out", tmp_path / "out", "--log-json", "-q")
    events = [json.loads(line) for line in err.splitlines()]
    assert (status, out) == (1, "")
    # on a slow machine progress is told more than once
    _, failed, end = [event for event in events if event["event"] != "progress"]
    assert [events[0]["event"], failed["event"], events[-2]["event"], end["event"]] == [
        "start",
        "failed",
        "progress",
        "end",
    ]
    assert failed["doc"] == "b.txt"
    assert events[-2]["texts"] == 2
    assert end["counts"]["mentions"] == 1
    assert all("time" in event for event in events)
