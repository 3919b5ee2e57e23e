"""How resolving grows: a made-up world of any size with known truth, in four scripts, resolved on one core.

    python tests/bench/resolving.py --sizes 10000 100000 1000000 [--shards 4] [--append 10] [--out FILE]

People, organisations and posts are made of syllables that have a form in Latin letters, in simplified and traditional
characters and in katakana. A text tells one to five moves; a move is told by one to eight texts, in any language, with
the whole name or the surname; some texts are copies. For each size an output folder is written and ``claimtrail
resolve`` run on it in a process of its own: time, peak memory and B-cubed against the truth are reported. With
``--shards`` the texts are also read shuffled and in so many parts, which must give the same claims; with ``--append``
so many texts are added to a run over all others.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "pipeline"))
import orjson

from claimtrail import __version__
from claimtrail.evidence import Evidence, Form, Named, Post, Stated
from claimtrail.identity import orgs
from claimtrail.identity.decisions import NO_DECISIONS
from claimtrail.identity.resolve import Texts, resolve_evidence, uncollected
from claimtrail.identity.resolve import World as Resolved
from claimtrail.identity.standing import Standing
from claimtrail.identity.stored import EVIDENCE, Kept, claim_line, read_evidence, resolve_folder
from claimtrail.output.build import mention_id
from claimtrail.output.lines import indented, line
from claimtrail.output.store import dumps
from claimtrail.records import MentionRecord, NamedSpan, RunRecord, TextSpan

# Latin, simplified, traditional, katakana.
SYLLABLES = [
    tuple(row.split())
    for row in """ba 巴 巴 バ|ber 伯 伯 ベル|bo 博 博 ボ|bri 布里 布里 ブリ|da 达 達 ダ|del 德尔 德爾 デル|do 多 多 ド|fa 法 法 ファ
