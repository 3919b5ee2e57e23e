"""Score linking on a made-up world: people with transliterated names, each told of in four languages.

    python tests/scores/identity_names.py --names SHARED/data/names --out tests/scores/identity_names.json

Names are pairs of tokens of netranslit (CC0) that have a Chinese and a katakana form. Every person leaves one
organisation; ten people leave each. English texts give the whole name, the others the whole name or only the surname.
The tables were learned from most of these tokens: see transliteration.json for names they have not seen.
Reported is B-cubed over the mentions: are the four texts of a person, and only they, one claim?
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "pipeline"))
from claimtrail.identity.resolve import resolve
from test_identity import Move, story


def tokens(path: Path, least: int) -> dict[str, str]:
    best: dict[str, tuple[int, str]] = {}
    for line in path.read_text("utf-8").splitlines():
        latin, target, count = line.split("\t")
        candidate = (int(count), target.replace(" ", ""))
        if int(count) >= least and latin.isascii() and len(latin) >= 3:
            best[latin] = max(best.get(latin, candidate), candidate)
    return {latin: target for latin, (_, target) in best.items()}


def world(names: Path, people: int, only_surname: float) -> tuple[list, dict[str, int]]:
    rng = random.Random(11)
    chinese = tokens(names / "wd_chinese.normalized.aligned.tokens", 1)
    kana = tokens(names / "wd_katakana.normalized.aligned.tokens", 2)
    common = sorted(chinese.keys() & kana.keys())
    documents, truth = [], {}
    for number in range(people):
        given, surname = rng.sample(common, 2)
        latin = f"{given.title()} {surname.title()}"
        forms = {
            "en": (latin, latin),
            "de": (latin, surname.title()),
            "zh": (f"{chinese[given]}·{chinese[surname]}", chinese[surname]),
            "ja": (f"{kana[given]}・{kana[surname]}", kana[surname]),
        }
        for lang, (full, short) in forms.items():
            form = short if rng.random() < only_surname else full
            doc = f"{lang}{number:05}"
            truth[doc] = number
            documents.append(story(doc, lang, Move("LEAVES", (form,), (f"Brankwell {number // 10}",))))
    return documents, truth


def b_cubed(claims: list, truth: dict[str, int]) -> dict[str, float]:
    size: dict[int, int] = defaultdict(int)
    for person in truth.values():
        size[person] += 1
    precision = recall = 0.0
    for claim in claims:
        told = [truth[m.doc] for m in claim.mentions]
        precision += sum(told.count(person) for person in told) / len(told)
        recall += sum(told.count(person) / size[person] for person in told)
    p, r = precision / len(truth), recall / len(truth)
    return {"p": round(p, 4), "r": round(r, 4), "f1": round(2 * p * r / (p + r), 4), "mentions": len(truth)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--names", type=Path, required=True)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--detail", action="store_true")
    args = parser.parse_args()
    figures = {}
    for title, share in (("whole names", 0.0), ("half of them surnames only", 0.5), ("surnames only", 1.0)):
        documents, truth = world(args.names / "netranslit" / "data", 600, share)
        claims = resolve(documents)
        figures[title] = b_cubed(claims, truth)
        if args.detail:
            for claim in claims:
                if len({truth[m.doc] for m in claim.mentions}) > 1 or len(claim.mentions) < 3:
                    print(title, [m.person.text for m in claim.mentions], claim.merged_because)
    print(json.dumps(figures, indent=1))
    if args.out:
        args.out.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
