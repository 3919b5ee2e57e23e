"""Growth: runs resolved again, added to and decided by the user; copies; any order and any shards, in little time."""

from __future__ import annotations

import json
import random
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from claimtrail import runner
from claimtrail.cli import app
from claimtrail.identity.decisions import IdentityFileError, read_decisions
from claimtrail.identity.resolve import resolve_evidence
from claimtrail.identity.stored import EVIDENCE, read_evidence, resolve_folder
from claimtrail.output.folder import FolderError
from claimtrail.verify import verify
from fakes import build, describe

sys.path.insert(0, str(Path(__file__).parent / "bench"))
import resolving

FIRST = {
    "a.txt": "Ann Other leaves Firmly in 2024.",
    "b.txt": "Bo Weller joins Firmly. Ann Other leaves Firmly.",
    "c.txt": "Cy Marsh leaves Nordly in 2023.",
}
LATER = {"d.txt": "Ann Other leaves Firmly in 2024. Dee Crane joins Nordly."}
STORY = " ".join(f"On day {n} the orchard keeper {w} counted her pears." for n, w in enumerate("abcdefghijklmnopqrst"))


def write(folder: Path, texts: dict[str, str]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


def run(folder: Path, out: Path, **changes: object) -> runner.Summary:
    request = runner.Request(paths=(str(folder),), out=out, **changes)  # type: ignore[arg-type]
    return runner.run(request, build=build, describe=describe)


def lines(out: Path) -> dict[str, str]:
    return {json.loads(row)["id"]: row for row in (out / "claims.jsonl").read_text("utf-8").splitlines()}


def claims(out: Path) -> list[dict]:
    return [json.loads(row) for row in lines(out).values()]


def of(out: Path, person: str) -> list[dict]:
    return [claim for claim in claims(out) if claim["person"]["name"] == person]


def table(path: Path, *rows: str) -> Path:
    header = "decision\tkind\tone\tother"
    path.write_text("\n".join([header, *(row.replace(" ", "\t", 3) for row in rows)]) + "\n", "utf-8")
    return path


@pytest.fixture
def out(tmp_path: Path) -> Path:
    run(write(tmp_path / "in", FIRST), tmp_path / "out")
    return tmp_path / "out"


def test_resolving_a_run_again_writes_the_same_bytes(out: Path) -> None:
    before = {path.name: path.read_bytes() for path in out.iterdir() if path.suffix == ".jsonl"}
    touched = resolve_folder(out)
    assert {path.name: path.read_bytes() for path in out.iterdir() if path.suffix == ".jsonl"} == before
    assert (touched.new, touched.changed, touched.gone, touched.same) == (0, 0, 0, 3)


def test_resolve_needs_a_run_with_its_evidence(out: Path, tmp_path: Path) -> None:
    with pytest.raises(FolderError, match="no such folder"):
        resolve_folder(tmp_path / "nowhere")
    (out / EVIDENCE).write_text('{"doc": 1}\n', "utf-8")
    with pytest.raises(FolderError, match=f"{EVIDENCE}:1"):
        resolve_folder(out)
    (out / EVIDENCE).unlink()
    with pytest.raises(FolderError, match=f"has no {EVIDENCE}"):
        resolve_folder(out)


def test_texts_added_later_touch_only_the_claims_they_are_about(out: Path, tmp_path: Path) -> None:
    before = lines(out)
    summary = run(write(tmp_path / "more", LATER), out, append=True)
    after = lines(out)
    (ann,) = (name for name, row in before.items() if "Ann Other" in row)
    assert ann in after, "a claim keeps its id when another text tells of it"
    assert {name for name in before if before[name] != after[name]} == {ann}
    assert summary.touched is not None
    assert (summary.touched.new, summary.touched.changed, summary.touched.same) == (1, 1, 2)
    assert not verify(out, [str(tmp_path / "in"), str(tmp_path / "more")]).faults


def test_a_run_that_grew_is_the_run_over_all_texts(out: Path, tmp_path: Path) -> None:
    run(write(tmp_path / "more", LATER), out, append=True)
    run(write(tmp_path / "all", FIRST | LATER), tmp_path / "whole")
    for name in ("claims.jsonl", "mentions.jsonl", "documents.jsonl", EVIDENCE):
        assert (out / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


def test_adding_what_is_there_changes_nothing(out: Path, tmp_path: Path) -> None:
    before = lines(out)
    summary = run(tmp_path / "in", out, append=True)
    assert lines(out) == before
    assert len(summary.documents) == 3


def test_another_text_under_a_known_id_is_not_added(out: Path, tmp_path: Path) -> None:
    folder = write(tmp_path / "more", {"a.txt": "Eve Stone joins Firmly."})
    with pytest.raises(runner.UsageError, match=r"a\.txt: the output folder has another text of this id"):
        run(folder, out, append=True)


def test_texts_are_only_added_to_a_run_under_the_same_options(out: Path, tmp_path: Path) -> None:
    folder = write(tmp_path / "more", LATER)
    with pytest.raises(runner.UsageError, match="under the same ones"):
        run(folder, out, append=True, settings=runner.Settings(min_confidence=0.9))
    with pytest.raises(runner.UsageError, match="no such folder"):
        run(folder, tmp_path / "nowhere", append=True)


def test_two_texts_of_one_name_in_different_folders_stay_two(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {"x/a.txt": FIRST["a.txt"], "y/a.txt": FIRST["c.txt"]})
    summary = run(folder, tmp_path / "out")
    assert [record.doc for record in summary.documents] == ["x/a.txt", "y/a.txt"]
    assert len(summary.claims) == 2


def test_a_text_that_occurs_twice_counts_once_and_is_marked(tmp_path: Path) -> None:
    once = run(write(tmp_path / "one", {"a.txt": FIRST["a.txt"]}), tmp_path / "once")
    twice = run(write(tmp_path / "two", {"a.txt": FIRST["a.txt"], "z.txt": FIRST["a.txt"]}), tmp_path / "twice")
    assert [record.copy_of for record in twice.documents] == [None, "a.txt"]
    (claim,), (double,) = once.claims, twice.claims
    assert double.confidence == claim.confidence
    assert double.statuses == claim.statuses == {"actual": 1}
    assert [mention.doc for mention in double.mentions] == ["a.txt", "z.txt"]
    assert double.id == claim.id


def test_a_reprint_is_marked_and_another_text_is_not(tmp_path: Path) -> None:
    texts = {
        "a.txt": f"Ann Other leaves Firmly. {STORY}",
        "b.txt": f"Ann Other leaves Firmly. {STORY} This is a reprint.",
        "c.txt": f"Ann Other leaves Firmly. {STORY[:200]} Then it rained for weeks on end and nobody came any more.",
    }
    summary = run(write(tmp_path / "in", texts), tmp_path / "out")
    assert [(r.copy_of, r.near_copy_of) for r in summary.documents] == [(None, None), (None, "a.txt"), (None, None)]


def test_the_user_joins_two_people_and_names_them(out: Path, tmp_path: Path) -> None:
    ann, cy = of(out, "Ann Other")[0], of(out, "Cy Marsh")[0]
    said = table(
        tmp_path / "who.tsv",
        f"same person {ann['person']['id']} {cy['mentions'][0]['id']}",
        f"name person {cy['person']['id']} Ann Marsh-Other",
    )
    touched = resolve_folder(out, said)
    assert (touched.changed, touched.same) == (2, 1)
    assert {claim["person"]["id"] for claim in of(out, "Ann Marsh-Other")} == {ann["person"]["id"]}
    assert len(of(out, "Ann Marsh-Other")) == 2
    resolve_folder(out)
    assert not of(out, "Ann Marsh-Other"), "without the table nothing of it is left"


def test_the_user_parts_two_namesakes(out: Path, tmp_path: Path) -> None:
    (ann,) = of(out, "Ann Other")
    one, other = (mention["id"] for mention in ann["mentions"])
    resolve_folder(out, table(tmp_path / "who.tsv", f"different person {one} {other}"))
    assert [len(claim["mentions"]) for claim in of(out, "Ann Other")] == [1, 1]
    assert len({claim["person"]["id"] for claim in of(out, "Ann Other")}) == 2
    assert not verify(out, [str(tmp_path / "in")]).faults


def test_the_user_parts_and_joins_moves(out: Path, tmp_path: Path) -> None:
    (ann,), (cy,) = of(out, "Ann Other"), of(out, "Cy Marsh")
    one, other = (mention["id"] for mention in ann["mentions"])
    resolve_folder(out, table(tmp_path / "who.tsv", f"different move {one} {other}"))
    assert len(of(out, "Ann Other")) == 2
    assert len({claim["person"]["id"] for claim in of(out, "Ann Other")}) == 1
    resolve_folder(out, table(tmp_path / "who.tsv", f"same move {ann['id']} {cy['id']}"))
    joined = [claim for claim in claims(out) if len(claim["mentions"]) == 3]
    assert len(joined) == 1
    assert any("who.tsv, line 2, says that they are one move" in reason for reason in joined[0]["merged_because"])


def test_what_the_user_said_holds_when_texts_come_in(out: Path, tmp_path: Path) -> None:
    ann, cy = of(out, "Ann Other")[0], of(out, "Cy Marsh")[0]
    said = table(tmp_path / "who.tsv", f"same person {ann['person']['id']} {cy['person']['id']}")
    run(write(tmp_path / "more", LATER), out, append=True, identities=said)
    (person,) = {claim["person"]["id"] for claim in claims(out) if "Cy Marsh" in claim["person"]["names"]["en"]}
    assert person == ann["person"]["id"]


def test_a_table_that_cannot_be_followed_is_refused_with_its_lines(out: Path, tmp_path: Path) -> None:
    ann, bo, cy = (of(out, name)[0]["person"]["id"] for name in ("Ann Other", "Bo Weller", "Cy Marsh"))
    said = table(
        tmp_path / "who.tsv",
        f"same person {ann} {bo}",
        f"same person {bo} {cy}",
        f"same person {cy} {ann}",
        f"different person {ann} {cy}",
        "same person per-0000000000000000 mnt-0000000000000000",
        f"same animal {ann} {bo}",
        f"same person {ann}",
        f"same organisation {ann} {bo}",
        f"name person {ann} Ann",
        f"name person {bo} Bo",
    )
    with pytest.raises(IdentityFileError) as refused:
        resolve_folder(out, said)
    faults = "\n".join(refused.value.faults)
    assert "who.tsv:4: closes a circle: with line 3" in faults
    assert "who.tsv:5: contradicts line 3" in faults
    assert "who.tsv:6: the id per-0000000000000000 is unknown" in faults
    assert "who.tsv:6: the id mnt-0000000000000000 is unknown" in faults
    assert "who.tsv:7: same animal is no decision" in faults
    assert "who.tsv:8: 4 cells set apart by tabs are expected" in faults
    assert f"who.tsv:9: {ann} names no organisation; such an id begins with org- or mnt- or clm-" in faults
    assert "who.tsv:11: line 10 names the same person already: Ann" in faults


def test_a_file_that_is_no_table_is_refused(out: Path, tmp_path: Path) -> None:
    path = tmp_path / "who.tsv"
    path.write_text("Ann is Cy\n", "utf-8")
    with pytest.raises(IdentityFileError, match=r"who\.tsv:1: the first line must be decision, kind, one, other"):
        read_decisions(path, read_evidence(out))
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(IdentityFileError, match="not UTF-8"):
        read_decisions(path, read_evidence(out))


def test_the_command_resolves_and_refuses(out: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["resolve", str(out)])
    assert done.exit_code == 0
    assert "0 claims are new, 0 changed, 0 gone, 3 as they were" in done.stdout
    said = table(tmp_path / "who.tsv", "same person per-1 per-2", "same person per-3 per-4")
    refused = CliRunner().invoke(app, ["resolve", str(out), "--identities", str(said)])
    assert refused.exit_code == 2
    assert all(f"who.tsv:{number}: the id per-" in refused.stderr for number in (2, 3))


def test_a_made_up_world_resolves_alike_in_any_order_and_any_shards(tmp_path: Path) -> None:
    resolving.write_world(1500, tmp_path / "out")
    before = time.process_time()
    resolve_folder(tmp_path / "out")
    assert time.process_time() - before < 20
    found = resolving.b_cubed(tmp_path / "out")
    assert found["precision"] >= 0.98
    assert found["recall"] >= 0.9
    assert resolving.in_shards(tmp_path / "out", 1)
    assert resolving.in_shards(tmp_path / "out", 7)


def test_claims_that_have_nothing_to_do_with_new_texts_keep_their_ids(tmp_path: Path) -> None:
    resolving.write_world(600, tmp_path / "out")
    texts = list(read_evidence(tmp_path / "out"))
    whole = {draft.claim.id: draft.mentions for draft in resolve_evidence(texts).drafts}
    kept = random.Random(3).sample(texts, len(texts) * 3 // 4)
    part = {draft.claim.id: draft.mentions for draft in resolve_evidence(kept).drafts}
    docs = {text.doc for text in kept}
    untouched = {name for name, mentions in whole.items() if all(doc in docs for doc, _ in mentions)}
    assert len(untouched & part.keys()) >= 0.99 * len(untouched)
