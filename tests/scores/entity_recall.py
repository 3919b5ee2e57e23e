"""Measures what matters most of the entities: are the people, organisations and posts of the gold claims found?

    python tests/scores/entity_recall.py --gold ../shared/gold --seeds ../shared/seeds \\
        --out tests/scores/entity_recall.json

Of all claims, the share whose person stands with its full span as PERSON in an evidence sentence (pronouns and authors
apart), the same for the organisation as ORG (or as GPE: a state or a city can be one) and for the post as TITLE (words
like 'post' and 'Position', which name none, apart). A form stands where it is a word, case and plural endings allowed;
honorifics are no part of a name. ``--stage engine`` stops before the entities are corrected. ``--misses`` prints what
was not found: with gold texts that others published, for the eye only.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from claimtrail.document import Document
from claimtrail.engines.analysis import Analyse
from claimtrail.engines.base import Engine
from claimtrail.engines.spacy_engine import SpacyEngine
from claimtrail.entities.refine import RefineEntities
from claimtrail.entities.states import StatesAsBodies
from claimtrail.normalise.posts import find_titles
from claimtrail.segment.sentences import SentenceSplitter
from claimtrail.segment.stretches import Segmenter

LANGUAGES = ("en", "de", "zh", "ja")
WANTED = {"person": ("PERSON",), "org": ("ORG", "GPE"), "post": ("TITLE",)}
NOT_A_NAME = frozenset(
    word
    for line in (
        "i me my we us our you he him his she her they them who it its company the firm group this",
        "ich wir er sie ihm ihn ihr sein der die das dem dessen deren dieser dieses unternehmen konzern firma",
        "我 我们 我們 他 她 他们 她们 他們 其 本人 自己 公司 该公司 該公司 本公司 企业 该行 本行 同行 两人 二人",
        "彼 彼女 私 僕 俺 我々 同氏 氏 自身 当社 弊社 同社 会社 両氏 両者 この",
    )
    for word in line.split()
)
HONORIFIC = re.compile(
    r"^(?:(?:Mr|Mrs|Ms|Dr|Prof|Sir|Dame|Lord|Herrn?|Frau)\.? )+|(?:先生|女士|同志|氏|さん|様)$", re.IGNORECASE
)
BETWEEN_POSTS = re.compile(r"^(?:\s|[、,，・（）()/／兼和及与暨と]|\b(?:and|und|sowie|a|an|the)\b|&)*$")
NO_POST = re.compile(
    r"(?:post|position|role|job|seat|office|amt|amts|posten|position|funktion|rolle|stelle|职务|職務|职位|職位|役職|ポスト)\Z",
    re.IGNORECASE,
)
ENDINGS = ("", "s", "es", "n", "en")


@dataclass(frozen=True)
class Miss:
    """A claim's argument that no entity covers exactly."""

    doc: str
    kind: str
    forms: tuple[str, ...]
    evidence: str
    there: tuple[str, ...]


def is_name(form: str) -> bool:
    words = re.findall(r"\w+", form.casefold())
    return bool(words) and not form.startswith("<") and any(word not in NOT_A_NAME for word in words)


def occurrences(text: str, start: int, end: int, forms: Sequence[str], post: bool) -> list[tuple[int, int]]:
    """Return where the forms stand between start and end as words, a form inside a longer one left out."""
    spans: list[tuple[int, int]] = []
    forms = [HONORIFIC.sub("", form) or form for form in forms]
    for form in sorted(set(forms), key=len, reverse=True):
        for match in re.finditer(re.escape(form), text[start:end]):
            span = (start + match.start(), start + match.end())
            inside_word = form[0].isascii() and (text[span[0] - 1 : span[0]].isalpha() and text[span[0] - 1].isascii())
            span = next(((span[0], at) for at in inflected(text, span[1])), span)
            part = post and re.match(r"-[^\W\d]", text[span[1] :]) is not None  # Landeshauptmann-Stellvertreterin
            if inside_word or part or (form[-1].isascii() and not inflected(text, span[1])):
                continue
            if all(span[1] <= a or span[0] >= b for a, b in spans):
                spans.append(span)
    return spans


def is_place(name: str, organisation: Sequence[str]) -> bool:
    """Say whether an organisation is a place itself: a club, a ministry named after it has it in a longer form."""
    return not any(name in form and len(form) > len(name) + 2 for form in organisation)


def inflected(text: str, end: int) -> list[int]:
    """Return where a word in Latin letters that ends at ``end``, or goes on with a case or plural ending, ends."""
    if not (text[end - 1].isalpha() and text[end - 1] < "ɐ"):
        return [end]
    rest = re.match(r"[a-zA-ZÀ-ɏ]*", text[end:])
    return [end + len(rest.group())] if rest and rest.group() in ENDINGS else []


