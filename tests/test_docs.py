"""What the README, the notes and CI say is what the program does."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tomllib
from contextlib import closing
from pathlib import Path

import duckdb
import jsonschema
import pytest
from typer.testing import CliRunner

from claimtrail import __version__
from claimtrail.cli import app
from claimtrail.export.formats import FORMATS
from claimtrail.output.build import claim_id, record_id, spans_of
from claimtrail.output.lines import parse
from claimtrail.output.schema import RECORDS, folder, shipped
from claimtrail.records import ClaimRecord
from claimtrail.runner import FILES, TEXTS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
CI = (ROOT / ".ci" / "run").read_text("utf-8")
COMMANDS = ["pip install . && claimtrail run seeds --out out", 'pip install -e ".[dev]" && pytest']
OPTIONS_OF_PARALLEL = {"--pipe", "--keep-order"}


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def test_the_readme_holds_the_two_commands_and_ci_takes_them_from_there() -> None:
    (shell,) = blocks("sh")
    assert shell.splitlines() == COMMANDS
    assert [line for line in README.splitlines() if line.startswith("pip install ")] == COMMANDS
    assert "grep -E '^pip install ' README.md" in CI
    assert 'in_env user "${commands[0]}"' in CI
    assert 'in_env developer "${commands[1]}"' in CI


def test_the_ci_script_is_executable_and_parses() -> None:
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111
    subprocess.run(["bash", "-n", str(ROOT / ".ci" / "run")], check=True)


def test_the_example_of_the_readme_is_a_whole_claim_with_exact_spans() -> None:
    (example,) = blocks("json")
    jsonschema.validate(json.loads(example), shipped("claims.jsonl"), jsonschema.Draft202012Validator)
    claim = parse(example.encode(), ClaimRecord, "README")
    assert claim.id == claim_id(claim.relation, claim.mentions)
    for mention in claim.mentions:
        assert mention.id == record_id(mention)
        text = (ROOT / "seeds" / mention.doc).read_bytes().decode()
        for _, span in spans_of(mention):
            assert span.start is not None
            assert text[span.start : span.end] == span.text


def section(title: str) -> str:
    return README.partition(f"## {title}\n")[2].partition("\n## ")[0]


def examples(title: str, language: str) -> list[str]:
    found = re.findall(rf"^```{language}\n(.*?)^```$", section(title), re.MULTILINE | re.DOTALL)
    assert found
    return found


def steps(language: str) -> list[str]:
    return examples("As a step of other programs", language)


def shell(tmp_path: Path, command: str) -> str:
    """Return what a line of the shell writes, with claimtrail on the path."""
    program = tmp_path / "claimtrail"
    if not program.exists():
        program.write_text(
            f"#!{sys.executable}\nfrom claimtrail.cli import main\nif __name__ == '__main__':\n    main()\n"
        )
        program.chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    env = os.environ | {"PATH": path, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    line = ["bash", "-euo", "pipefail", "-c", command]
    return subprocess.run(line, cwd=tmp_path, env=env, check=True, stdout=subprocess.PIPE, text=True).stdout


def test_the_steps_of_the_readme_are_python() -> None:
    for step in steps("python"):
        compile(step, "README", "exec")


@pytest.mark.slow
def test_the_steps_of_the_readme_find_the_move_once_in_two_languages(capsys: pytest.CaptureFixture[str]) -> None:
    # as in a program where claimtrail is installed and not only on the path
    import claimtrail.steps.spacy_component  # noqa: F401, PLC0415

    names: dict[str, object] = {}
    for step in steps("python"):
        exec(step, names)
    first, second, spans = capsys.readouterr().out.splitlines()
    assert first.startswith("text-")
    assert first.endswith(" de LEAVES Anna Kern Nordwerk AG")
    assert second == "n-2 en LEAVES Anna Kern Nordwerk AG"
    assert spans == "LEAVES [('LEAVES', 'verlässt'), ('person', 'Anna Kern'), ('org', 'Nordwerk AG')]"
    (claim,) = names["claims"]  # type: ignore[misc]
    assert claim.languages == ["de", "en"]


@pytest.mark.slow
def test_the_lines_of_the_readme_for_the_shell_run(tmp_path: Path) -> None:
    (lines,) = steps("console")
    record = {"id": "n-1", "url": "https://news.example/1", "text": "Anna Kern verlässt die Nordwerk AG."}
    (tmp_path / "news.jsonl").write_text(json.dumps(record) + "\n", "utf-8")
    tried = 0
    for line in lines.splitlines():
        command = line.removeprefix("$ ")
        if "parallel " in command and not shutil.which("parallel"):
            continue
        shell(tmp_path, command)
        (mention,) = map(json.loads, (tmp_path / "mentions.jsonl").read_text("utf-8").splitlines())
        assert mention["input"] == {"url": "https://news.example/1"}
        tried += 1
    assert tried


@pytest.mark.slow
def test_the_ways_of_looking_at_claims_that_the_readme_shows_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    title = "Claims in the terminal, in queries and in other formats"
    monkeypatch.chdir(tmp_path)
    shell(tmp_path, f"claimtrail run '{ROOT / 'seeds'}' --out out --quiet && cp -r out old")
    (lines,) = examples(title, "console")
    for line in lines.splitlines():
        if "jq" not in line or shutil.which("jq"):
            assert shell(tmp_path, line.removeprefix("$ ")), line
    over_lines, over_tables = examples(title, "sql")
    people = [row[0] for row in duckdb.sql(over_lines).fetchall()]
    assert "Marta Ellingsen" in people
    with closing(sqlite3.connect(tmp_path / "out" / "export" / "claims.sqlite")) as base:
        long, short = (base.execute(query).fetchall() for query in over_tables.strip().split(";\n"))
    assert {doc[:2] for doc, _ in long} == {"de", "en", "ja", "zh"}
    assert {doc[:2] for doc, _ in short} == {"ja"}
    for form in FORMATS:
        assert f"| `{form}` |" in section(title)


@pytest.mark.parametrize("note", ["README.md", "out/README.md"])
def test_the_notes_name_every_output_file(note: str) -> None:
    text = (ROOT / note).read_text("utf-8")
    assert all(f"`{name}`" in text for name in (*FILES, f"{TEXTS}/"))


def test_every_command_and_option_that_the_readme_names_exists() -> None:
    commands = {
        "run",
        "extract",
        "resolve",
        "verify",
        "report",
        "show",
        "explain",
        "stats",
        "diff",
        "export",
        "rules check",
        "rules try",
        "models list",
        "models fetch",
    }
    known = ""
    for command in commands:
        known += CliRunner().invoke(app, [*command.split(), "--help"], env={"COLUMNS": "200", "TERM": "dumb"}).stdout
        assert command in README
    for option in set(re.findall(r"(?<!-)--[a-z][a-z-]+", README)) - {"--version", "--help"} - OPTIONS_OF_PARALLEL:
        assert option in known


def test_the_schemas_stand_where_the_readme_says() -> None:
    assert "claimtrail/output/schema/" in README
    assert folder().parts[-3:] == ("claimtrail", "output", "schema")
    assert len(list(folder().iterdir())) == len(RECORDS)


def test_the_top_level_holds_nothing_but_what_was_agreed() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a checkout")
    tops = {line.split("/")[0] for line in listed.stdout.splitlines()}
    agreed = {"pyproject.toml", "README.md", "pipeline", "models", "seeds", "out", "tests", ".ci", ".gitignore"}
    assert tops <= agreed


def test_the_metadata_name_all_licences() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["license"] == "Apache-2.0 AND CC-BY-SA-4.0 AND ISC"
    assert all((ROOT / name).is_file() for name in project["license-files"])
    assert re.fullmatch(r"\d+\.\d+\.\d+", __version__)
