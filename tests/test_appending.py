"""Texts added to a run: the claims are those of one run over all texts, and only those near the new texts are made."""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimtrail.evidence import Evidence, Form, Named, Speech, Stated
from claimtrail.identity import copies, link, orgs
from claimtrail.identity.decisions import NO_DECISIONS
from claimtrail.identity.resolve import Draft, Texts, World, resolve_evidence
from claimtrail.identity.standing import Standing
from claimtrail.identity.stored import Kept
from claimtrail.output.lines import line

sys.path.insert(0, str(Path(__file__).parent / "bench"))
import resolving

PEOPLE = [
    ("Torvald Brenneke",), ("Torvald Brenneke", "Brenneke"), ("Brenneke",), ("T. Brenneke",), ("Agnes Brenneke",),
    ("布伦内克",), ("托瓦尔德·布伦内克",), ("トルヴァルド・ブレネケ",), ("ブレネケ",), ("Torvald Brennan",), ("Tom",), ("Sarah",),
    ("Pia Olmvik",), ("Olmvik",), ("奥尔姆维克",), ("オルムヴィク",),
]  # fmt: skip
FIRMS = [
    "Brankwell",
    "Brankwell AG",
    "布兰克韦尔",
    "ブランクウェル",
    "Dorvanta",
    "RIM",
    "Research in Motion",
    "Google",
    "谷歌",
]
WORDS = [" ".join(f"On day {n} the keeper {w} of {story} counted pears." for n, w in enumerate("abcdefghijklmno"))
         for story in ("Elm", "Oak", "Ash")]  # fmt: skip


def text(rng: random.Random, number: int, letters: bool) -> Evidence:
    doc = f"{rng.choice('abc')}/{number:03}.txt"
    lang = rng.choice(["en", "de", "zh", "ja"])
    people: dict[str, Named] = {}
    firms: dict[str, Named] = {}
    stated = []
    spoken = letters and rng.random() < 0.4
    for place in range(rng.choice([0, 1, 1, 2, 3, 4])):
        author = letters and place == 0 and rng.random() < 0.2
        forms = (f"<author of {doc}>",) if author else rng.choice(PEOPLE)
        person, org = f"p{rng.randrange(place + 1)}", f"o{rng.randrange(place + 1)}"
        people.setdefault(person, Named(tuple(Form(lang, form) for form in forms)))
        firms.setdefault(org, Named((Form(lang, rng.choice(FIRMS)),)))
        relation = rng.choice(["LEAVES", "LEAVES", "JOINS", "ROLE_CHANGE"])
        stated.append(
            Stated(
                f"mnt-{number:03}{place}", relation, rng.choice(["actual", "actual", "planned", "negated"]), lang, person,
                org, 200 * place, 200 * place + 5, 200 * place + 9, when=rng.choice(["", "", "2020", "2023-05"]),
                quoted=author or (spoken and rng.random() < 0.5), confidence=rng.choice([0.5, 0.8, 0.9]),
            )
        )  # fmt: skip
    around = tuple(sorted({orgs.fold(named.forms[0].text) for named in firms.values()}))
    story = rng.choice(WORDS) + (" It rained." if rng.random() < 0.5 else "")
    speech = Speech(tuple(sorted(copies.shingles(story))), around, (40, 50))
    unnamed = any(named.forms[0].text.startswith("<") for named in people.values())
    return Evidence(
        doc=doc,
        sha256=rng.choice("123456789") if rng.random() < 0.2 else doc,
        lang=lang,
        date=rng.choice(["", "2020-01-02", "2023-05-06"]),
        people=people,
        organisations=firms,
        around=around,
        stated=tuple(stated),
        letter=speech if unnamed else None,
        quotes={"p0": speech} if spoken and people else {},
        sketch=copies.sketch(story) if rng.random() < 0.3 else "",
    )


def row(draft: Draft) -> bytes:
    """A line of claims that names its mentions, and the authors that other texts tell."""
    told = [{"doc": doc, "id": name, "by": draft.quoted.get((doc, name))} for doc, name in draft.mentions]
    return orjson.dumps(orjson.loads(line(draft.claim)) | {"mentions": told}) + b"\n"


def whole(texts: Sequence[Evidence]) -> list[bytes]:
    return [row(draft) for draft in resolve_evidence(texts).drafts]


def grown(path: Path, texts: Sequence[Evidence], docs: set[str]) -> tuple[list[bytes], int | None]:
    """Return the claims after new texts came to those of ``docs``, and how many of the people were looked at again."""
    standing = Standing.of(path, docs)
    world = World(Texts(texts), NO_DECISIONS, standing=standing)
    made = [(draft.claim.id, row(draft)) for draft in world.drafts()]
    if world.changed is None:
        return [content for _, content in sorted(made)], None
    kept = Kept(path, standing, world.gone(standing))
    assert len(list(kept.heads())) == len(list(kept.lines()))
    return [content for _, content in sorted([*made, *kept.lines()])], len(world.changed)


def check(texts: Sequence[Evidence], cuts: Sequence[int]) -> Iterator[int | None]:
    """Add texts part by part; yield how many people each part had looked at again."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "claims.jsonl"
        path.write_bytes(b"".join(whole(texts[: cuts[0]])))
        for before, after in zip(cuts, [*cuts[1:], len(texts)], strict=True):
            found, again = grown(path, texts[:after], {text.doc for text in texts[:before]})
            assert found == whole(texts[:after])
            path.write_bytes(b"".join(found))
            yield again


@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(2, 14), st.booleans(), st.sampled_from([2, 32]))
def test_texts_added_in_any_parts_give_the_claims_of_one_run(
    rng: random.Random, size: int, letters: bool, crowd: int
) -> None:
    texts = [text(rng, number, letters) for number in range(size)]
    cuts = sorted(rng.sample(range(size), rng.randint(1, min(3, size))))
    with pytest.MonkeyPatch.context() as patch:
        # A block is told apart by more of the key as soon as it has so many members.
        patch.setattr(link, "_CROWD", crowd)
        assert len(list(check(texts, cuts))) == len(cuts)


def test_a_made_up_world_in_parts_is_the_world_of_one_run() -> None:
    texts = [evidence for evidence, _ in resolving.World(700, seed=9).texts()]
    random.Random(4).shuffle(texts)
    assert None not in list(check(texts, [len(texts) // 2, len(texts) - 30, len(texts) - 1]))


def test_few_people_are_looked_at_again_for_a_few_texts_however_many_there_are(tmp_path: Path) -> None:
    for size in (300, 1500):
        texts = [evidence for evidence, _ in resolving.World(size, seed=9).texts()]
        random.Random(4).shuffle(texts)
        before = texts[:-3]
        (tmp_path / "claims.jsonl").write_bytes(b"".join(whole(before)))
        _, again = grown(tmp_path / "claims.jsonl", texts, {evidence.doc for evidence in before})
        assert again is not None
        assert again < 100
