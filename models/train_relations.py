"""Trains the network of the learned relations on marked texts, with torch; the program itself needs only numpy.

    python models/train_relations.py --shared ../shared --language de --folds 5 --result work/de.json
    python models/train_relations.py --shared ../shared --language de --unseen work/de.json

The first scores texts by networks that have not seen them; the second trains on all of them and writes
``learned.npz`` into the language's folder, with a table, made of those scores, of how often a claim is right.

Texts: four fifths of data/own and ``models/texts``, with their marks as entities, and general news as examples of
sentences that tell of no move (those where a rule fires are left out of it). A claim is learned from the sentence of
its person that the network itself finds most telling (Andrews et al., Support vector machines for multiple-instance
learning, 2002), since the marks do not say which sentence states it.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "scores"))
import relations as scores

from claimtrail import data
from claimtrail.document import Document, Entity, Label, Parse, ResolvedBy
from claimtrail.engines.features import WordFeatures, features_of
from claimtrail.facts.layout import Layout
from claimtrail.learned import encode as enc
from claimtrail.learned.stage import forms_of
from claimtrail.learned.views import TIES, View, views
from claimtrail.pipeline import Chain, Settings, engine_of, stages
from claimtrail.rules.grammar import grammar
from claimtrail.rules.shape import build_shape

RELATIONS = ("LEAVES", "JOINS", "ROLE_CHANGE")
NEWS = {"en": "src.eng", "de": "ref.deu", "zh": "ref.zho-CN", "ja": "ref.jpn"}
WIDTH, LAYERS, KEYS = 64, 2, 16
RAREST = 3  # a word must stand in this many views to be known one by one
TEXTS_TOGETHER = 24
TOLD = 0.25  # the share from which on the gate is to let a sentence pass
MISSED = 0.01


@dataclass
class Row:
    """A view with what the marks say of its person: the organisations by relation, and the posts."""

    lang: str
    text: int
    document: Document
    sentence: int
    view: View
    shape_text: str
    gold: dict[str, set[str]]
    gold_posts: dict[str, set[str]]
    accepted: set[str] = field(default_factory=set)
    ignored: bool = False
    which: str = ""
    taken: int | None = None
    encoded: enc.Encoded | None = None
    posts: list[str] = field(default_factory=list)


def marked_rows(shared: Path, lang: str, which: str) -> tuple[dict[str, str], list[dict], dict[str, list[Entity]]]:
    if which == "own":
        return scores.own(shared, lang, False)
    if which == "news":
        path = shared / "data" / "parallel" / "ntrex128" / f"newstest2019-{NEWS[lang]}.txt"
        lines = path.read_text("utf-8").splitlines()
        texts = {f"news_{lang}_{i}": "\n\n".join(lines[i : i + 6]) for i in range(0, len(lines), 6)}
        return texts, [{"doc": name, "lang": lang, "date": "2018-10-01", "claims": []} for name in texts], {}
    texts, rows, marks = {}, [], {}
    path = Path(__file__).parent / "texts" / f"{lang}.jsonl"
    for number, line in enumerate(path.read_text("utf-8").splitlines()):
        row = json.loads(line)
        name = f"text_{lang}_{number:04d}"
        texts[name], marks[name], claims = scores.marked(row)
        rows.append({"doc": name, "lang": lang, "claims": claims})
    return texts, rows, marks


def documents(shared: Path, lang: str, which: str, cache: Path) -> tuple[list[Document], list[dict]]:
    """Return documents with facts and with what the rules find, and their rows of claims."""
    texts, rows, marks = marked_rows(shared, lang, which)
    chain = stages(Settings(min_confidence=0.4))
    names = [stage.name for stage in chain]
    cut, end = names.index("tokens and entities") + 1, names.index("relations") + 1
    found = scores.analysed(texts, rows, chain[:cut], cache, "relations" + "".join(names[:cut]))
    rest = chain[cut:end]
    if marks:
        at = next(i for i, stage in enumerate(rest) if "facts" in stage.provides)
        rest.insert(at, scores.Planted(marks, True))
    return Chain(rest).process(found), rows


def names_of(score: Any, document: Document, kind: Label) -> dict[str, set[str]]:
    forms: dict[str, set[str]] = defaultdict(set)
    for reference in document.facts.references:
        if reference.label is kind:
            forms[reference.entity].add(reference.name)
            if reference.resolved_by in (ResolvedBy.NAME, ResolvedBy.ALIAS):
                forms[reference.entity].add(document.covered(reference))
    return {entity: score.names(found) for entity, found in forms.items()}


def gold_of(score: Any, document: Document, row: dict) -> list[tuple[str, set[str], set[str], dict]]:
    """Return the claims with the entities of the document that their person and organisation may be."""
    people, orgs = (names_of(score, document, kind) for kind in (Label.PERSON, Label.ORG))
    out = []
    for claim in row["claims"]:
        person = score.names([claim["person"], *claim["person_forms"]])
        org = score.names([claim["org"], *claim["org_forms"]])
        out.append(
            (
                claim["relation"],
                {entity for entity, found in people.items() if score.same_person(found, person, False)},
                {entity for entity, found in orgs.items() if found & org},
                claim,
            )
        )
    return out


def rows_of(
    score: Any, lang: str, number: int, document: Document, row: dict, parse: Parse, *, news: bool
) -> list[Row]:
    rules, layout = grammar(lang), Layout(document)
    claims = gold_of(score, document, row)
    out = []
    for index, sentence in enumerate(document.sentences):
        if sentence.lang != lang:
            continue
        shape = build_shape(document, sentence.start, sentence.end, rules)
        for view in views(document, index, shape, rules, layout):
            accepted: set[str] = set()
            gold: dict[str, set[str]] = defaultdict(set)
            posts: dict[str, set[str]] = defaultdict(set)
            for relation, people, orgs, claim in claims:
                if view.person.entity in people:
                    gold[relation] |= orgs
                    if claim["accept"]:
                        accepted.add(relation)
                    if claim["role_to"]:
                        posts[relation].add(claim["role_to"])
            fired = [m for m in document.mentions if m.sentence == index and m.person.entity == view.person.entity]
            made = Row(
                lang, number, document.parsed(index, parse), index, view, shape.text, dict(gold), dict(posts), accepted
            )
            made.ignored = news and bool(fired)
            if "ROLE_CHANGE" in gold:
                ways = {
                    m.role_to is not None
                    for m in fired
                    if m.relation == "ROLE_CHANGE" and (m.role_to is None) != (m.role_from is None)
                }
                made.taken = int(ways.pop()) if len(ways) == 1 else None
            out.append(made)
    return out


class Net(nn.Module):
    def __init__(self, words: int, deps: int) -> None:
        super().__init__()
        sizes = {"word": (words, 64), "gram": (enc.GRAM_ROWS, 64), "group": (enc.GROUPS, 32)}
        sizes |= {"kind": (len(enc.KINDS), 32), "place": (enc.PLACES, 32), "dep": (deps, 16)}
        for name, (rows, width) in sizes.items():
            table = nn.Embedding(rows, width, padding_idx=0 if name in ("word", "gram", "group") else None)
            nn.init.normal_(table.weight, 0, 0.1)
            setattr(self, name, table)
        self.flags = nn.Linear(6 + len(RELATIONS), 16)
        self.input = nn.Linear(sum(width for _, width in sizes.values()) + 16, WIDTH)
        self.conv = nn.ModuleList(nn.Conv1d(WIDTH, 2 * WIDTH, 3, padding=2**i, dilation=2**i) for i in range(LAYERS))
        self.norm = nn.ModuleList(nn.LayerNorm(WIDTH) for _ in range(LAYERS + 1))
        self.drop = nn.Dropout(0.35)
        self.attend, self.query, self.key = nn.Linear(WIDTH, 3), nn.Linear(WIDTH, 3 * KEYS), nn.Linear(WIDTH, KEYS)
        self.out = nn.Linear(3 * WIDTH, 3)
        self.taken = nn.Linear(3 * WIDTH, 1)
        for name, ties in (("org", len(TIES)), ("post", len(enc.POSTS))):
            setattr(
                self,
                name,
                nn.ModuleDict(
                    {"tie": nn.Linear(ties, WIDTH), "hidden": nn.Linear(3 * WIDTH, 64), "score": nn.Linear(64, 3)}
                ),
            )

    def forward(self, batch: dict[str, Tensor], train: bool = False) -> dict[str, Tensor]:
        word, grams, flags = batch["word"], self.gram(batch["grams"]), batch["flags"]
        shape = word.shape
        counts = (batch["grams"] > 0).sum(-1, keepdim=True).clamp(min=1)
        grams = grams.sum(2) / counts
        if train:
            word = torch.where(torch.rand(shape) > 0.25, word, torch.ones_like(word))
            grams = grams * (torch.rand(*shape, 1) > 0.1)
            # Rules know the texts of training by heart: what they say must not be all that counts.
            known = torch.rand(shape[0], 1, 1) > 0.3
            flags = torch.cat([flags[..., :6], flags[..., 6:] * known], -1)
        parts = [
            self.word(word),
            grams,
            self.group(batch["group"]),
            self.kind(batch["kind"]),
            self.place(batch["place"]),
            self.dep(batch["dep"]),
            self.flags(flags),
        ]
        mask = batch["mask"][:, :, None]
        rows = self.norm[0](torch.relu(self.input(self.drop(torch.cat(parts, -1))))) * mask
        for conv, norm in zip(self.conv, list(self.norm)[1:], strict=True):
            value, gate = conv(rows.transpose(1, 2)).transpose(1, 2).chunk(2, -1)
            rows = norm(rows + self.drop(value * torch.sigmoid(gate))) * mask
        me = torch.bmm(batch["person"][:, None], rows)[:, 0]
        queries = self.query(me).reshape(-1, 3, KEYS)
        scores = torch.einsum("brd,btd->brt", queries, self.key(rows)) / KEYS**0.5 + self.attend(rows).transpose(1, 2)
        attention = scores.masked_fill(batch["mask"][:, None] == 0, -1e4).softmax(-1)
        context = torch.bmm(attention, rows)
        highest = rows.masked_fill(mask == 0, -1e4).max(1)[0]
        whole = torch.cat([context, me[:, None].expand(-1, 3, -1), highest[:, None].expand(-1, 3, -1)], -1)
        whole = self.drop(whole)
        out = {"relations": (whole * self.out.weight).sum(-1) + self.out.bias, "attention": attention}
        out["taken"] = self.taken(whole[:, 2])[:, 0]
        for name in ("org", "post"):
            parts_of = getattr(self, name)
            owner = batch[f"{name}_view"]
            stands = torch.bmm(batch[f"{name}_places"][:, None], rows[owner])[:, 0]
            tied = torch.tanh(parts_of["tie"](batch[f"{name}_ties"]))
            hidden = torch.relu(parts_of["hidden"](self.drop(torch.cat([stands, tied, me[owner]], -1))))
            out[name] = parts_of["score"](hidden)
        return out


def together(rows: list[Row]) -> dict[str, Tensor]:
    views_ = [row.encoded for row in rows]
    longest = max(len(v.word) for v in views_)
    size = len(rows)

    def padded(name: str, like: np.ndarray) -> Tensor:
        out = np.zeros((size, longest, *like.shape[1:]), dtype=like.dtype)
        for i, v in enumerate(views_):
            values = getattr(v, name)
            out[i, : len(values)] = values
        return torch.from_numpy(out)

    batch = {
        n: padded(n, getattr(views_[0], n))
        for n in ("word", "grams", "group", "kind", "place", "dep", "flags", "person")
    }
    batch["mask"] = torch.zeros(size, longest)
    for i, v in enumerate(views_):
        batch["mask"][i, : len(v.word)] = 1
    for name, places, ties in (("org", "orgs", "ties"), ("post", "posts", "owners")):
        owner = [i for i, v in enumerate(views_) for _ in getattr(v, places)]
        table = np.zeros((len(owner), longest), dtype=np.float32)
        at = 0
        for v in views_:
            for line in getattr(v, places):
                table[at, : len(line)] = line
                at += 1
        batch[f"{name}_view"] = torch.tensor(owner, dtype=torch.long)
        batch[f"{name}_places"] = torch.from_numpy(table)
        batch[f"{name}_ties"] = torch.from_numpy(np.concatenate([getattr(v, ties) for v in views_]))
    return batch


def loss_of(out: dict[str, Tensor], rows: list[Row], batch: dict[str, Tensor]) -> Tensor:
    scores_ = out["relations"]
    target, factor = np.zeros(scores_.shape, dtype=np.float32), np.ones(scores_.shape, dtype=np.float32)
    grouped: dict[tuple[int, str], list[int]] = defaultdict(list)
    for i, row in enumerate(rows):
        grouped[row.text, row.view.person.entity].append(i)
        if row.ignored:
            factor[i] = 0
    telling = []
    sure = torch.sigmoid(scores_.detach()).tolist()
    for places in grouped.values():
        for r, relation in enumerate(RELATIONS):
            if relation not in rows[places[0]].gold:
                continue
            top = max(places, key=lambda i: sure[i][r])
            for i in places:
                if i == top:
                    target[i, r] = 1
                    telling.append((i, r))
                else:
                    # another sentence may state the same claim
                    factor[i, r] = 0 if sure[i][r] > 0.3 else 0.3
    wanted, weight = torch.from_numpy(target), torch.from_numpy(factor)
    total = (functional.binary_cross_entropy_with_logits(scores_, wanted, reduction="none") * weight).sum() / len(rows)
    for name, share in (("org", 0.5), ("post", 0.2)):
        owned: dict[int, list[int]] = defaultdict(list)
        for c, i in enumerate(batch[f"{name}_view"].tolist()):
            owned[i].append(c)
        parts = []
        for i, r in telling:
            row, mine = rows[i], owned[i]
            if name == "org":
                right = [
                    c
                    for c, k in zip(mine, row.view.candidates, strict=True)
                    if k.reference.entity in row.gold[RELATIONS[r]]
                ]
                if right and len(mine) > 1:
                    s = out[name][mine, r]
                    parts.append(torch.logsumexp(s, 0) - torch.logsumexp(out[name][right, r], 0))
            elif mine:
                wanted_posts = row.gold_posts.get(RELATIONS[r], set())
                right = [
                    c
                    for c, p in zip(mine, row.posts, strict=True)
                    if any(p == w or p in w or w in p for w in wanted_posts)
                ]
                s = torch.cat([out[name][mine, r], torch.zeros(1)])
                good = out[name][right, r] if right else torch.zeros(1)
                parts.append(torch.logsumexp(s, 0) - torch.logsumexp(good, 0))
        if parts:
            total = total + share * torch.stack(parts).mean()
    ways = [(i, row.taken) for i, row in enumerate(rows) if row.taken is not None]
    if ways:
        picked = out["taken"][[i for i, _ in ways]]
        total = total + 0.2 * functional.binary_cross_entropy_with_logits(
            picked, torch.tensor([float(t) for _, t in ways])
        )
    return total


def train(rows: list[Row], words: int, deps: int, seed: int, epochs: int) -> Net:
    torch.manual_seed(seed)
    shuffle = random.Random(seed)
    texts: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for row in rows:
        texts[row.lang, row.text].append(row)
    groups = list(texts.values())
    net = Net(words, deps)
    optimiser = torch.optim.AdamW(net.parameters(), lr=2.5e-3, weight_decay=0.02)
    steps = epochs * (-(-len(groups) // TEXTS_TOGETHER))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 2.5e-3, total_steps=steps, pct_start=0.15)
    for epoch in range(epochs):
        shuffle.shuffle(groups)
        net.train()
        total, before = 0.0, time.time()
        for start in range(0, len(groups), TEXTS_TOGETHER):
            part = [row for group in groups[start : start + TEXTS_TOGETHER] for row in group]
            batch = together(part)
            loss = loss_of(net(batch, train=True), part, batch)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 2.0)
            optimiser.step()
            schedule.step()
            total += float(loss.detach())
        print(f"  epoch {epoch + 1}: loss {total:.1f}, {time.time() - before:.0f} s", file=sys.stderr, flush=True)
    net.eval()
    return net


def told_by_rules(row: Row, relation: str, org: str) -> bool:
    return any(
        m.org.entity == org or (m.sentence == row.sentence and m.relation == relation)
        for m in row.document.mentions
        if m.person.entity == row.view.person.entity
    )


def found_by(net: Net, rows: list[Row]) -> list[dict]:
    """Return what a network finds in views: the share of each relation, and of each organisation in it."""
    out = []
    with torch.no_grad():
        for start in range(0, len(rows), 256):
            part = [row for row in rows[start : start + 256]]
            batch = together(part)
            answer = net(batch)
            sure, orgs = torch.sigmoid(answer["relations"]), answer["org"]
            owned: dict[int, list[int]] = defaultdict(list)
            for c, i in enumerate(batch["org_view"].tolist()):
                owned[i].append(c)
            for i, row in enumerate(part):
                for r, relation in enumerate(RELATIONS):
                    if owned[i] and sure[i, r] > 0.05:
                        shares = orgs[owned[i], r].softmax(0).tolist()
                        names = [k.reference.entity for k in row.view.candidates]
                        wanted = {
                            name
                            for kind in RELATIONS
                            if kind == relation or (kind in row.accepted and relation == "ROLE_CHANGE")
                            for name in row.gold.get(kind, ())
                        }
                        ranked = sorted(zip(shares, names, strict=True), reverse=True)
                        out.append(
                            {
                                "set": row.which,
                                "doc": row.document.doc_id,
                                "sentence": row.sentence,
                                "told": told_by_rules(row, relation, ranked[0][1]),
                                "share": float(sure[i, r]) * ranked[0][0],
                                "right": ranked[0][1] in wanted,
                            }
                        )
    return out


def gate_of(net: Net, rows: list[Row], vocabulary: enc.Vocabulary, features: WordFeatures) -> tuple[dict, float]:
    """Return the weights of the gate, a logistic regression on the words of sentences, and its least sum.

    It is to let pass what the network tells something of; as few as ``MISSED`` of those may be stopped.
    """
    sentences: dict[tuple[str, int], Row] = {(row.document.doc_id, row.sentence): row for row in rows}
    told: dict[tuple[str, int], float] = defaultdict(float)
    for found in found_by(net, rows):
        key = found["doc"], found["sentence"]
        told[key] = max(told[key], found["share"])
    wanted = torch.tensor([float(told[key] >= TOLD) for key in sentences])
    columns, starts = [], []
    for row in sentences.values():
        starts.append(len(columns))
        for form in forms_of(row.document, row.document.sentences[row.sentence]):
            word, group, grams = enc.numbers_of(form, vocabulary.words, features)
            first, second = len(vocabulary.words), len(vocabulary.words) + enc.GROUPS
            columns += [word, first + group, *(second + gram for gram in grams)]
    bag = nn.EmbeddingBag(len(vocabulary.words) + enc.GROUPS + enc.GRAM_ROWS, 1, mode="sum")
    nn.init.zeros_(bag.weight)
    bias = nn.Parameter(torch.zeros(1))
    optimiser = torch.optim.Adam([bag.weight, bias], lr=0.02)
    inputs, offsets = torch.tensor(columns), torch.tensor(starts)
    for _ in range(60):
        sums = bag(inputs, offsets)[:, 0]
        loss = functional.binary_cross_entropy_with_logits(sums + bias, wanted) + 2e-4 * (bag.weight**2).sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    sums = bag(inputs, offsets)[:, 0].detach()
    least = float(torch.quantile(sums[wanted > 0], MISSED))
    print(f"the gate lets {float((sums >= least).float().mean()):.2f} pass", file=sys.stderr)
    table = bag.weight.detach()[:, 0].numpy().astype(np.float16)
    first, second = len(vocabulary.words), len(vocabulary.words) + enc.GROUPS
    return {"gate.word": table[:first], "gate.group": table[first:second], "gate.gram": table[second:]}, least


def gather(shared: Path, lang: str, cache: Path, sets: tuple[str, ...]) -> list[Row]:
    score, parse = scores.scorer(shared), engine_of(Settings()).tree
    out: list[Row] = []
    number = 0
    for which in sets:
        found, rows = documents(shared, lang, which, cache)
        named = {row["doc"]: row for row in rows}
        for document in found:
            made = rows_of(score, lang, number, document, named[document.doc_id], parse, news=which == "news")
            out += [replace(row, which=which) for row in made if row.view.items]
            number += 1
    return out


def table_of(found: list[dict], bins: int = 12) -> list[list[float]]:
    """Return rising pairs of a share and of how often what was found with it was right (pool adjacent violators).

    Only what rules did not tell counts, and no text of ``own``: rules know those.
    """
    points = sorted((row["share"], row["right"]) for row in found if row["set"] != "own" and not row["told"])
    size = -(-len(points) // bins)
    pooled: list[list[float]] = []
    for start in range(0, len(points), size):
        part = points[start : start + size]
        pooled.append([sum(p for p, _ in part), sum(r for _, r in part), len(part)])
        while len(pooled) > 1 and pooled[-2][1] / pooled[-2][2] >= pooled[-1][1] / pooled[-1][2]:
            last = pooled.pop()
            pooled[-1] = [a + b for a, b in zip(pooled[-1], last, strict=True)]
    return [[0.0, 0.0], *([round(p / n, 3), round(r / n, 3)] for p, r, n in pooled)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--language", required=True)
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--only", default="", help="the folds to do, of all")
    parser.add_argument("--result", type=Path)
    parser.add_argument("--unseen", type=Path, help="a result of --folds")
    parser.add_argument("--least", type=float, default=0.5, help="the share from which on a claim is told")
    parser.add_argument("--out", type=Path, help="in place of learned.npz in the language's folder")
    parser.add_argument("--sets", default="own,texts,news")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "claimtrail-cache")
    args = parser.parse_args()
    torch.set_num_threads(1)
    lang = args.language
    features = features_of(lang)
    assert features is not None, "the language has no table of words: train its entity model first"
    rows = gather(args.shared, lang, args.cache, tuple(args.sets.split(",")))
    counts = Counter(item.form for row in rows for item in row.view.items if item.kind == "w")
    words = [
        "<none>",
        "<unknown>",
        *(f"<{kind}>" for kind in enc.KINDS[2:]),
        *sorted(w for w, c in counts.items() if c >= RAREST),
    ]
    deps = ["<none>", *sorted({token.dep for row in rows for token in row.document.tokens if token.dep})]
    vocabulary = enc.Vocabulary(
        {word: i for i, word in enumerate(words)}, {name: i for i, name in enumerate(deps)}, RELATIONS
    )
    for row in rows:
        flags = enc.flagged(row.view.items, row.shape_text, grammar(lang), RELATIONS)
        row.encoded = enc.encode(row.document, row.view, vocabulary, features, flags)
        nodes = [
            row.view.items[at].node if owner == "item" else row.view.node.title for at, owner in enc.posts_of(row.view)
        ]
        row.posts = [row.document.text[node.core_start : node.core_end] for node in nodes]
    print(f"{len(rows)} views, {len(words)} words, {len(deps)} relations of trees", file=sys.stderr, flush=True)
    if args.folds:
        only = [int(f) for f in args.only.split(",")] if args.only else list(range(args.folds))
        result = []
        for fold in only:
            seen = [row for row in rows if row.text % args.folds != fold]
            net = train(seen, len(words), len(deps), args.seed, args.epochs)
            result += found_by(net, [row for row in rows if row.text % args.folds == fold])
        args.result.write_text(json.dumps(result), "utf-8")
        return 0
    net = train(rows, len(words), len(deps), args.seed, args.epochs)
    weights = {name: value.numpy().astype(np.float16) for name, value in net.state_dict().items()}
    table = table_of(json.loads(args.unseen.read_text("utf-8"))) if args.unseen else [[0.0, 0.0], [1.0, 1.0]]
    about = {
        "words": words,
        "deps": deps,
        "relations": RELATIONS,
        "layers": LAYERS,
        "least": args.least,
        "table": table,
    }
    gate, about["gate"] = gate_of(net, rows, vocabulary, features)
    packed = np.frombuffer(json.dumps(about, ensure_ascii=False).encode(), dtype=np.uint8)
    np.savez_compressed(args.out or data.root() / lang / "learned.npz", about=packed, **weights, **gate)
    return 0


if __name__ == "__main__":
    sys.exit(main())
