"""Score names alone on a list of pairs: is it the same name in another script, order or spelling, or a near one?

    python tests/scores/name_pairs.py [--write] [--detail]

``name_pairs.tsv`` holds invented people in Latin letters, Chinese characters (simplified and traditional) and kana,
half of the pairs hard negatives; families of names marked ``held`` are a third that nothing was fitted on. The least
score that gives a precision of .98 is taken from the open part and applied to the rest. ``--write`` freezes the score
of every pair in ``name_pairs.reference.tsv`` and the figures in ``name_pairs.json``; a test compares them.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "pipeline"))
from claimtrail.identity import names

FOLDER = Path(__file__).parent
PRECISION = 0.98


class Pair(NamedTuple):
    part: str
    truth: str
    kind: str
    lang: str
    name: str
    other_lang: str
    other: str
    why: str


def pairs() -> list[Pair]:
    lines = (FOLDER / "name_pairs.tsv").read_text("utf-8").splitlines()
    return [Pair(*line.split("\t")) for line in lines[1:]]


def score(pair: Pair) -> float:
    """How likely the two are one: for whole names, a match of a part counts as nothing."""
    match = names.compare(pair.name, pair.other)
    if pair.kind == "full" and match.kind is not names.Kind.FULL:
        return 0.0
    return round(match.probability, 3)


def threshold(scored: list[tuple[float, bool]]) -> float:
    """The least score from which on the precision is never lower than wanted."""
    best = 1.01
    for candidate in sorted({s for s, _ in scored if s > 0}, reverse=True):
        kept = [same for s, same in scored if s >= candidate]
        if sum(kept) / len(kept) < PRECISION:
            break
        best = candidate
    return best


def figures(scored: list[tuple[float, bool]], least: float) -> dict[str, float]:
    kept = [same for s, same in scored if s >= least]
    wanted = sum(same for _, same in scored)
    return {
        "pairs": len(scored),
        "same": wanted,
        "precision": round(sum(kept) / len(kept), 4) if kept else 0.0,
        "recall": round(sum(kept) / wanted, 4),
        "score_at_least": least,
        "recall_at_precision_98": round(sum(same for s, same in scored if s >= threshold(scored)) / wanted, 4),
    }


def table(found: list[tuple[Pair, float]]) -> dict[str, dict[str, dict[str, float]]]:
    result = {}
    for kind in ("full", "surname"):
        by_part = {
            part: [(s, pair.truth == "same") for pair, s in found if pair.kind == kind and pair.part == part]
            for part in ("open", "held")
        }
        least = threshold(by_part["open"])
        result[kind] = {part: figures(scored, least) for part, scored in by_part.items()}
    return result


def reference(found: list[tuple[Pair, float]]) -> str:
    return "".join(f"{s:.3f}\t{pair.truth}\t{pair.name}\t{pair.other}\n" for pair, s in found)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--detail", action="store_true", help="list the errors of the open part")
    args = parser.parse_args()
    found = [(pair, score(pair)) for pair in pairs()]
    result = table(found)
    print(json.dumps(result, indent=1))
    if args.detail:
        for pair, s in found:
            if pair.part == "open" and (s >= result[pair.kind]["open"]["score_at_least"]) != (pair.truth == "same"):
                print(f"{s:.3f}", *pair, names.compare(pair.name, pair.other))
    if args.write:
        (FOLDER / "name_pairs.reference.tsv").write_text(reference(found), "utf-8")
        (FOLDER / "name_pairs.json").write_text(json.dumps(result, indent=1, sort_keys=True) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
