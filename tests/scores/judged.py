"""Score claims found in real texts that are about anything: the share that readers took for right.

    python tests/scores/judged.py --shared ../shared [--lang en] [--out tests/scores/judged.json]

Marked texts are full of moves; of real ones few sentences tell one, and what is found in them is wrong more often. Readers
judged the claims that were found in some hundred texts a language of the corpora in shared/data: wires (SmartData),
Wikinews, encyclopaedia (Re-DocRED), financial sentences (FewFC), news (NTREX, ten lines a text), web and news of EWT and
GUM. ``judged.tsv`` keeps each verdict: the language, the SHA-256 of the text (16 digits), that of relation, person and
organisation as the text has them (12 digits), the rule that told it then, and 1 or 0. A claim that is found now and
was not then has no verdict; a right one that is found no more counts as lost.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import html
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from claimtrail.output.build import mention_records
from claimtrail.pipeline import Chain, Settings, as_document, stages

VERDICTS = Path(__file__).parent / "judged.tsv"
LANGUAGES = ("en", "de", "zh", "ja")
NEWS = {"en": "src.eng", "de": "ref.deu", "zh": "ref.zho-CN"}
_MARK_UP = re.compile(r"<\?xml[^>]*>|</?(?:NODE|Document|TEXT)[^>]*>")
_SPLIT = re.compile(r" ([,.;:)!?%]|'s\b|n't\b)")  # how the encyclopaedia's words are set apart


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a reader said of a claim that was found in a text."""

    rule: str
    right: bool


Key = tuple[str, str]
"""A text and a claim in it, by their hashes."""


def digest(text: str, digits: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:digits]


def key_of(text: str, relation: str, person: str, org: str) -> Key:
    return digest(text, 16), digest("\t".join((relation, person, org)), 12)


def verdicts(lang: str) -> dict[Key, Verdict]:
    found = {}
    for line in VERDICTS.read_text("utf-8").splitlines():
        of, text, claim, rule, right = line.split("\t")
        if of == lang:
            found[text, claim] = Verdict(rule, right == "1")
    return found


def texts(shared: Path, lang: str) -> list[str]:
    """Return the texts of a language of which a claim was judged, in the order of the corpora."""
    wanted = {text for text, _ in verdicts(lang)}
    found = {digest(text, 16): text for text in all_texts(shared / "data", lang)}
    return [text for name, text in found.items() if name in wanted]


def all_texts(folder: Path, lang: str) -> Iterator[str]:
    if lang == "de":
        for part in ("train", "test"):
            for line in _lines(folder / "de" / "smartdata" / f"{part}.jsonl.gz"):
                yield _wire(json.loads(line)["raw"])
    if lang == "ja":
        for line in _lines(folder / "ja" / "jawikinews" / "articles.jsonl.gz"):
            row = json.loads(line)
            yield f"{row.get('title', '')}\n{row.get('text', row.get('body', ''))}"
    if lang == "zh":
        for path in sorted((folder / "zh" / "fewfc").glob("*.json")):
            yield from (json.loads(line)["content"] for line in _lines(path))
    if lang == "en":
        for part in ("dev_revised", "test_revised"):
            for row in json.loads((folder / "en" / "re-docred" / f"{part}.json").read_text("utf-8")):
                yield _SPLIT.sub(r"\1", f"{row['title']}\n{' '.join(' '.join(words) for words in row['sents'])}")
        for path in sorted((folder / "en" / "ud-gum").rglob("*.conllu")):
            yield from _documents(path, ("news",))
        for path in sorted((folder / "en" / "ud-ewt").glob("*.conllu")):
            yield from _documents(path, ("newsgroup", "weblog"))
    if lang in NEWS:
        lines = list(_lines(folder / "parallel" / "ntrex128" / f"newstest2019-{NEWS[lang]}.txt"))
        yield from ("\n".join(lines[start : start + 10]) for start in range(0, len(lines), 10))


def _wire(raw: str) -> str:
    """Return a text of SmartData without its mark-up and what it tells of the source behind the text."""
    text = html.unescape(_MARK_UP.sub("", raw)).replace("\r\n", "\n").strip()
    return min(text.partition("<Meta")[0], text.partition("<Entity")[0], key=len).strip()


def _lines(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        for line in file:
            yield line.rstrip("\n")


def _documents(path: Path, kinds: tuple[str, ...]) -> Iterator[str]:
    name, sentences = "", []
    for line in [*_lines(path), "# newdoc id = "]:
        if line.startswith("# newdoc id"):
            if any(kind in name for kind in kinds):
                yield " ".join(sentences)
            name, sentences = line.split("=", 1)[1].strip(), []
        elif line.startswith("# text ="):
            sentences.append(line.split("=", 1)[1].strip())


@dataclass(frozen=True, slots=True)
class Found:
    """A mention found now in a text of which claims were judged; ``right`` is None if nobody has seen it."""

    key: Key
    rule: str
    confidence: float
    right: bool | None


def mentions(shared: Path, lang: str, least: float | None = None) -> list[Found]:
    """Return the mentions found now in the texts of which claims were judged."""
    settings = Settings() if least is None else Settings(min_confidence=least)
    known = verdicts(lang)
    documents = [as_document(text, doc=digest(text, 16)) for text in texts(shared, lang)]
    found = []
    for document in Chain(stages(settings)).process(documents):
        for record in mention_records(document):
            key = key_of(document.text, record.relation, record.person.text or "", record.org.text or "")
            right = known[key].right if key in known else None
            found.append(Found(key, record.rule, record.confidence, right))
    return found


def score(shared: Path, lang: str) -> dict[str, float]:
    found = mentions(shared, lang)
    known = verdicts(lang)
    now = {one.key for one in found}
    seen = [one.right for one in found if one.right is not None]
    right_then = [key for key, verdict in known.items() if verdict.right]
    return {
        "texts": len(texts(shared, lang)),
        "judged": len(known),
        "right_when_judged": round(len(right_then) / len(known), 3),
        "found_now": len(found),
        "judged_of_these": len(seen),
        "right_of_these": round(sum(seen) / len(seen), 3),
        "right_ones_still_found": round(sum(key in now for key in right_then) / len(right_then), 3),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--lang", choices=LANGUAGES)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    result = {lang: score(args.shared, lang) for lang in ([args.lang] if args.lang else LANGUAGES)}
    for lang, figures in result.items():
        print(lang, figures)
    if args.out:
        args.out.write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
