"""The list of name pairs: its make-up, and that no change of the comparing goes unnoticed."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

SCORES = Path(__file__).parent / "scores"
sys.path.insert(0, str(SCORES))
import name_pairs  # noqa: E402 - a script beside the scores


def test_the_list_is_large_half_of_it_differs_and_a_third_is_held_out() -> None:
    pairs = name_pairs.pairs()
    assert len(pairs) >= 600
    truths = Counter(pair.truth for pair in pairs)
    assert 0.45 <= truths["different"] / len(pairs) <= 0.55
    assert Counter(pair.part for pair in pairs)["held"] >= len(pairs) / 3
    assert {pair.lang for pair in pairs} | {pair.other_lang for pair in pairs} == {"en", "de", "zh", "ja"}


def test_every_pair_scores_as_in_the_frozen_run() -> None:
    found = [(pair, name_pairs.score(pair)) for pair in name_pairs.pairs()]
    frozen = (SCORES / "name_pairs.reference.tsv").read_text("utf-8")
    assert name_pairs.reference(found).splitlines() == frozen.splitlines(), "run tests/scores/name_pairs.py --write"
    figures = name_pairs.table(found)
    assert figures == json.loads((SCORES / "name_pairs.json").read_text("utf-8"))
    for part in ("open", "held"):
        assert figures["full"][part]["recall_at_precision_98"] >= 0.85
