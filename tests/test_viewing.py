"""The commands that show, explain, count and compare runs, as people and pipes use them."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from typer.testing import CliRunner

from claimtrail.cli import app
from claimtrail.output.folder import open_folder
from claimtrail.verify import verify
from claimtrail.viewing.filters import ClaimFilter
from claimtrail.viewing.lines import claim_lines, clean, fitted
from runs import ALL, DENIES, LEAVES_DE, LEAVES_EN, TEXTS, claim, mention, write_run

PROGRAM = [sys.executable, "-c", "from claimtrail.cli import main; main()"]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return write_run(tmp_path / "out")


def call(*arguments: object, columns: int = 100) -> tuple[int, str, str]:
    env = {"COLUMNS": str(columns), "TERM": "dumb"}
    result = CliRunner().invoke(app, [str(a) for a in arguments], env=env)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def names(out: Path, *options: object) -> list[str]:
    _, shown, _ = call("show", out, *options)
    return [f"{row.split(chr(9))[1]} {row.split(chr(9))[2]}" for row in shown.splitlines()[1:]]


def test_the_runs_of_these_tests_are_runs(out: Path) -> None:
    report = verify(out, [str(out.parent / "out-in")])
    assert [fault for fault in report.faults if "bad.txt" not in fault] == []


def test_a_pipe_gets_tab_separated_claims_with_headings(out: Path) -> None:
    status, shown, said = call("show", out)
    assert status == 0
    head, *rows = [line.split("\t") for line in shown.splitlines()]
    assert head[:4] == ["id", "relation", "person", "org"]
    assert len(rows) == 4
    first = dict(zip(head, rows[0], strict=True))
    assert first["person"] == "Anna Kern"
    assert first["role_from"] == "chief financial officer"
    assert (first["when"], first["languages"], first["texts"], first["mentions"]) == ("2025-05", "de en", "2", "2")
    assert "1 of 5 texts failed; claimtrail stats" in said


def test_json_is_the_claims_as_they_stand_in_the_file(out: Path) -> None:
    assert call("show", out, "--json")[1] == (out / "claims.jsonl").read_text("utf-8")


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        (["--person", "anna"], ["LEAVES Anna Kern", "JOINS Anna Kern"]),
        (["--person", "佐倉"], ["ROLE_CHANGE 佐倉真央"]),
        (["--person", "nobody"], []),
        (["--org", "KRANWERK"], ["LEAVES Anna Kern"]),
        (["--org", "Hólm"], ["JOINS Anna Kern"]),
        (["--relation", "joins"], ["JOINS Anna Kern", "JOINS 程立秋"]),
        (["-r", "JOINS", "-r", "ROLE_CHANGE"], ["JOINS Anna Kern", "ROLE_CHANGE 佐倉真央", "JOINS 程立秋"]),
        (["--lang", "de"], ["LEAVES Anna Kern"]),
        (["--lang", "ja,zh"], ["ROLE_CHANGE 佐倉真央", "JOINS 程立秋"]),
        (["--status", "possible"], ["JOINS 程立秋"]),
        (["--since", "2025-05-20"], ["LEAVES Anna Kern"]),
        (["--since", "2025"], ["LEAVES Anna Kern", "ROLE_CHANGE 佐倉真央"]),
        (["--until", "2025-04"], ["ROLE_CHANGE 佐倉真央"]),
        (["--since", "2026"], []),
        (["--min-confidence", "0.85"], ["LEAVES Anna Kern", "ROLE_CHANGE 佐倉真央"]),
        (["--person", "Anna", "--status", "negated"], ["JOINS Anna Kern"]),
    ],
)
def test_claims_are_chosen(out: Path, options: list[str], wanted: list[str]) -> None:
    assert names(out, *options) == wanted


@pytest.mark.parametrize(
    ("order", "wanted"),
    [
        ("date", ["佐倉真央", "Anna Kern"]),
        ("person", ["Anna Kern", "Anna Kern", "佐倉真央", "程立秋"]),
        ("org", ["Anna Kern", "Anna Kern", "程立秋", "佐倉真央"]),
        ("confidence", ["Anna Kern", "佐倉真央", "Anna Kern", "程立秋"]),
    ],
)
def test_claims_are_sorted(out: Path, order: str, wanted: list[str]) -> None:
    assert [name.partition(" ")[2] for name in names(out, "--sort", order)][: len(wanted)] == wanted


def test_a_name_is_found_without_accents_case_and_width() -> None:
    record = claim(mention(LEAVES_EN))
    names = {"de": ["Jörg Äpfel"], "ja": ["ＡＮＮＡ・カーン"]}
    named = replace(record, person=replace(record.person, names=names, romanised="Yelge Apufuru"))
    for wanted in ("jorg", "JÖRG  Ä", "anna・カ", "yelge", named.person.id):
        assert ClaimFilter(person=wanted).keeps(named)
    assert not ClaimFilter(person="Georg").keeps(named)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--relation", "FIRES"], "--relation FIRES: there is JOINS, LEAVES, ROLE_CHANGE"),
        (["--status", "sure"], "--status sure: there is actual, negated, planned, possible"),
        (["--since", "May"], "'May' is no date"),
        (["--sort", "colour"], "--sort colour: there is date, person, org, confidence"),
        (["--json", "--table"], "exclude each other"),
    ],
)
def test_what_cannot_be_asked_is_refused(out: Path, options: list[str], said: str) -> None:
    status, shown, told = call("show", out, *options)
    assert (status, shown) == (2, "")
    assert said in told


def test_evidence_stands_below_each_claim_and_beside_it_in_a_pipe(out: Path) -> None:
    shown = call("show", out, "--evidence", "--table", columns=120)[1]
    assert TEXTS["ja.txt"].strip() in shown
    assert "organisation “das Unternehmen” = Kranwerk AG, by coreference" in shown
    rows = [line.split("\t") for line in call("show", out, "--evidence")[1].splitlines()]
    assert len(rows) == 6
    assert rows[0][-4:] == ["sentence", "trigger", "rule", "mention"]
    assert {len(row) for row in rows} == {len(rows[0])}


@pytest.mark.parametrize("columns", [20, 40, 60, 80, 109, 110, 120, 200])
def test_every_width_is_kept_also_by_wide_characters(out: Path, columns: int) -> None:
    shown = call("show", out, "--table", columns=columns)[1]
    assert max(map(cell_len, shown.splitlines())) <= columns
    assert "佐倉" in shown


def test_columns_stand_below_each_other_whatever_the_script(out: Path) -> None:
    lines = [line.plain for line in claim_lines(open_folder(out).claims(), 120, evidence=False)]
    starts = {cell_len(line[: re.search(r"actual|negated|possible|status", line).start()]) for line in lines}  # type: ignore[union-attr]
    assert len(starts) == 1


@given(st.text(alphabet="aé佐ｱ한🙂\u0301 w", max_size=40), st.integers(2, 40))
def test_a_cell_takes_as_many_columns_as_it_has(text: str, size: int) -> None:
    assert cell_len(fitted(text, size)) == size


def test_an_empty_run_says_so(tmp_path: Path) -> None:
    out = write_run(tmp_path / "out", [])
    assert call("show", out)[2].endswith("claimtrail: the run found no claims in its 5 texts\n")
    status, shown, said = call("stats", out)
    assert status == 0
    assert "0 claims of 0 mentions" in shown
    assert "no claims in its 5 texts" in said
    status, shown, said = call("show", write_run(tmp_path / "none", [], texts={}))
    assert (status, said) == (0, "claimtrail: the run found no claims in its 0 texts\n")


def test_no_claim_as_asked_is_said_to_be_so(out: Path) -> None:
    assert "none of the 4 claims is as asked" in call("show", out, "--person", "nobody")[2]


@pytest.mark.parametrize("command", [["show"], ["stats"], ["explain", "clm-"]])
def test_a_broken_line_is_named_and_the_rest_is_shown(out: Path, command: list[str]) -> None:
    lines = (out / "claims.jsonl").read_bytes().splitlines(keepends=True)
    (out / "claims.jsonl").write_bytes(b"{\n" + b"".join(lines[1:]))
    status, shown, said = call(*command, out)
    assert status == 1
    assert "claims.jsonl:1: not JSON" in said
    assert command[0] == "explain" or "ROLE_CHANGE" in shown


def test_two_runs_are_not_compared_if_a_line_is_broken(out: Path) -> None:
    (out / "claims.jsonl").write_bytes(b"{\n")
    status, shown, said = call("diff", out, out)
    assert (status, shown) == (2, "")
    assert "is damaged: claims.jsonl:1" in said


@pytest.mark.parametrize(
    "command", [["show", "OUT"], ["stats", "OUT"], ["explain", "clm-1", "OUT"], ["diff", "OUT", "OUT"]]
)
def test_a_missing_folder_and_an_unfinished_run_are_named(tmp_path: Path, command: list[str]) -> None:
    def refused(folder: Path) -> str:
        status, shown, said = call(*(str(folder) if word == "OUT" else word for word in command))
        assert (status, shown) == (2, "")
        return said

    assert "there is no such folder; claimtrail run" in refused(tmp_path / "none")
    assert "holds no finished run" in refused(tmp_path)
    (tmp_path / ".journal.jsonl").touch()
    assert "--resume" in refused(tmp_path)


def test_a_run_of_another_version_is_said_to_be_one(tmp_path: Path) -> None:
    out = write_run(tmp_path / "out", version="7.0.0")
    assert f"{out} was written by claimtrail 7.0.0" in call("show", out)[2]


def test_an_explanation_tells_the_path_of_every_mention(out: Path) -> None:
    first = next(open_folder(out).claims())
    status, shown, _ = call("explain", first.id[:10], out)
    assert status == 0
    assert "LEAVES Anna Kern / Kranwerk AG (chief financial officer →)" in shown
    assert "why these mentions are one claim\n  the same name “Anna Kern” (de, en)" in shown
    assert "mention 1 of 2: de.txt (de), characters 0 to 96" in shown
    assert "trigger: “verlässt” 38:46" in shown
    assert re.search(r"rule: de/leaves/verlassen, right in \d\.\d\d of its cases; de/relations/leaves.yaml:\d+", shown)
    assert "    example: " in shown
    assert "organisation: “das Unternehmen” 59:74 means Kranwerk AG — a pronoun or a description" in shown
    assert "    bound by: focal" in shown
    assert "status: actual, by the rule" in shown
    assert "date: “Mai 2025” 50:58 is 2025-05 (month) — date" in shown
    assert "mention 2 of 2: en.txt" in shown


def test_an_explanation_shows_the_cue_of_a_status_and_its_example(out: Path) -> None:
    denial = next(m for c in open_folder(out).claims() for m in c.mentions if m.status == "negated")
    status, shown, _ = call("explain", denial.id, out)
    assert status == 0
    assert "status: negated by cue no-noun" in shown
    assert shown.index("by cue no-noun") < shown.rindex("example: ")


def test_a_rule_that_is_not_installed_is_said_not_to_be(out: Path) -> None:
    resigned = next(c for c in open_folder(out).claims() if c.relation == "ROLE_CHANGE")
    assert "ja/role_change/no-such-rule, which the installed rules do not have" in call("explain", resigned.id, out)[1]


def test_other_rules_than_those_of_the_run_are_said_to_be_others(tmp_path: Path) -> None:
    out = write_run(tmp_path / "out", rules_sha256="1" * 64)
    first = next(open_folder(out).claims())
    assert "The rules installed now are not those of the run" in call("explain", first.id, out)[1]


def test_an_id_that_is_none_or_several_is_said_to_be(out: Path) -> None:
    assert call("explain", "clm-zz", out) == (
        1,
        "",
        f"claimtrail: clm-zz: no claim and no mention in {out} has this id\n",
    )
    status, _, said = call("explain", "clm-", out)
    assert status == 1
    assert said.count("clm-") == 5
    assert "write more of the id" in said


def test_the_id_of_a_person_says_where_to_look(out: Path) -> None:
    person = next(open_folder(out).claims()).person.id
    status, _, said = call("explain", person, out)
    assert (status, said) == (
        1,
        f"claimtrail: {person} is no claim: claimtrail show {out} --person {person} lists its claims\n",
    )


def test_a_claim_shows_what_contradicts_it(tmp_path: Path) -> None:
    one, other = claim(mention(LEAVES_DE)), claim(mention(replace(LEAVES_EN, status="negated")))
    pair = [replace(one, conflicts_with=[other.id]), replace(other, conflicts_with=[one.id])]
    out = write_run(tmp_path / "out", pair)
    shown = call("explain", one.id, out)[1]
    assert "contradicted by\n  LEAVES Anna Kern" in shown
    assert other.id in shown


def test_an_explanation_tells_what_each_text_says_and_how_a_name_is_read(tmp_path: Path) -> None:
    record = replace(claim(mention(LEAVES_DE), mention(LEAVES_EN)), statuses={"actual": 1, "planned": 1})
    named = replace(record, person=replace(record.person, romanised="Yelge Apufuru"))
    shown = call("explain", record.id, write_run(tmp_path / "out", [named]))[1]
    assert "the texts say: actual in 1, planned in 1" in shown
    assert "person: Anna Kern, read Yelge Apufuru [per-" in shown


def test_an_explanation_tells_how_a_pronoun_was_resolved(tmp_path: Path) -> None:
    steps = ("org by focal", "org resolved: organisation nominal: Kranwerk AG, named in the same sentence")
    record = claim(mention(replace(LEAVES_DE, steps=steps)))
    shown = call("explain", record.id, write_run(tmp_path / "out", [record]))[1]
    line = (
        "organisation: “das Unternehmen” 59:74 means Kranwerk AG — organisation nominal: Kranwerk AG, named in the same"
    )
    assert line in shown
    assert "also: " not in shown


def test_counts_are_those_of_the_run(out: Path) -> None:
    status, shown, _ = call("stats", out)
    assert status == 0
    assert "5 texts (1 failed, 4 processed)" in shown
    assert "4 claims of 5 mentions; 1 told by several texts, 1 in several languages, 0 contradicted" in shown
    assert "failed: bad.txt: looks like a binary file" in shown
    found = json.loads(call("stats", out, "--json")[1])
    assert found["relations"] == {
        "JOINS": {"negated": 1, "possible": 1},
        "LEAVES": {"actual": 1},
        "ROLE_CHANGE": {"actual": 1},
    }
    assert found["people"]["Anna Kern"] == 2
    assert found["languages"] == {"de": 1, "en": 2, "ja": 1, "zh": 1}


def test_a_run_is_the_same_as_itself(out: Path) -> None:
    assert call("diff", out, out)[:2] == (0, "0 new, 0 gone, 0 changed, 4 the same\n")


def test_claims_of_other_texts_are_new_or_gone_with_the_reason(out: Path, tmp_path: Path) -> None:
    texts = {name: text for name, text in TEXTS.items() if name != "ja.txt"} | {"zh.txt": ""}
    less = write_run(tmp_path / "less", [claim(*map(mention, group)) for group in ALL[:2]], texts=texts)
    status, shown, _ = call("diff", out, less)
    assert status == 1
    assert f"because: ja.txt is no text of {less}" in shown
    assert f"because: zh.txt is failed in {less}: looks like a binary file" in shown
    assert shown.endswith("0 new, 2 gone, 0 changed, 2 the same\n")
    assert call("diff", less, out)[1].endswith("2 new, 0 gone, 0 changed, 2 the same\n")


def test_a_claim_with_another_mention_or_status_is_changed_with_the_reason(out: Path, tmp_path: Path) -> None:
    planned = replace(DENIES, status="planned", steps=("status planned by cue going-to",))
    groups = [(LEAVES_EN,), (planned,), *ALL[2:]]
    other = write_run(
        tmp_path / "other", [claim(*map(mention, group)) for group in groups], options={"min_confidence": 0.95}
    )
    status, shown, _ = call("diff", out, other)
    assert status == 1
    assert "the runs differ: option min_confidence: 0.4 → 0.95" in shown
    assert "languages: de en → en" in shown
    assert "a mention in de.txt less: de.txt: 0.90 is less sure than --min-confidence 0.95" in shown
    assert "status: negated → planned" in shown
    assert "in en.txt now “status planned by cue going-to”, before “status negated by cue no-noun”" in shown
    assert shown.endswith("0 new, 0 gone, 2 changed, 2 the same\n")
    changes = [json.loads(line) for line in call("diff", out, other, "--json")[1].splitlines()]
    assert {change["change"] for change in changes} == {"changed"}
    assert changes[0]["was"]["mentions"][0]["doc"] == "de.txt"


def test_claims_that_were_merged_or_split_name_each_other(out: Path, tmp_path: Path) -> None:
    apart = [claim(mention(LEAVES_DE)), claim(mention(LEAVES_EN)), *(claim(*map(mention, group)) for group in ALL[1:])]
    split = write_run(tmp_path / "split", apart)
    shown = call("diff", out, split)[1]
    whole = next(open_folder(out).claims())
    assert f"because: split off from {whole.id}" in shown
    assert f"because: its mentions are in {whole.id} now" in call("diff", split, out)[1]


def test_a_text_that_changed_is_why(out: Path, tmp_path: Path) -> None:
    text = "Update. " + TEXTS["zh.txt"]
    groups = [claim(*map(mention, group)) for group in ALL[:3]]
    other = write_run(tmp_path / "other", [*groups, claim(mention(ALL[3][0], text))], texts=TEXTS | {"zh.txt": text})
    shown = call("diff", out, other)[1]
    assert f"a mention in zh.txt more: zh.txt has another text in {out}" in shown
    assert shown.endswith("0 new, 0 gone, 1 changed, 3 the same\n")


def test_confidence_alone_is_counted(out: Path, tmp_path: Path) -> None:
    surer = [replace(c, confidence=0.5) for c in open_folder(out).claims()]
    other = write_run(tmp_path / "other", surer)
    assert call("diff", out, other)[:2] == (0, "0 new, 0 gone, 0 changed, 4 of another confidence only, 0 the same\n")


def test_a_text_cannot_steer_the_terminal() -> None:
    assert clean("a\x1b[2J\u202eb\tc\nd\r\x07") == "a\\u001b[2J\\u202eb c d \\u0007"


# Real processes: pipes and terminals.


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLUMNS", "FORCE_COLOR")}
    return kept | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))} | more


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
@pytest.mark.parametrize("command", ["show", "show --json", "show --evidence --table", "stats"])
def test_a_reader_that_stops_ends_the_command_silently(tmp_path: Path, command: str) -> None:
    one = claim(mention(LEAVES_DE))
    out = write_run(tmp_path / "out", [replace(one, id=f"clm-{number:016x}") for number in range(3000)])
    line = f'"$@" {command} {out} | head -n 1; echo "${{PIPESTATUS[0]}}"'
    done = subprocess.run(
        ["bash", "-c", line, "bash", *PROGRAM], capture_output=True, text=True, env=environment(), check=False
    )
    # what is short may all be written before the reader stops; then the command ends as ever
    assert [line for line in done.stderr.splitlines() if "texts failed" not in line] == []
    first, status = done.stdout.splitlines()
    assert first
    assert status in ("141", "0")  # a command of few lines may be done before the reader stops


def on_terminal(arguments: list[str], **more: str) -> str:
    """Return what a command writes on a terminal."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [*PROGRAM, *arguments], stdin=follower, stdout=follower, stderr=subprocess.DEVNULL, env=environment(**more)
    )
    os.close(follower)
    written = b""
    while True:
        try:
            piece = os.read(leader, 65536)
        except OSError:
            break
        if not piece:
            break
        written += piece
    process.wait()
    os.close(leader)
    return written.decode()


def test_a_terminal_gets_a_coloured_table_and_none_who_wants_no_colour(out: Path) -> None:
    shown = on_terminal(["show", str(out)], TERM="xterm-256color", COLUMNS="130")
    assert "relation" in shown
    assert "\x1b[32mactual" in shown
    plain = on_terminal(["show", str(out)], TERM="xterm-256color", COLUMNS="130", NO_COLOR="1")
    assert "actual" in plain
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]", plain)
    assert "\x1b" not in on_terminal(["show", str(out)], TERM="dumb", COLUMNS="130")


@pytest.mark.parametrize("options", [[], ["--table"], ["--json"]])
def test_where_output_is_not_unicode_it_is_written_all_the_same(out: Path, options: list[str]) -> None:
    done = subprocess.run(
        [*PROGRAM, "show", str(out), *options],
        capture_output=True,
        env=environment(PYTHONIOENCODING="ascii"),
        check=False,
    )
    assert done.returncode == 0
    assert "佐倉".encode() in done.stdout or b"\\u4f50\\u5009" in done.stdout