def tiled(text: str, span: tuple[int, int], found: set[tuple[int, int]]) -> bool:
    """Say whether posts in a row ('总裁兼CEO') together cover a span, with nothing but joining words between."""
    at = span[0]
    for start, end in sorted(f for f in found if span[0] <= f[0] and f[1] <= span[1]):
        if not BETWEEN_POSTS.match(text[at:start]):
            return False
        at = end
    return at > span[0] and bool(BETWEEN_POSTS.match(text[at : span[1]]))


def measured(document: Document, claim: dict[str, Any]) -> Iterator[tuple[str, bool, Miss]]:
    """Give, for each argument that the evidence names, whether an entity covers it exactly."""
    posts = [p for p in (claim.get("role_from"), claim.get("role_to")) if p]
    orgs = sorted(claim["org_forms"], key=len, reverse=True)
    # a post is marked without the organisation that some gold posts begin with or hold: interim Acme-CEO
    posts = [next((p[len(o) :].lstrip(" -的の") for o in orgs if p.startswith(o) and p != o), p) for p in posts]
    posts = [next((p.split(f" {o}-", 1)[1] for o in orgs if f" {o}-" in p), p) for p in posts]
    posts = [p for p in posts if not NO_POST.match(p)]
    forms = {"person": claim["person_forms"], "org": claim["org_forms"], "post": posts}
    for kind, labels in WANTED.items():
        named = [form for form in forms[kind] if is_name(form)]
        spans, places = [], []
        for evidence in claim["evidence"]:
            at = document.text.find(evidence)
            if at >= 0:
                spans += occurrences(document.text, at, at + len(evidence), named, post=kind == "post")
                places.append((at, at + len(evidence)))
        if not spans:
            continue
        found = {
            (e.start, at)
            for e in document.entities
            if e.label in labels and (e.label != "GPE" or is_place(document.covered(e), orgs))
            for at in (e.end, *inflected(document.text, e.end))
        }
        there = tuple(
            f"{e.label}:{document.covered(e)}" for e in document.entities if any(a <= e.start < b for a, b in places)
        )
        evidence = " | ".join(claim["evidence"])
        right = any(span in found or (kind == "post" and tiled(document.text, span, found)) for span in spans)
        yield kind, right, Miss(document.doc_id, kind, tuple(named), evidence, there)


def stages(engine: Engine, *, correct: bool) -> list[Any]:
    found: list[Any] = [Segmenter(LANGUAGES), SentenceSplitter(), Analyse(lambda lang: engine)]
    return [*found, RefineEntities(find_titles), StatesAsBodies()] if correct else found


def analysed(path: Path, steps: Sequence[Any]) -> Document:
    content = path.read_bytes()
    documents = [Document(path.name, content.decode("utf-8-sig"), hashlib.sha256(content).hexdigest())]
    for step in steps:
        documents = step.process(documents)
    return documents[0]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--seeds", type=Path, help="the folder of the seed texts")
    parser.add_argument("--own", type=Path, help="texts and gold made by own_gold.py, instead of the published ones")
    parser.add_argument("--stage", choices=("engine", "entities"), default="entities")
    parser.add_argument("--languages", default=",".join(LANGUAGES))
    parser.add_argument("--model", action="append", default=[], help="LANG=FOLDER of a pipeline other than ours")
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    models = dict(model.split("=", 1) for model in options.model)
    steps = stages(SpacyEngine(models), correct=options.stage == "entities")
    sets = [("seeds", options.gold / "seeds.jsonl", options.seeds)] if options.seeds else []
    for lang in options.languages.split(","):
        sets.append((lang, options.gold / "dev" / f"{lang}.jsonl", options.gold / "dev" / lang))
    if options.own:
        sets = [(x, options.own / f"{x}.jsonl", options.own / x) for x in options.languages.split(",")]
    scores: dict[str, dict[str, Any]] = {}
    for name, gold, texts in sets:
        wanted: Counter[str] = Counter()
        right: Counter[str] = Counter()
        misses: dict[str, list[Miss]] = defaultdict(list)
        for line in gold.read_text("utf-8").splitlines():
            row = json.loads(line)
            document = analysed(texts / row["doc"], steps) if row["claims"] else None
            for claim in row["claims"]:
                assert document is not None
                for kind, found, miss in measured(document, claim):
                    wanted[kind] += 1
                    right[kind] += found
                    if not found:
                        misses[kind].append(miss)
        scores[name] = {
            kind: {"recall": round(right[kind] / wanted[kind], 3), "found": right[kind], "of": wanted[kind]}
            for kind in WANTED
            if wanted[kind]
        }
        print(name, json.dumps(scores[name]))
        if options.misses:
            for miss in (m for kind in WANTED for m in misses[kind]):
                print(f"  {miss.doc} {miss.kind} {miss.forms}\n      {miss.evidence}\n      {' '.join(miss.there)}")
    if options.out:
        options.out.write_text(json.dumps({"stage": options.stage, "recall": scores}, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
