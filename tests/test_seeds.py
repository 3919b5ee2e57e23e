"""The whole program on the texts in seeds: what a reader of the thirteen texts finds, and what holds for any run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from claimtrail.cli import app
from claimtrail.output.lines import read_lines
from claimtrail.records import ClaimRecord, DocumentRecord
from claimtrail.verify import verify

pytestmark = pytest.mark.slow

SEEDS = Path(__file__).parents[1] / "seeds"


def run(out: Path, *options: str) -> None:
    result = CliRunner().invoke(app, ["run", str(SEEDS), "--out", str(out), "--quiet", *options])
    assert result.exit_code == 0, result.stderr


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seeds") / "out"
    run(folder)
    return folder


@pytest.fixture(scope="module")
def claims(out: Path) -> Sequence[ClaimRecord]:
    return list(read_lines(out / "claims.jsonl", ClaimRecord))


def found(claims: Sequence[ClaimRecord], relation: str, person: str, org: str) -> ClaimRecord:
    fitting = [
        claim
        for claim in claims
        if claim.relation == relation
        and person in {claim.person.name, *(form for forms in claim.person.names.values() for form in forms)}
        and org in {claim.org.name, *(form for forms in claim.org.names.values() for form in forms)}
    ]
    assert len(fitting) == 1, f"{len(fitting)} claims: {relation} {person} {org}"
    return fitting[0]


def test_every_text_is_processed_in_its_language(out: Path) -> None:
    for record in read_lines(out / "documents.jsonl", DocumentRecord):
        assert (record.state, record.lang) == ("processed", record.doc[:2])
        assert record.date_origin == "text"


def test_there_are_claims_from_all_languages(claims: Sequence[ClaimRecord]) -> None:
    assert {lang for claim in claims for lang in claim.languages} == {"de", "en", "fr", "ja", "zh"}


@pytest.mark.parametrize(("relation", "org"), [("LEAVES", "Nordvik Robotics"), ("JOINS", "Halden Labs")])
def test_a_move_told_in_four_languages_is_one_claim(claims: Sequence[ClaimRecord], relation: str, org: str) -> None:
    claim = found(claims, relation, "Marta Ellingsen", org)
    assert claim.languages == ["de", "en", "ja", "zh"]
    assert claim.status == "actual"
    assert len(claim.merged_because) >= 3


def test_a_move_told_in_french_too_is_the_same_claim(claims: Sequence[ClaimRecord]) -> None:
    claim = found(claims, "ROLE_CHANGE", "Kenji Asakura", "Minato Electric")
    assert claim.languages == ["en", "fr", "ja", "zh"]


def test_a_denied_move_is_negated(claims: Sequence[ClaimRecord]) -> None:
    assert found(claims, "LEAVES", "大河内玲", "白樺大学").status == "negated"


def test_the_author_of_a_letter_is_who_signs_it(claims: Sequence[ClaimRecord]) -> None:
    claim = found(claims, "LEAVES", "Anna Whitlock", "Cedar Lane Hospital")
    assert claim.status in {"actual", "planned"}  # it is decided, and the last day is still to come
    assert {mention.person.resolved_by for mention in claim.mentions} == {"author"}


def test_the_run_is_whole_and_exact(out: Path) -> None:
    assert verify(out, [str(SEEDS)]).faults == []


def test_another_number_of_processes_writes_the_same_bytes(out: Path, tmp_path: Path) -> None:
    run(tmp_path / "out", "--jobs", "3")
    for name in ("mentions.jsonl", "claims.jsonl", "documents.jsonl"):
        assert (tmp_path / "out" / name).read_bytes() == (out / name).read_bytes()
