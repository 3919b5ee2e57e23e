"""Runs of any size for the tests of the report: people, organisations and texts that exist nowhere.

``python tests/report/synthetic.py FOLDER COUNT`` writes one to look at.
"""

from __future__ import annotations

import hashlib
import json
import random
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from claimtrail import __version__, data
from claimtrail.output.build import SPANS, claim_id, mention_id
from claimtrail.output.lines import parse
from claimtrail.records import ClaimRecord, DocumentRecord, MentionRecord, RunRecord

Row = dict[str, Any]

LATIN = ("ta", "rin", "vel", "mo", "kas", "del", "ori", "lun", "bek", "sa", "no", "fir", "gal", "ume", "zet", "pol")
HAN = "松林江岳岚宁柏舟岩澄霖禾"
KANA = "タリンベルモカスデオルサノフ"
FIRMS = ("Works", "Institute", "Bank", "Museum", "Robotics", "Line", "Press", "Clinic")
POSTS = {
    "chief executive": {"en": "chief executive", "de": "Vorstandschefin", "zh": "首席执行官", "ja": "最高経営責任者"},
    "head of research": {"en": "head of research", "de": "Forschungsleiterin", "zh": "研究主管", "ja": "研究責任者"},
    "director": {"en": "director", "de": "Direktorin", "zh": "馆长", "ja": "館長"},
}
TRIGGERS = {
    "LEAVES": {"en": "leaves", "de": "verlässt", "zh": "离开", "ja": "退社した"},
    "JOINS": {"en": "joins", "de": "wechselt zu", "zh": "加入", "ja": "入社した"},
    "ADVISES": {"en": "advises", "de": "berät", "zh": "担任顾问", "ja": "助言する"},
    "ROLE_CHANGE": {"en": "moves up at", "de": "steigt auf bei", "zh": "升任于", "ja": "昇進した"},
}
SENTENCES = {
    "en": "{person}, {post}, {trigger} {org} on {when}.",
    "de": "{person}, {post}, {trigger} {org} am {when}.",
    "zh": "{post}{person}于{when}{trigger}{org}。",
    "ja": "{when}、{post}の{person}は{org}を{trigger}。",
}
FILLER = {
    "en": "The harbour was quiet that morning. ",
    "de": "Der Hafen lag an diesem Morgen still. ",
    "zh": "那天早晨港口很安静。",
    "ja": "その朝、港は静かだった。",
}


