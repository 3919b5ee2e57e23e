"""Score the finding of unnamed authors: letters against the quotations of their own texts, and against all others.

    python tests/scores/authors.py [--out tests/scores/authors.json]

Made-up letters, in four languages and with moves of their own, are quoted in part by one text each, in the same
language or in another; all other pairs of letter and quotation are negatives: four authors leave each organisation,
forty join the next, only the third move is their own. Reported is how many authors are found, how many of those are the
right person, and how many are found of letters that no text quotes.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "pipeline"))
from claimtrail.document import Document
from claimtrail.identity.resolve import resolve
from test_identity import JOINS, LEAVES, Move, Text

WORDS = {
    "en": [
        "after",
        "many",
        "years",
        "among",
        "friends",
        "we",
        "built",
        "patient",
        "machines",
        "and",
        "I",
        "learned",
        "to",
        "listen",
        "to",
        "quiet",
        "rooms",
        "where",
        "new",
        "questions",
        "grow",
        "like",
        "gardens",
        "beside",
        "the",
        "old",
        "road",
        "toward",
        "morning",
        "with",
        "every",
        "hand",
        "that",
        "helped",
        "us",
        "carry",
        "stones",
    ],
    "de": [
        "nach",
        "vielen",
        "Jahren",
        "unter",
        "Freunden",
        "haben",
        "wir",
        "geduldige",
        "Maschinen",
        "gebaut",
        "und",
        "ich",
        "lernte",
        "den",
        "stillen",
        "Zimmern",
        "zuzuhören",
        "wo",
        "neue",
        "Fragen",
        "wachsen",
        "wie",
        "Gärten",
        "neben",
        "der",
        "alten",
        "Straße",
        "gegen",
        "Morgen",
        "mit",
        "jeder",
        "Hand",
        "die",
        "half",
    ],
    "zh": list(
        "多年以来我和朋友们一起建造耐心的机器并学会倾听安静的房间新的问题像花园一样在旧路旁生长每一只手都帮我们搬石头向着清晨走去"
    ),
    "ja": list(
        "長い年月を友人たちと過ごし根気のある機械を作り静かな部屋に耳を傾けることを学んだ新しい問いは古い道のそばの庭のように育つ朝に向かって石を運ぶ"
    ),
}
SURNAMES = ("Brenneke", "Holmqvist", "Okoye", "Marchetti", "Vandermolen", "Jankowski", "Lindgren", "Wexler")


def body(rng: random.Random, lang: str, sentences: int) -> list[str]:
    gap = "" if lang in ("zh", "ja") else " "
    stop = "。" if lang in ("zh", "ja") else "."
    return [gap.join(rng.choices(WORDS[lang], k=rng.randint(9, 22))) + stop for _ in range(sentences)]


def world(letters: int, translated: bool, moves: int, seed: int) -> tuple[list[Document], dict[str, str]]:
    """Letters and the texts that quote them; several letters leave each organisation."""
    rng = random.Random(seed)
    documents, truth = [], {}
    for number in range(letters):
        lang = rng.choice(tuple(WORDS))
        other = rng.choice([code for code in WORDS if code != lang]) if translated else lang
        name = f"{rng.choice(('Torvald', 'Agnes', 'Piet', 'Nora'))} {SURNAMES[number % len(SURNAMES)]}{number}"
        told = [(LEAVES, f"Brankwell{number // 4}"), (JOINS, f"Olmvik{number % 3}"), (JOINS, f"Halden{number}")]
        told = told[:moves]
        sentences = body(rng, lang, 14)
        letter = Text(f"letter{number:03}", lang)
        letter.write(" ".join(sentences))
        for relation, org in told:
            letter.tell(Move(relation, (f"<author of letter{number:03}>",), (org,)))
        news = Text(f"news{number:03}", other)
        quoted = sentences[3:7] if not translated else body(rng, other, 4)
        for relation, org in told:
            news.tell(Move(relation, (name,), (org,), quoted=True))
        news.quote(" ".join(quoted), (name,))
        documents += [letter.done(), news.done()]
        truth[letter.doc] = name
    return documents, truth


def figures(documents: list[Document], truth: dict[str, str]) -> dict[str, float]:
    found = {
        mention.doc: mention.person.name
        for claim in resolve(documents)
        for mention in claim.mentions
        if mention.doc in truth and mention.person.resolved_by == "quote"
    }
    right = sum(truth[doc] == name for doc, name in found.items())
    return {
        "letters": len(truth),
        "found": len(found),
        "right": right,
        "precision": round(right / len(found), 4) if found else 1.0,
        "recall": round(right / len(truth), 4),
    }


def without_their_texts(documents: list[Document]) -> list[Document]:
    """Every other letter loses the text that quotes it: all that is left are texts that quote somebody else."""
    gone = {f"news{number:03}" for number in range(0, len(documents), 2)}
    return [document for document in documents if document.doc_id not in gone]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    result = {}
    for title, translated in (("quoted in the same language", False), ("quoted in another language", True)):
        for moves in (1, 2, 3):
            documents, truth = world(120, translated, moves, 7)
            result[f"{title}, {moves} moves told"] = figures(documents, truth)
            left = without_their_texts(documents)
            orphans = {doc: "" for doc in truth if doc.replace("letter", "news") not in {d.doc_id for d in left}}
            lost = figures(left, orphans)
            result[f"{title}, {moves} moves told"]["wrongly_found_of_unquoted"] = lost["found"]
            result[f"{title}, {moves} moves told"]["unquoted"] = len(orphans)
    print(json.dumps(result, indent=1))
    if args.out:
        args.out.write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
