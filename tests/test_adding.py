"""The page about adding a relation and a language, done as it says; and what a user's folder of language data may be."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from claimtrail import data
from claimtrail.data import DataError
from claimtrail.rules.grammar import RuleError, load, read_relations

PAGE = (data.root() / "ADDING.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def write_files(folder: Path) -> None:
    for kind, name, content in BLOCKS:
        if kind == "yaml":
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, "utf-8")


def environment(tmp_path: Path) -> dict[str, str]:
    program = tmp_path / "bin" / "claimtrail"
    program.parent.mkdir(exist_ok=True)
    program.write_text(f"#!{sys.executable}\nfrom claimtrail.cli import main\nif __name__ == '__main__':\n    main()\n")
    program.chmod(0o755)
    return os.environ | {
        "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }


@pytest.mark.slow
def test_the_page_adds_a_relation_and_a_language_without_any_python_of_ours(tmp_path: Path) -> None:
    write_files(tmp_path)
    said: dict[str, str] = {}
    exported = ""
    for kind, _, content in BLOCKS:
        if kind == "python":
            subprocess.run([sys.executable, "-c", content], cwd=tmp_path, env=environment(tmp_path), check=True)
        for line in content.splitlines() if kind == "console" else ():
            command = line.removeprefix("$ ")
            if command.startswith("export "):
                exported = command
                continue
            script = f"{exported}\n{command}"
            done = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", script],
                cwd=tmp_path, env=environment(tmp_path), capture_output=True, text=True, check=False,
            )  # fmt: skip
            assert done.returncode == 0, (command, done.stdout, done.stderr)
            said[command] = done.stdout
    assert exported
    (extracted,) = [json.loads(out) for command, out in said.items() if "extract" in command]
    assert (extracted["relation"], extracted["person"]["name"], extracted["org"]["name"]) == (
        "SUES", "Ada Vell", "Nordwerk AG",
    )  # fmt: skip
    assert extracted["rule"] == "en/sues/sue"
    assert any("found: SUES" in out for command, out in said.items() if "rules try" in command)
    claims = [json.loads(line) for line in (tmp_path / "out" / "claims.jsonl").read_text("utf-8").splitlines()]
    assert {(c["relation"], c["person"]["name"], c["status"], c["languages"][0]) for c in claims} == {
        ("LEAVES", "Ada Kverko", "actual", "eo"),
        ("LEAVES", "Jozefo Bruno", "negated", "eo"),
    }
    run = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))
    assert run["rules_sha256"] != data.fingerprint()


def test_a_relation_of_a_user_stands_beside_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(tmp_path)
    ours, plain = read_relations(), data.fingerprint.__wrapped__()
    monkeypatch.setenv(data.FOLDERS, str(tmp_path / "my"))
    assert set(read_relations()) == {*ours, "SUES"}
    assert any(rule.id == "en/sues/sue" for rule in load("en").rules)
    assert [rule.id for rule in load("eo").rules] == ["eo/leaves/forlasi"]
    assert "eo" in data.languages.__wrapped__()
    changed = data.fingerprint.__wrapped__()
    assert changed != plain
    (tmp_path / "my" / "eo" / "model").mkdir()
    (tmp_path / "my" / "eo" / "model" / "weights").write_bytes(b"w")
    assert data.fingerprint.__wrapped__() == changed


def test_the_first_of_several_folders_goes_before_the_others_and_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        (tmp_path / name / "de").mkdir(parents=True)
        (tmp_path / name / "de" / "dates.yaml").write_text("x: 1\n")
    (tmp_path / "b" / "de" / "titles.yaml").write_text("x: 1\n")
    monkeypatch.setenv(data.FOLDERS, os.pathsep.join(str(tmp_path / name) for name in ("a", "b")))
    assert data.find("de", "dates.yaml") == tmp_path / "a" / "de" / "dates.yaml"
    assert data.find("de", "titles.yaml") == tmp_path / "b" / "de" / "titles.yaml"
    assert data.find("de", "posts.yaml") == data.root() / "de" / "posts.yaml"
    assert data.find_all("de", "dates.yaml") == [tmp_path / "a" / "de" / "dates.yaml"]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(data.FOLDERS, str(tmp_path / "nowhere"))
    with pytest.raises(DataError, match=r"CLAIMTRAIL_LANG names .*nowhere, which is no folder"):
        data.find("de", "dates.yaml")


def test_a_template_of_a_relation_file_that_the_language_has_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_files(tmp_path)
    path = tmp_path / "my" / "eo" / "relations" / "leaves.yaml"
    path.write_text(
        path.read_text("utf-8") + "templates: {person-verb-org: {frames: ['{person} TRIGGER {org}']}}\n", "utf-8"
    )
    monkeypatch.setenv(data.FOLDERS, str(tmp_path / "my"))
    with pytest.raises(RuleError, match=re.escape("templates.yaml has a template person-verb-org too")):
        load("eo")