@dataclass
class Synthetic:
    """A run in the making: claims are added, then it is written."""

    texts: dict[str, str] = field(default_factory=dict)
    langs: dict[str, str] = field(default_factory=dict)
    claims: list[Row] = field(default_factory=list)
    pending: list[tuple[Row, Row]] = field(default_factory=list)

    def say(
        self, doc: str, lang: str, parts: dict[str, str], *, around: int = 2, template: str = ""
    ) -> dict[str, tuple[int, int]]:
        """Write a sentence into a document, and return where it and its parts stand."""
        before = self.texts.get(doc, "") + FILLER[lang] * around
        sentence, places = "", {}
        rest = template or SENTENCES[lang]
        while rest:
            text, _, rest = rest.partition("{")
            sentence += text
            name, _, rest = rest.partition("}")
            if name:
                places[name] = (len(before) + len(sentence), len(before) + len(sentence) + len(parts[name]))
                sentence += parts[name]
        self.texts[doc] = before + sentence + (" " if lang in ("en", "de") else "")
        self.langs[doc] = lang
        return {"sentence": (len(before), len(before) + len(sentence)), **places}

    def mention(
        self, doc: str, lang: str, relation: str, person: str, org: str, *, post: str = "director", status: str = "actual",
        when: str | None = None, resolved: str = "name", confidence: float = 0.9, template: str = "", **names: str,
    ) -> Row:  # fmt: skip
        """Return a mention with its sentence written into ``doc``; the hash and the id come when all is written."""
        parts = {
            "person": person, "org": org, "trigger": TRIGGERS[relation][lang], "post": POSTS[post][lang], "when": when or "2024",
        }  # fmt: skip
        places = self.say(doc, lang, parts, template=template)

        def span(name: str) -> Row:
            return {"start": places[name][0], "end": places[name][1], "text": self.texts[doc][slice(*places[name])]}

        side = "role_from" if relation == "LEAVES" else "role_to"
        return {
            "id": "", "doc": doc, "doc_sha256": "", "lang": lang, "offset_unit": "codepoint", "relation": relation,
            "status": status, "manner": None, "sentence": span("sentence"), "trigger": span("trigger"),
            "person": {**span("person"), "name": names.get("person_name", person), "resolved_by": resolved},
            "org": {**span("org"), "name": names.get("org_name", org), "resolved_by": "name"},
            "role_from": None, "role_to": None, side: span("post") if "post" in places else None,
            "when": {**span("when"), "value": when, "precision": precision(when)} if when and "when" in places else None,
            "attributed_to": None, "quoted": False, "rule": f"{lang}/{relation.lower()}/invented", "engine": "spacy",
            "model": f"{lang}_claimtrail 0", "confidence": confidence, "steps": ["template invented", f"post by {side}"],
        }  # fmt: skip

    def claim(self, mentions: list[Row], **fields: Any) -> Row:
        """Add a claim of these mentions."""
        first = mentions[0]
        person, org = fields.pop("person", first["person"]["name"]), fields.pop("org", first["org"]["name"])
        forms: dict[str, dict[str, list[str]]] = {"person": defaultdict(list), "org": defaultdict(list)}
        for mention in mentions:
            for name, known in forms.items():
                if mention[name]["text"] not in known[mention["lang"]]:
                    known[mention["lang"]].append(mention[name]["text"])
        row = {
            "id": "", "relation": first["relation"],
            "person": {"id": named("per", person), "name": person, "names": dict(forms["person"]), "romanised": None},
            "org": {"id": named("org", org), "name": org, "names": dict(forms["org"]), "romanised": None},
            **{side: _post(mentions, side) for side in ("role_from", "role_to")},
            "manner": None, "status": first["status"], "statuses": {first["status"]: len(mentions)},
            "when": next(({"value": m["when"]["value"], "precision": m["when"]["precision"]} for m in mentions if m["when"]), None),
            "languages": sorted({m["lang"] for m in mentions}), "confidence": max(m["confidence"] for m in mentions),
            "merged_because": ["the same name at the same organisation"] * (len(mentions) - 1), "conflicts_with": [],
            "mentions": mentions, **fields,
        }  # fmt: skip
        self.claims.append(row)
        return row

    def contradict(self, one: Row, other: Row) -> None:
        """Say of two claims that they contradict each other."""
        self.pending.append((one, other))

    def write(self, folder: Path, *, stated: dict[str, str] | None = None, **about: Any) -> tuple[Path, Path]:
        """Write texts and run, and return the folders; ``stated`` gives documents another state with a reason."""
        texts, out = folder / "texts", folder / "out"
        texts.mkdir(parents=True)
        out.mkdir()
        hashes = {}
        for doc, text in self.texts.items():
            content = text.encode()
            (texts / doc).write_bytes(content)
            hashes[doc] = hashlib.sha256(content).hexdigest()
        for claim in self.claims:
            for mention in claim["mentions"]:
                mention["doc_sha256"] = hashes[mention["doc"]]
                places = tuple(
                    None if mention[name] is None else (mention[name]["start"], mention[name]["end"]) for name in SPANS
                )
                mention["id"] = mention_id(mention["doc_sha256"], mention["relation"], places)
        for claim in self.claims:
            claim["id"] = claim_id(claim["relation"], [_Key(m["doc"], m["id"]) for m in claim["mentions"]])  # type: ignore[misc]
        for one, other in self.pending:
            one["conflicts_with"].append(other["id"])
            other["conflicts_with"].append(one["id"])
        mentions = [m for claim in self.claims for m in claim["mentions"]]
        count = Counter(m["doc"] for m in mentions)
        documents = [
            {
                "doc": doc, "state": "processed", "reason": "", "sha256": hashes[doc], "bytes": len(text.encode()),
                "characters": len(text), "encoding": "utf-8", "lang": self.langs[doc], "languages": [self.langs[doc]],
                "date": f"20{10 + number % 15}-0{1 + number % 9}-11", "date_origin": "text", "sentences": 3, "mentions": count[doc],
                "left_out": 0, "text_file": None, "copy_of": None, "near_copy_of": None,
            }
            for number, (doc, text) in enumerate(self.texts.items())
        ]  # fmt: skip
        for doc, reason in (stated or {}).items():
            documents.append(documents[0] | {"doc": doc, "state": "failed", "reason": reason, "sha256": None, "mentions": 0, "date": None, "lang": None})  # fmt: skip
        run = {
            "program": "claimtrail", "version": __version__, "python": "3.11.0", "rules_sha256": data.fingerprint(),
            "configuration": "0" * 64, "models": {"en": {"name": "en_claimtrail", "version": "0"}}, "options": {"min_confidence": 0.4},
            "inputs": [str(texts)], "skipped": 0, "counts": {}, "started": "2026-01-02T03:04:05+00:00", "seconds": 1.0, "stage_seconds": {},
            "platform": "Linux", "libraries": {}, "files": {},
        } | about  # fmt: skip
        lines(out / "claims.jsonl", self.claims)
        lines(out / "mentions.jsonl", mentions)
        lines(out / "documents.jsonl", documents)
        lines(out / "evidence.jsonl", [])
        (out / "run.json").write_text(json.dumps(run), "utf-8")
        return texts, out


