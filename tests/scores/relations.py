"""Score the claims found in marked texts, with the models' entities or with the marked ones.

    python tests/scores/relations.py --shared ../shared --set own --lang de [--entities gold] [--detail] [--doc NAME]
    python tests/scores/relations.py --shared ../shared --all --out tests/scores/relations.json

Sets: ``own`` (four fifths of data/own), ``unread`` (the last fifth), ``dev``, ``seeds``, ``written`` and ``held`` (four
fifths and one fifth of the later texts of models/texts; nobody reads the latter, but the network is trained on both, so
they are for the rules alone: ``--rules-alone``), ``articles`` and ``articles-held`` (whole articles of eight to
twenty-five sentences in the registers of news, invented and marked for this by writers who had not seen the rules;
nobody who works on a language reads its latter). With ``--entities gold`` the
loss through rules shows alone: for ``own`` the marks of the texts are the entities, for ``dev`` and ``seeds`` the
names of the gold file wherever they stand. ``--detail`` lists every missed and every extra claim with its text, and
``--explain`` adds what the rules saw. Analyses are kept in ``--cache`` between runs, by text and by the files of the
models.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import pickle
import re
import sys
import tempfile
from collections import Counter, defaultdict
from dataclasses import fields, replace
from pathlib import Path
from types import ModuleType

from claimtrail import data
from claimtrail.document import Document, Entity, Label, State
from claimtrail.identity.resolve import resolve
from claimtrail.learned import Learned
from claimtrail.pipeline import LEAST_CONFIDENCE, Chain, Settings, stages
from claimtrail.rules.explain import explain
from claimtrail.rules.grammar import grammar
from claimtrail.stage import Stage

MARK = re.compile(r"\[([POGDT]):([^\[\]]+)\]")
LABELS = {"P": Label.PERSON, "O": Label.ORG, "G": Label.GPE, "D": Label.DATE, "T": Label.TITLE}
PRONOUNS = re.compile(
    r"<author>|^(?:I|he|she|they|er|sie|ich|他|她|我|彼|彼女|私|同氏|同社|公司|本公司|the company|das Unternehmen)$",
    re.I,
)


ARTICLES = ("articles", "articles-held")
WRITTEN_LATER = {"en": 394, "de": 443, "zh": 494, "ja": 488}  # the first line of models/texts by others


def scorer(shared: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", shared / "gold" / "score.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def unmarked(source: str) -> tuple[str, list[Entity]]:
    """Return a marked text without its marks, and the entities that they mark."""
    text, entities, at = "", [], 0
    for match in MARK.finditer(source):
        text += source[at : match.start()]
        entities.append(Entity(len(text), len(text) + len(match[2]), LABELS[match[1]]))
        text += match[2]
        at = match.end()
    return text + source[at:], entities


def marked(row: dict) -> tuple[str, list[Entity], list[dict]]:
    """Return the text of a row of marked text, its marked entities, and its claims as a gold file has them."""
    text, entities = unmarked(row["t"])
    names = {k: {m[1] for m in MARK.findall(row["t"]) if m[0] == k} for k in "PO"}
    claims = [
        {
            "relation": relation,
            "accept": ["ROLE_CHANGE"] if relation != "ROLE_CHANGE" and post else [],
            "person": person,
            "person_forms": sorted(p for p in names["P"] if p in person or person in p),
            "org": org,
            "org_forms": sorted(o for o in names["O"] if o in org or org in o),
            "role_from": None,
            "role_to": post,
            "status": status,
            "when": None,
            "evidence": [text],
        }
        for relation, person, org, post, status in row["c"]
    ]
    return text, entities, claims


def own(shared: Path, lang: str, unread: bool) -> tuple[dict[str, str], list[dict], dict[str, list[Entity]]]:
    """Return texts, gold rows and marked entities of data/own, as own_gold.py names them."""
    texts, rows, marks = {}, [], {}
    for path in sorted((shared / "data" / "own").glob(f"{lang}_?.jsonl")):
        for number, line in enumerate(path.read_text("utf-8").splitlines()):
            if not line.strip() or (number % 5 == 4) != unread:
                continue
            row = json.loads(line)
            name = f"own_{path.stem}_{number:03d}.txt"
            texts[name], marks[name], claims = marked(row)
            rows.append({"doc": name, "lang": lang, "claims": claims})
    return texts, rows, marks


def written(lang: str, held: bool) -> tuple[dict[str, str], list[dict], dict[str, list[Entity]]]:
    """Return texts, gold rows and marked entities of models/texts that others wrote than those of the rules."""
    texts, rows, marks = {}, [], {}
    path = Path(__file__).parents[2] / "models" / "texts" / f"{lang}.jsonl"
    for number, line in enumerate(path.read_text("utf-8").splitlines()):
        if number >= WRITTEN_LATER[lang] and (number % 5 == 2) == held:
            name = f"{path.stem}_{number:04d}.txt"
            texts[name], marks[name], claims = marked(json.loads(line))
            rows.append({"doc": name, "lang": lang, "claims": claims})
    return texts, rows, marks


def article_file(lang: str, held: bool) -> Path:
    return Path(__file__).parent / "articles" / f"{lang}{'_held' if held else ''}.jsonl"


def articles(lang: str, held: bool) -> tuple[dict[str, str], list[dict], dict[str, list[Entity]]]:
    """Return texts, gold rows and marked entities of the whole articles beside this file."""
    texts, rows, marks = {}, [], {}
    for line in article_file(lang, held).read_text("utf-8").splitlines():
        row = json.loads(line)
        name = f"{row['doc']}.txt"
        texts[name], marks[name] = unmarked(row["t"])
        rows.append({"doc": name, "lang": lang, "date": row["date"], "claims": row["c"]})
    return texts, rows, marks


def gold_texts(shared: Path, lang: str) -> tuple[dict[str, str], list[dict], dict[str, list[Entity]]]:
    """Return texts, gold rows and entities made of the gold names, of ``dev`` in a language or of the seeds."""
    folder, file = (
        (shared / "seeds", "seeds.jsonl") if lang == "seeds" else (shared / "gold" / "dev" / lang, f"dev/{lang}.jsonl")
    )
    rows = [json.loads(line) for line in (shared / "gold" / file).read_text("utf-8").splitlines()]
    texts, marks = {}, {}
    for row in rows:
        text = (folder / row["doc"]).read_bytes().decode("utf-8")
        texts[row["doc"]] = text
        forms: dict[str, Label] = {}
        for claim in row["claims"]:
            forms |= {f: Label.TITLE for f in (claim.get("role_from"), claim.get("role_to")) if f}
            forms |= {f: Label.ORG for f in claim["org_forms"] if not PRONOUNS.search(f)}
            forms |= {f: Label.PERSON for f in claim["person_forms"] if not PRONOUNS.search(f)}
        found = []
        for form, label in sorted(forms.items(), key=lambda fl: -len(fl[0])):
            word = r"(?<![A-Za-zÀ-ÿ])%s(?![A-Za-zÀ-ÿ])" if form[0].isascii() else "%s"
            for match in re.finditer(word % re.escape(form), text):
                if not any(e.start < match.end() and match.start() < e.end for e in found):
                    found.append(Entity(match.start(), match.end(), label))
        marks[row["doc"]] = found
    return texts, rows, marks


def sets(*names: str) -> list[tuple[str, str]]:
    """Return sets with each language that they have texts in."""
    return [
        (name, lang)
        for name in names
        for lang in ("en", "de", "zh", "ja")
        if name not in ARTICLES or article_file(lang, name == "articles-held").is_file()
    ]


def marked_set(shared: Path, which: str, lang: str) -> tuple[dict[str, str], list[dict], dict[str, list[Entity]]]:
    """Return texts, gold rows and entities of a set in a language."""
    if which in ("own", "unread"):
        return own(shared, lang, which == "unread")
    if which in ("written", "held"):
        return written(lang, which == "held")
    if which in ARTICLES:
        return articles(lang, which == "articles-held")
    return gold_texts(shared, lang if which == "dev" else "seeds")


class Planted:
    """Puts marked entities in the place of found ones: all of them, or beside those the models found elsewhere."""

    name = "planted entities"
    requires = frozenset({"entities"})
    provides = frozenset({"entities"})

    def __init__(self, marks: dict[str, list[Entity]], complete: bool) -> None:
        self.marks, self.complete = marks, complete

    def process(self, documents: list[Document]) -> list[Document]:
        out = []
        for document in documents:
            mine = self.marks[document.doc_id]
            spare = (
                ()
                if self.complete
                else tuple(e for e in document.entities if not any(e.start < m.end and m.start < e.end for m in mine))
            )
            inside = [m for m in mine if any(s.start <= m.start and m.end <= s.end for s in document.sentences)]
            out.append(replace(document, entities=tuple(sorted((*inside, *spare), key=lambda e: e.start))))
        return out


def analysed(texts: dict[str, str], rows: list[dict], first: list[Stage], cache: Path, key: str) -> list[Document]:
    """Return the documents after the stages that the language models need, from the cache where they are there."""
    dates = {row["doc"]: row.get("date") for row in rows}
    path = cache / f"{hashlib.sha256((key + json.dumps(texts, sort_keys=True)).encode()).hexdigest()[:20]}.pickle"
    if path.is_file():
        return pickle.loads(path.read_bytes())
    documents = [
        Document(
            doc_id=name,
            text=text,
            sha256=hashlib.sha256(text.encode()).hexdigest(),
            state=State.PROCESSED,
            record_date=dates[name] or "",
            record_date_origin="record" if dates[name] else "",
        )
        for name, text in texts.items()
    ]
    documents = Chain(first).process(documents)
    cache.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps(documents))
    return documents


def claims_of(documents: list[Document]) -> list[dict]:
    return [record.to_dict() for record in resolve(documents)]


def firings(score: ModuleType, rows: list[dict], claims: list[dict]) -> Counter:
    """Count, by rule, the mentions of claims that the gold has ('correct') and of those it has not ('wrong')."""
    counts: Counter = Counter()
    items = score.found_claims(claims)
    for row in rows:
        mine = [item for item in items if item["doc"] == Path(row["doc"]).name]
        right = {a for a, _ in score.match(mine, row["claims"])}
        for place, item in enumerate(mine):
            for mention in item["mentions"]:
                counts[mention["rule"], "correct" if place in right else "wrong"] += 1
    return counts


def rule_table(counts: Counter, langs: list[str]) -> str:
    """Return the table of firings, every rule of the languages with its counts, tab between."""
    names = sorted(rule.id for lang in langs for rule in grammar(lang).rules)
    lines = [f"{name}\t{counts[name, 'correct']}\t{counts[name, 'wrong']}" for name in names]
    return "\n".join(["rule\tcorrect\twrong", *lines]) + "\n"


def run(
    shared: Path,
    which: str,
    lang: str,
    gold: bool,
    cache: Path,
    only: str = "",
    least: float = LEAST_CONFIDENCE,
    rules_alone: bool = False,
) -> tuple[dict, list[str], list[Document], Counter]:
    texts, rows, marks = marked_set(shared, which, lang)
    if only:
        rows = [row for row in rows if only in row["doc"]]
        texts = {row["doc"]: texts[row["doc"]] for row in rows}
    chain = [s for s in stages(Settings(min_confidence=least)) if not (rules_alone and isinstance(s, Learned))]
    names = [stage.name for stage in chain]
    cut = names.index("tokens and entities") + 1
    weights = data.root().parent.parent.parent / "models" / "weights"
    models = sorted(p for p in weights.rglob("*") if p.is_file())
    key = "".join(f"{p.relative_to(weights)}{p.stat().st_mtime_ns}" for p in models) + "".join(names[:cut])
    key += "".join(field.name for field in fields(Document))
    documents = analysed(texts, rows, chain[:cut], cache, key)
    rest = chain[cut:]
    if gold:
        at = next(i for i, stage in enumerate(rest) if "facts" in stage.provides)
        rest.insert(at, Planted(marks, which not in ("dev", "seeds")))
    documents = Chain(rest).process(documents)
    score, claims = scorer(shared), claims_of(documents)
    result, detail = score.score(rows, claims, texts)
    return result, detail, documents, firings(score, rows, claims)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--set", choices=["own", "unread", "written", "held", *ARTICLES, "dev", "seeds"], default="own")
    parser.add_argument("--lang", choices=["en", "de", "zh", "ja", "fr"], default="en")
    parser.add_argument("--entities", choices=["model", "gold"], default="model")
    parser.add_argument("--rules-alone", action="store_true", help="without the learned relations")
    parser.add_argument("--detail", action="store_true")
    parser.add_argument("--explain", action="store_true")
    parser.add_argument("--rules", action="store_true", help="correct and wrong firings of each rule")
    parser.add_argument("--doc", default="", help="only texts whose name holds this")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "claimtrail-cache")
    parser.add_argument("--all", action="store_true", help="every set and language, both kinds of entities")
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    if args.all:
        table: dict[str, dict] = defaultdict(dict)
        total: Counter = Counter()
        for which, lang in [*sets("own", "unread", "dev", *ARTICLES), ("seeds", "all")]:
            for entities in ("model", "gold"):
                result, _, _, counts = run(args.shared, which, lang, entities == "gold", args.cache)
                if entities == "model" and which not in ("unread", "articles-held"):
                    total.update(counts)
                table[f"{which} {lang}"][entities] = {
                    **{k: round(v, 3) for k, v in result["text_level"].items()},
                    **{k: round(v, 3) for k, v in result["attributes"].items() if v is not None},
                }
                print(which, lang, entities, table[f"{which} {lang}"][entities], file=sys.stderr)
        if args.out:
            args.out.write_text(json.dumps(table, indent=1) + "\n", "utf-8")
            args.out.with_name("rules.tsv").write_text(rule_table(total, list(data.languages())), "utf-8")
        return 0
    result, detail, documents, counts = run(
        args.shared,
        args.set,
        args.lang,
        args.entities == "gold",
        args.cache,
        args.doc,
        rules_alone=args.rules_alone,
    )
    if args.detail or args.explain:
        by_name = {d.doc_id: d for d in documents}
        grouped: dict[str, list[str]] = defaultdict(list)
        for line in detail:
            grouped[re.match(r"\w+\s+(\S+?):", line)[1]].append(line)
        for name, lines in sorted(grouped.items()):
            text = by_name[name].text
            print(f"== {name}: {text if len(text) < 900 else text[:300] + ' …'}")
            print("\n".join(sorted(lines)))
            for m in by_name[name].mentions:
                print(
                    f"   found {m.relation} {m.status} {m.person.name} / {m.org.name} [{m.rule} {m.confidence}] {' | '.join(m.steps)}"
                )
            if args.explain:
                print("\n".join("   " + line for line in explain(by_name[name])))
    if args.rules:
        print(rule_table(counts, [args.lang]))
    row = result["text_level"]
    print(
        f"text level P {row['p']:.3f} R {row['r']:.3f} F1 {row['f1']:.3f} ({row['tp']}/{row['found']} found, {row['gold']} gold)"
    )
    for key, row in result["by_relation"].items():
        print(f"  {key:12} P {row['p']:.3f} R {row['r']:.3f} F1 {row['f1']:.3f} (gold {row['gold']})")
    print({k: round(v, 3) if v is not None else None for k, v in result["attributes"].items()})
    return 0


if __name__ == "__main__":
    sys.exit(main())