fel 费尔 費爾 フェル|fin 芬 芬 フィン|ga 加 加 ガ|gor 戈尔 戈爾 ゴル|ha 哈 哈 ハ|hel 赫尔 赫爾 ヘル|hol 霍尔 霍爾 ホル|jan 扬 揚 ヤン
ka 卡 卡 カ|kel 凯尔 凱爾 ケル|kin 金 金 キン|ko 科 科 コ|kra 克拉 克拉 クラ|la 拉 拉 ラ|len 伦 倫 レン|li 利 利 リ|lo 洛 洛 ロ|ma 马 馬 マ
mar 马尔 馬爾 マル|mel 梅尔 梅爾 メル|min 明 明 ミン|mo 莫 莫 モ|na 纳 納 ナ|nel 内尔 內爾 ネル|ni 尼 尼 ニ|no 诺 諾 ノ|pa 帕 帕 パ
per 佩尔 佩爾 ペル|pol 波尔 波爾 ポル|ra 拉 拉 ラ|ren 伦 倫 レン|ri 里 里 リ|ro 罗 羅 ロ|sa 萨 薩 サ|sel 塞尔 塞爾 セル|si 西 西 シ
so 索 索 ソ|sten 斯滕 斯滕 ステン|ta 塔 塔 タ|ten 滕 滕 テン|ti 蒂 蒂 ティ|to 托 托 ト|tor 托尔 托爾 トル|va 瓦 瓦 ヴァ|ver 韦尔 韋爾 ヴェル
vi 维 維 ヴィ|wal 沃尔 沃爾 ワル|win 温 溫 ウィン|za 扎 扎 ザ|zel 泽尔 澤爾 ゼル""".replace("\n", "|").split("|")
]
LANGS = ("en", "de", "zh", "ja")
RELATIONS = ("LEAVES", "JOINS", "ROLE_CHANGE")
POSTS = (
    Post("chief executive officer", "CEO"),
    Post("chief financial officer", "CFO"),
    Post("chairman", "chair"),
)


@dataclass(frozen=True)
class Word:
    """A made-up word in the four ways of writing it."""

    latin: str
    hans: str
    hant: str
    kana: str

    def form(self, lang: str, traditional: bool) -> str:
        return {"zh": self.hant if traditional else self.hans, "ja": self.kana}.get(lang, self.latin)


def word(rng: random.Random, least: int, most: int) -> Word:
    parts = [rng.choice(SYLLABLES) for _ in range(rng.randint(least, most))]
    latin, hans, hant, kana = ("".join(part[n] for part in parts) for n in range(4))
    return Word(latin.title(), hans, hant, kana)


class World:
    """People who move between organisations; everything follows from the size and the seed."""

    def __init__(self, mentions: int, seed: int = 5) -> None:
        self.rng = random.Random(seed)
        self.mentions = mentions
        rng = self.rng
        self.givens = [word(rng, 2, 2) for _ in range(400)]
        self.surnames = [word(rng, 2, 3) for _ in range(max(200, mentions // 60))]
        self.organisations = [word(rng, 3, 4) for _ in range(max(20, mentions // 60))]

    def moves(self) -> Iterator[tuple[int, Word, Word, int, str, str]]:
        """Yield number, given name, surname, organisation, relation and year of each move."""
        number = 0
        while True:
            given, surname = self.rng.choice(self.givens), self.rng.choice(self.surnames)
            home = self.rng.randrange(len(self.organisations))
            year = str(self.rng.randint(2005, 2024))
            yield number, given, surname, home, self.rng.choice(RELATIONS), year
            number += 1

    def texts(self) -> Iterator[tuple[Evidence, list[tuple[MentionRecord, int]]]]:
        """Yield texts with the records of their mentions and the move each tells."""
        waiting: list[tuple[int, Word, Word, int, str, str]] = []
        moves, rng, told, doc = self.moves(), self.rng, 0, 0
        while told < self.mentions:
            while len(waiting) < 4000:
                waiting += [next(moves)] * min(8, 1 + int(rng.expovariate(0.4)))
            rng.shuffle(waiting[-1000:])
            count = min(rng.choice((1, 1, 2, 3, 5)), self.mentions - told)
            chosen = [waiting.pop(rng.randrange(len(waiting))) for _ in range(count)]
            chosen = list({move[0]: move for move in chosen}.values())
            lang = rng.choice(LANGS)
            text, records = self._text(f"{lang}/{doc:07}.txt", lang, chosen)
            yield text, records
            told += len(chosen)
            doc += 1

    def _text(self, doc: str, lang: str, chosen: list) -> tuple[Evidence, list[tuple[MentionRecord, int]]]:
        rng = self.rng
        traditional = rng.random() < 0.3
        sha256 = hashlib.sha256(doc.encode()).hexdigest()
        people: dict[str, Named] = {}
        organisations: dict[str, Named] = {}
        stated, records = [], []
        for place, (number, given, surname, home, relation, year) in enumerate(chosen):
            dot = {"zh": "·", "ja": "・"}.get(lang, " ")
            short = surname.form(lang, traditional)
            whole = given.form(lang, traditional) + dot + short
            forms = (short,) if rng.random() < 0.25 else (whole,) if rng.random() < 0.5 else (whole, short)
            firm = self.organisations[home]
            org = firm.form(lang, traditional) if rng.random() < 0.2 else firm.latin
            org += rng.choice(("", "", " AG", " Inc.")) if org == firm.latin else ""
            people[f"p{place}"] = Named(tuple(sorted(Form(lang, form) for form in forms)))
            organisations[f"o{place}"] = Named((Form(lang, org),))
            record = self._record(doc, sha256, lang, relation, (max(forms, key=len), org), place * 200, number)
            records.append((record, number))
            post = POSTS[number % len(POSTS)] if relation == "ROLE_CHANGE" else None
            stated.append(
                Stated(
                    id=record.id,
                    relation=relation,
                    status="actual",
                    lang=lang,
                    person=f"p{place}",
                    org=f"o{place}",
                    sentence=record.sentence.start,
                    trigger=record.trigger.start,
                    trigger_end=record.trigger.end,
                    role_to=post,
                    when=year if rng.random() < 0.3 else "",
                    confidence=record.confidence,
                )
            )
        around = tuple(sorted({orgs.fold(named.forms[0].text) for named in organisations.values()}))
        text = Evidence(doc, sha256, lang, "", people, organisations, around, tuple(stated))
        return text, records

    def _record(
        self, doc: str, sha256: str, lang: str, relation: str, names: tuple[str, str], at: int, number: int
    ) -> MentionRecord:
        person, org = names
        first = at + len(person) + 1
        spans = ((at, first + 7 + len(org)), (first, first + 5), (at, at + len(person)))
        places = (*spans, (first + 6, first + 6 + len(org)), None, None, None, None)
        sentence = f"{person} moves {org}."
        return MentionRecord(
            id=mention_id(sha256, relation, places),
            doc=doc,
            doc_sha256=sha256,
            lang=lang,
            offset_unit="codepoint",
            relation=relation,
            status="actual",
            manner=None,
            sentence=TextSpan(*spans[0], sentence),
            trigger=TextSpan(*spans[1], "moves"),
            person=NamedSpan(*spans[2], person, person, "name"),
            org=NamedSpan(first + 6, first + 6 + len(org), org, org, "name"),
            role_from=None,
            role_to=None,
            when=None,
            attributed_to=None,
            quoted=False,
            rule="bench",
            engine="bench",
            model="bench",
            confidence=0.6 + number % 40 / 100,
            steps=[],
        )


def write_world(mentions: int, out: Path) -> None:
    """Write an output folder of a made-up run, and the truth beside it."""
    out.mkdir(parents=True)
    files = {name: (out / name).open("wb") for name in (EVIDENCE, "mentions.jsonl", "documents.jsonl", "claims.jsonl")}
    with (out / "truth.tsv").open("w", encoding="utf-8") as truth:
        for text, records in World(mentions).texts():
            files[EVIDENCE].write(dumps(text) + b"\n")
            for record, number in records:
                files["mentions.jsonl"].write(line(record) + b"\n")
                truth.write(f"{record.doc}\t{record.id}\t{number}\n")
    for file in files.values():
        file.close()
    run = RunRecord("claimtrail", __version__, "3", "0" * 64, "0" * 64, {}, {}, [], 0, {}, "2026-01-01T00:00:00+00:00")
    (out / "run.json").write_bytes(indented(run))


def b_cubed(out: Path) -> dict[str, float]:
    truth = {}
    size: Counter[int] = Counter()
    for row in (out / "truth.tsv").open(encoding="utf-8"):
        doc, name, number = row.split("\t")
        truth[doc, name] = int(number)
        size[int(number)] += 1
    precision = recall = 0.0
    claims = 0
    for content in (out / "claims.jsonl").open("rb"):
        told = Counter(truth[m["doc"], m["id"]] for m in orjson.loads(content)["mentions"])
        total = sum(told.values())
        claims += 1
        precision += sum(n * n / total for n in told.values())
        recall += sum(n * n / size[number] for number, n in told.items())
    return {
        "precision": round(precision / len(truth), 4),
        "recall": round(recall / len(truth), 4),
        "claims": claims,
        "moves": len(size),
    }


def in_shards(out: Path, shards: int) -> bool:
    """Resolve the evidence shuffled and dealt out to shards; say whether the claims are the same to the byte."""
    texts = list(read_evidence(out))
    random.Random(1).shuffle(texts)
    dealt = [text for shard in range(shards) for text in texts[shard::shards]]
    mentions = {}
    for content in (out / "mentions.jsonl").open("rb"):
        raw = orjson.loads(content)
        mentions[raw["doc"], raw["id"]] = content.rstrip(b"\n")
    digest = hashlib.sha256()
    for draft in resolve_evidence(dealt).drafts:
        digest.update(claim_line(draft, mentions) + b"\n")
    return digest.digest() == hashlib.sha256((out / "claims.jsonl").read_bytes()).digest()


def appended(out: Path, count: int) -> dict[str, float]:
    """Resolve all but the last texts, then add those; return what adding took, and what was looked at again."""
    texts = list(read_evidence(out))
    before = texts[: len(texts) - count]
    mentions = {}
    for content in (out / "mentions.jsonl").open("rb"):
        raw = orjson.loads(content)
        mentions[raw["doc"], raw["id"]] = content.rstrip(b"\n")
    claims = out / "before.jsonl"
    with claims.open("wb") as file:
        file.writelines(claim_line(draft, mentions) + b"\n" for draft in resolve_evidence(before).drafts)
    worked = time.process_time()
    standing = Standing.of(claims, (text.doc for text in before))
    with uncollected():
        world = Resolved(Texts(texts), NO_DECISIONS, standing=standing)
        made = [(draft.claim.id, claim_line(draft, mentions) + b"\n") for draft in world.drafts()]
        worked = time.process_time() - worked
    kept = Kept(claims, standing, world.gone(standing))
    digest = hashlib.sha256(b"".join(content for _, content in sorted([*made, *kept.lines()])))
    return {
        "cpu_seconds": round(worked, 1),
        "people_linked_again": len(world.changed or ()),
        "claims_made_again": len(made),
        "same_as_one_run": digest.digest() == hashlib.sha256((out / "claims.jsonl").read_bytes()).digest(),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--out", type=Path)
    parser.add_argument("--shards", type=int, default=0)
    parser.add_argument("--append", type=int, default=0, help="texts to add to a run over all others")
    parser.add_argument("--folder", type=Path, help="resolve this folder and print time and memory (used by itself)")
    args = parser.parse_args()
    if args.folder:
        before, worked = time.perf_counter(), time.process_time()
        resolve_folder(args.folder)
        seconds, worked = time.perf_counter() - before, time.process_time() - worked
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            json.dumps({"seconds": round(seconds, 1), "cpu_seconds": round(worked, 1), "peak_memory_mb": round(memory)})
        )
        return 0
    figures: dict[str, dict] = defaultdict(dict)
    for size in args.sizes:
        with tempfile.TemporaryDirectory() as place:
            out = Path(place) / "out"
            write_world(size, out)
            done = subprocess.run(
                [sys.executable, __file__, "--folder", str(out)], stdout=subprocess.PIPE, text=True, check=True
            )
            row = json.loads(done.stdout) | b_cubed(out)
            row["microseconds_a_mention"] = round(row["cpu_seconds"] / size * 1e6)
            if args.shards:
                row[f"same_in_{args.shards}_shards_shuffled"] = in_shards(out, args.shards)
            if args.append:
                row[f"{args.append}_texts_appended"] = appended(out, args.append)
            figures[str(size)] = row
            print(size, json.dumps(row), flush=True)
    if args.out:
        args.out.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