@dataclass(frozen=True)
class _Key:
    doc: str
    id: str


def lines(path: Path, rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def named(kind: str, name: str) -> str:
    return f"{kind}-{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def precision(value: str) -> str:
    return {4: "year", 7: "month", 10: "day"}[len(value)]


def _post(mentions: list[Row], side: str) -> Row | None:
    told = next((m for m in mentions if m[side]), None)
    if told is None:
        return None
    (name,) = [name for name, forms in POSTS.items() if forms[told["lang"]] == told[side]["text"]]
    return {"id": named("post", name), "name": name, "names": {told["lang"]: [told[side]["text"]]}, "romanised": None}


def check(out: Path) -> None:
    """Fail if the run is not as the schemas say."""
    for name, shape in (("claims", ClaimRecord), ("mentions", MentionRecord), ("documents", DocumentRecord)):
        for line in (out / f"{name}.jsonl").read_bytes().splitlines():
            parse(line, shape, name)
    parse((out / "run.json").read_bytes(), RunRecord, "run.json")


def many(count: int, seed: int = 7) -> Synthetic:
    """Return a run of so many claims: careers of people through several organisations, told in one to four languages."""
    chance = random.Random(seed)
    made = Synthetic()

    def word(parts: int) -> str:
        return "".join(chance.choice(LATIN) for _ in range(parts)).capitalize()

    orgs = sorted({f"{word(2)} {chance.choice(FIRMS)}" for _ in range(max(8, count // 25))})
    while len(made.claims) < count:
        latin = f"{word(2)} {word(3)}"
        person = {
            "en": latin, "de": latin, "zh": "".join(chance.choice(HAN) for _ in range(3)),
            "ja": "".join(chance.choice(KANA) for _ in range(3)) + "・" + "".join(chance.choice(KANA) for _ in range(4)),
        }  # fmt: skip
        year, places = chance.randint(1996, 2024), chance.sample(range(len(orgs)), 3)
        steps = [("JOINS", 0), ("ROLE_CHANGE", 0), ("LEAVES", 0), ("JOINS", 1), ("LEAVES", 1), ("JOINS", 2)]
        for step, (relation, at) in enumerate(steps[: chance.randint(1, 6)]):
            org = orgs[min(places[at], int(chance.paretovariate(0.6)) % len(orgs))]
            day = chance.choice([f"{year + step}", f"{year + step}-0{1 + step}", f"{year + step}-0{1 + step}-1{step}"])
            status = chance.choices(["actual", "planned", "possible", "negated"], [12, 3, 2, 1])[0]
            told = [
                made.mention(
                    f"{lang}_{len(made.claims) // 5:05}.txt", lang, relation, person[lang], org, post=chance.choice(list(POSTS)), status=status,
                    when=day if chance.random() < 0.8 else None, confidence=round(chance.uniform(0.4, 1), 4),
                    person_name=person[lang], resolved=chance.choice(["name", "name", "coreference", "alias"]),
                )
                for lang in chance.sample(["en", "de", "zh", "ja"], chance.choices([1, 2, 3, 4], [12, 5, 2, 1])[0])
            ]  # fmt: skip
            before = made.claims[-1] if made.claims else None
            claim = made.claim(told, person=latin)
            if before is not None and before["person"]["name"] == latin and chance.random() < 0.05:
                made.contradict(before, claim)
            if len(made.claims) == count:
                break
    return made


if __name__ == "__main__":
    print(*many(int(sys.argv[2])).write(Path(sys.argv[1])))
