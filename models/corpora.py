"""Readers of the marked corpora: every one gives texts with spans in one label scheme, PERSON ORG GPE DATE TITLE.

The corpora lie under one folder (option ``--data`` of the recipes); nothing of them goes into the project.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

LABELS = ("PERSON", "ORG", "GPE", "DATE", "TITLE")
ALL = frozenset(LABELS)


@dataclass(frozen=True, slots=True)
class Marked:
    """A text with its named spans (start, end, label), in order and without overlap.

    ``known`` holds the labels that the corpus marks completely: where one of the others is absent, nothing is known.
    ``unknown`` are stretches of which the corpus says nothing.
    """

    text: str
    spans: tuple[tuple[int, int, str], ...]
    source: str
    known: frozenset[str] = ALL
    unknown: tuple[tuple[int, int], ...] = ()


@dataclass
class _Builder:
    """Joins tokens to a text again, with the places of the tokens."""

    spaced: bool
    text: str = ""
    places: list[tuple[int, int]] = field(default_factory=list)

    def add(self, word: str, glued: bool) -> None:
        if self.text and not glued:
            self.text += " "
        self.places.append((len(self.text), len(self.text) + len(word)))
        self.text += word


_CLOSING = re.compile(r"^(?:[.,;:!?%)\]}…’”»]+|'s|n't|'re|'ve|'ll|'d|'m|'S)$")
_OPENING = re.compile(r"^[(\[{$€£#„“«]$")


def _join(words: Sequence[str], spaced: bool) -> _Builder:
    built = _Builder(spaced)
    quote_open = False
    after_opening = True
    for word in words:
        if not spaced:
            both_latin = (
                bool(built.text) and built.text[-1].isascii() and built.text[-1].isalpha() and word[0].isascii()
            )
            built.add(word, glued=not (both_latin and word[0].isalpha()))
            continue
        if word in ('"', "``", "''"):
            quote_open = not quote_open
            built.add('"', glued=after_opening or not quote_open)
            after_opening = quote_open
            continue
        built.add(word, glued=after_opening or bool(_CLOSING.match(word)))
        after_opening = bool(_OPENING.match(word))
    return built


def from_tags(
    words: Sequence[str],
    tags: Sequence[str],
    names: dict[str, str],
    source: str,
    known: frozenset[str],
    *,
    spaced: bool = True,
    unknown: frozenset[str] = frozenset(),
    places: _Builder | None = None,
) -> Marked:
    """Turn words and B-/I- tags into a text; ``names`` maps the corpus's labels, those in ``unknown`` become gaps."""
    built = places or _join(words, spaced)
    spans: list[tuple[int, int, str]] = []
    gaps: list[tuple[int, int]] = []
    previous = "O"
    for (start, end), tag in zip(built.places, tags, strict=True):
        kind = tag[2:] if "-" in tag else "O"
        if kind in unknown:
            gaps.append((start, end))
        elif kind in names:
            if tag[0] in "IEL" and previous == kind and spans:
                spans[-1] = (spans[-1][0], end, names[kind])
            else:
                spans.append((start, end, names[kind]))
        previous = kind
    return Marked(built.text, tuple(spans), source, known, tuple(gaps))


def _test(part: str) -> str:
    """Mark the sources of test parts: no training sees them."""
    return "-test" if part.endswith("test") else ""


def _blocks(path: Path, separator: str | None = None) -> Iterator[list[list[str]]]:
    block: list[list[str]] = []
    for line in path.read_text("utf-8").splitlines():
        if line.startswith(("#\t", "# ", "-DOCSTART-")):
            continue
        if not line.strip():
            if block:
                yield block
            block = []
        else:
            block.append(line.split(separator))
    if block:
        yield block


def _conllu(path: Path) -> Iterator[tuple[str, list[list[str]]]]:
    text, rows = "", []
    for line in [*path.read_text("utf-8").splitlines(), ""]:
        if line.startswith("# text = "):
            text = line[9:]
        elif not line.strip():
            if rows:
                yield text, rows
            text, rows = "", []
        elif not line.startswith("#") and re.match(r"\d+\t", line):
            rows.append(line.split("\t"))


def _placed(text: str, words: Sequence[str], spaced: bool) -> _Builder:
    built = _Builder(spaced, text)
    at = 0
    for word in words:
        found = text.find(word, at)
        if found < 0 or found - at > 3:
            return _join(words, spaced)
        built.places.append((found, found + len(word)))
        at = found + len(word)
    return built


# --- ours

_MARK = re.compile(r"\[([POGDT]):([^\[\]]+)\]")
_OWN = {"P": "PERSON", "O": "ORG", "G": "GPE", "D": "DATE", "T": "TITLE"}


def own(data: Path, lang: str) -> Iterator[Marked]:
    """Read the texts written for this project, every fifth left out: those are the test."""
    for path in sorted((data / "own").glob(f"{lang}_?.jsonl")):
        for number, line in enumerate(path.read_text("utf-8").splitlines()):
            if number % 5 == 4 or not line.strip():
                continue
            yield from_marks(json.loads(line)["t"], "own")


def from_marks(marked: str, source: str) -> Marked:
    """Read a text with marks such as ``[P:…]``."""
    text, spans, at = "", [], 0
    for match in _MARK.finditer(marked):
        text += marked[at : match.start()]
        spans.append((len(text), len(text) + len(match[2]), _OWN[match[1]]))
        text += match[2]
        at = match.end()
    return Marked(text + marked[at:], tuple(spans), source)


def written(lang: str) -> Iterator[Marked]:
    """Read the invented texts that stand beside the recipe."""
    for line in (Path(__file__).parent / "texts" / f"{lang}.jsonl").read_text("utf-8").splitlines():
        if line.strip():
            yield from_marks(json.loads(line)["t"], "written")


def ntrex(data: Path, lang: str, part: str = "train") -> Iterator[Marked]:
    """Read the news sentences marked by readers; there are none in French."""
    if lang == "fr":
        return
    for line in (data / "parallel/ntrex-entities" / f"{part}.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        spans = sorted((e["start"], e["end"], e["label"]) for e in row["entities"][lang])
        yield Marked(row["text"][lang], _without_overlap(spans), "ntrex")


def _without_overlap(spans: Iterable[tuple[int, int, str]]) -> tuple[tuple[int, int, str], ...]:
    kept: list[tuple[int, int, str]] = []
    for span in sorted(spans, key=lambda s: (s[0], -s[1])):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return tuple(kept)


# --- English

_UNER = {"PER": "PERSON", "ORG": "ORG", "LOC": "GPE"}
_NAMES = frozenset({"PERSON", "ORG", "GPE"})
_CROSSNER = {
    "person": "PERSON", "politician": "PERSON", "scientist": "PERSON", "researcher": "PERSON", "writer": "PERSON",
    "musicalartist": "PERSON", "organisation": "ORG", "politicalparty": "ORG", "university": "ORG", "band": "ORG",
    "country": "GPE", "location": "GPE",
}  # fmt: skip


def _ewt(data: Path) -> Iterator[Marked]:
    for part in ("train", "dev", "test"):
        for text, rows in _conllu(data / f"en/ud-ewt/DERIVED.en_ewt-{part}+uner.conllu"):
            tags = [re.search(r"NER=(\S+?)(?:\||$)", row[9]) for row in rows]
            words = [row[1] for row in rows]
            yield from_tags(
                words,
                [t[1] if t else "O" for t in tags],
                _UNER,
                f"ewt{_test(part)}",
                _NAMES,
                places=_placed(text, words, True),
            )


def _wikigold(data: Path) -> Iterator[Marked]:
    for rows in _blocks(data / "en/wikigold/wikigold/CONLL-format/data/wikigold.conll.txt"):
        yield from_tags([r[0] for r in rows], [r[1] for r in rows], _UNER, "wikigold", _NAMES)


def _crossner(data: Path) -> Iterator[Marked]:
    for path in sorted((data / "en/crossner").glob("*-*.txt")):
        for rows in _blocks(path, "\t"):
            yield from_tags([r[0] for r in rows], [r[1] for r in rows], _CROSSNER, "crossner", _NAMES)


def _redocred(data: Path) -> Iterator[Marked]:
    names = {"PER": "PERSON", "ORG": "ORG", "LOC": "GPE"}
    for part in ("dev", "test"):
        for document in json.loads((data / f"en/re-docred/{part}_revised.json").read_text("utf-8")):
            sentences = [["O"] * len(words) for words in document["sents"]]
            for cluster in document["vertexSet"]:
                for mention in cluster:
                    first, end = mention["pos"]
                    tags = sentences[mention["sent_id"]]
                    words = document["sents"][mention["sent_id"]]
                    kind = mention["type"]
                    # DocRED counts nationalities among the places
                    if kind == "LOC" and end - first == 1 and re.search(r"(?:an|ese|ish|ch)$", words[first]):
                        kind = "GAP"
                    for index in range(first, end):
                        tags[index] = ("B-" if index == first else "I-") + kind
            for words, tags in zip(document["sents"], sentences, strict=True):
                if words and all(words):
                    yield from_tags(words, tags, names, "re-docred", _NAMES, unknown=frozenset({"GAP"}))


# the kinds of documents whose licence the corpus states to be open
_GUM_OPEN = ("bio", "conversation", "interview", "news", "speech", "textbook", "vlog", "voyage")


def _gum(data: Path) -> Iterator[Marked]:
    kinds = {"person": "PERSON", "organization": "ORG", "place": "GPE"}
    for path in sorted((data / "en/ud-gum/not-to-release/sources").glob("GUM_*.conllu")):
        if path.name.split("_")[1] not in _GUM_OPEN:
            continue
        for text, rows in _conllu(path):
            words = [row[1] for row in rows]
            tags = _gum_tags(rows, kinds)
            yield from_tags(
                words, tags, _UNER, "gum", _NAMES, unknown=frozenset({"GAP"}), places=_placed(text, words, True)
            )


def _gum_tags(rows: Sequence[Sequence[str]], kinds: dict[str, str]) -> list[str]:
    """Keep runs of proper nouns: the smallest mention around a run says what it is."""
    opened: list[tuple[str, int, str]] = []
    mentions: list[tuple[int, int, str]] = []
    for index, row in enumerate(rows):
        entity = re.search(r"(?:^|\|)Entity=([^|]*)", row[9])
        for part in re.findall(r"\([^()]+\)|\([^()]+|\d+\)|\)", entity[1]) if entity else []:
            inner = part.strip("()")
            if part.startswith("("):
                fields = inner.split("-")
                if len(fields) > 1:
                    opened.append((fields[0], index, fields[1]))
            if part.endswith(")"):
                for place in range(len(opened) - 1, -1, -1):
                    if (part.startswith("(") and place == len(opened) - 1) or opened[place][0] == inner:
                        _, start, kind = opened.pop(place)
                        mentions.append((start, index + 1, kind))
                        break
    tags = ["O"] * len(rows)
    for index, row in enumerate(rows):
        if row[3] != "PROPN":
            continue
        around = [m for m in mentions if m[0] <= index < m[1]]
        if not around:
            tags[index] = "B-GAP"
            continue
        start, end, kind = min(around, key=lambda m: m[1] - m[0])
        label = {"person": "PER", "organization": "ORG", "place": "LOC"}.get(kind, "GAP")
        # a mention with other words inside has bounds that cannot be told from the proper nouns alone
        run = all(rows[i][3] == "PROPN" for i in range(start, end))
        has_title = label == "PER" and rows[start][1].rstrip(".") in {"Mr", "Mrs", "Ms", "Dr", "President", "Sir"}
        if not run or has_title or label == "GAP":
            tags[index] = "B-GAP"
        else:
            tags[index] = ("B-" if index == start else "I-") + label
    return tags


# --- German

_SMARTDATA = {
    "person": "PERSON", "organization": "ORG", "organization-company": "ORG", "location": "GPE",
    "location-city": "GPE", "date": "DATE", "org-position": "TITLE",
}  # fmt: skip
_PLAIN_NOUN = re.compile(
    r"^(?:[a-zäöü].*|Gruppe|Konzern\w*|Unternehmen\w*|Firma|Bank|Verein\w*|Partei|Gewerkschaft\w*|Regierung|Polizei|"
    r"Flugbegleiter\w*|Autobauer\w*|Hersteller\w*|Tochter\w*|Mutter\w*|Betreiber\w*|Bahn|Airline|Kunden?|Mitarbeiter\w*)$"
)


def _smartdata(data: Path) -> Iterator[Marked]:
    pattern = re.compile(r'<Entity id="\d+" startPos="(\d+)" endPos="(\d+)" type="([^"]*)" surface="')
    for part in ("train", "test"):
        with gzip.open(data / f"de/smartdata/{part}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines):
                row = json.loads(line)
                raw = row["raw"]
                text = row.get("text") or ""
                if isinstance(text, dict):
                    text = text.get("string", "")
                spans, gaps = [], []
                for match in pattern.finditer(raw):
                    start, end, kind = int(match[1]), int(match[2]), match[3]
                    surface = text[start:end]
                    if kind in _SMARTDATA and surface.strip() and surface == surface.strip():
                        label = _SMARTDATA[kind]
                        if label in _NAMES and _PLAIN_NOUN.match(surface):
                            if label != "GPE":
                                gaps.append((start, end))
                        else:
                            spans.append((start, end, label))
                    elif kind in ("location-stop", "location-route"):
                        gaps.append((start, end))
                marked = Marked(
                    text,
                    _without_overlap(spans),
                    # half of the corpus is its test part: too much German news to do without
                    f"smartdata{_test(part) if number % 4 == 0 else ''}",
                    frozenset({"PERSON", "ORG", "GPE", "DATE"}),
                    tuple(gaps),
                )
                yield from split_lines(marked)


def split_lines(marked: Marked) -> Iterator[Marked]:
    """Cut a marked text at its line ends; pieces without letters are left out."""
    for match in re.finditer(r"[^\n\r]+", marked.text):
        start, end = match.span()
        if len(match.group()) > 15:
            yield replace(
                marked,
                text=match.group(),
                spans=tuple((s - start, e - start, k) for s, e, k in marked.spans if start <= s and e <= end),
                unknown=tuple((s - start, e - start) for s, e in marked.unknown if start <= s and e <= end),
            )


def _germeval(data: Path) -> Iterator[Marked]:
    gaps = frozenset({"ORGpart", "LOCpart", "PERpart", "ORGderiv"})
    for part in ("dev", "test"):
        for rows in _blocks(data / f"de/germeval2014/orig-NER-de-{part}.tsv", "\t"):
            kept = [r for r in rows if len(r) >= 3 and r[0].isdigit()]
            if kept:
                yield from_tags([r[1] for r in kept], [r[2] for r in kept], _UNER, "germeval", _NAMES, unknown=gaps)


def _mobie(data: Path) -> Iterator[Marked]:
    names = {k: v for k, v in _SMARTDATA.items() if k != "location"}
    gaps = frozenset({"location", "location-stop", "location-route", "location-street", "event-cause", "trigger"})
    known = frozenset({"PERSON", "ORG", "DATE"})
    for part in ("train", "dev", "test"):
        for rows in _blocks(data / f"de/mobie/conll/{part}.conll2003", "\t"):
            kept = [r for r in rows if len(r) == 4]
            if kept:
                yield from_tags([r[0] for r in kept], [r[3] for r in kept], names, "mobie", known, unknown=gaps)


def _ler(data: Path) -> Iterator[Marked]:
    names = {
        "PER": "PERSON",
        "RR": "PERSON",
        "UN": "ORG",
        "INN": "ORG",
        "ORG": "ORG",
        "GRT": "ORG",
        "LD": "GPE",
        "ST": "GPE",
    }
    gaps = frozenset({"AN", "EUN", "MRK", "LDS", "STR"})
    for part in ("dev", "test"):
        for rows in _blocks(data / f"de/ler/ler_{part}.conll"):
            kept = [r for r in rows if len(r) == 2]
            # court rulings are far from news: only sentences that name somebody
            if kept and len(kept) < 80 and any(r[1][2:] in ("PER", "UN", "ORG", "INN") for r in kept):
                yield from_tags([r[0] for r in kept], [r[1] for r in kept], names, "ler", _NAMES, unknown=gaps)


# --- Chinese


def _uner_zh(data: Path) -> Iterator[Marked]:
    for path in sorted((data / "zh/uner-gsdsimp").rglob("*")):
        if path.is_file() and path.suffix in (".iob2", ".conllu", ".tsv", ".txt") and path.name.startswith("zh"):
            for text, rows in _conllu(path):
                words = [row[1] for row in rows]
                yield from_tags(
                    words, [row[2] for row in rows], _UNER, f"uner{_test(path.stem)}", _NAMES, spaced=False,
                    places=_placed(text, words, False),
                )  # fmt: skip


_FEWFC = {"sub-per": "PERSON", "obj-per": "PERSON", "sub-org": "ORG", "obj-org": "ORG", "institution": "ORG",
          "target-company": "ORG", "title": "TITLE", "date": "DATE"}  # fmt: skip
_COMPANY = re.compile(r"(?:公司|集团|股份|银行|证券|基金|法院|委员会|大学|医院|交易所|科技|资本)$")


def _fewfc(data: Path) -> Iterator[Marked]:
    seen = set()
    for path in sorted((data / "zh/fewfc").glob("*.json")):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            if row["id"] in seen:
                continue
            seen.add(row["id"])
            spans, gaps = set(), []
            for event in row["events"]:
                for mention in event["mentions"]:
                    start, end = mention["span"]
                    role = mention["role"]
                    if role in _FEWFC:
                        spans.add((start, end, _FEWFC[role]))
                    elif role in ("sub", "obj") and _COMPANY.search(mention["word"]):
                        spans.add((start, end, "ORG"))
                    elif role in ("sub", "obj"):
                        gaps.append((start, end))
            yield Marked(row["content"], _without_overlap(spans), "fewfc", frozenset(), tuple(gaps))


# --- Japanese

_GSD_JA = {"PERSON": "PERSON", "ORG": "ORG", "GPE": "GPE", "LOC": "GPE", "DATE": "DATE"}


def _gsd_ja(data: Path) -> Iterator[Marked]:
    known = frozenset({"PERSON", "ORG", "GPE", "DATE"})
    for part in ("train", "dev", "test"):
        for text, rows in _conllu(data / f"ja/gsd-ne/DERIVED.ja_gsd-{part}.ne.from-docbin.conllu"):
            tags = [re.search(r"NER=(\S+?)(?:\||$)", row[9]) for row in rows]
            words = [row[1] for row in rows]
            yield from_tags(
                words, [t[1] if t else "O" for t in tags], _GSD_JA, f"gsd{_test(part)}", known, spaced=False,
                unknown=frozenset({"FAC", "NORP"}), places=_placed(text, words, False),
            )  # fmt: skip


_STOCKMARK = {"人名": "PERSON", "法人名": "ORG", "政治的組織名": "ORG", "その他の組織名": "ORG", "地名": "GPE"}


def _stockmark(data: Path) -> Iterator[Marked]:
    for row in json.loads((data / "ja/stockmark/ner.json").read_text("utf-8")):
        spans = [(*e["span"], _STOCKMARK[e["type"]]) for e in row["entities"] if e["type"] in _STOCKMARK]
        gaps = tuple(tuple(e["span"]) for e in row["entities"] if e["type"] == "施設名")
        yield Marked(row["text"], _without_overlap(spans), "stockmark", _NAMES, gaps)


_KNP = {"PERSON": "PERSON", "ORGANIZATION": "ORG", "LOCATION": "GPE", "DATE": "DATE"}


def _wac(data: Path) -> Iterator[Marked]:
    known = frozenset({"PERSON", "ORG", "GPE", "DATE"})
    for path in sorted((data / "ja/WikipediaAnnotatedCorpus/knp").rglob("*.knp")):
        words: list[str] = []
        tags: list[str] = []
        for line in path.read_text("utf-8").splitlines():
            if line.startswith(("#", "*", "+")):
                continue
            if line == "EOS":
                if words:
                    yield from_tags(words, tags, _KNP, "wac", known, spaced=False, unknown=frozenset({"OPTIONAL"}))
                words, tags = [], []
                continue
            words.append(line.split(" ")[0])
            mark = re.search(r"<NE:([A-Z]+):(head|middle|tail|single)>", line)
            tags.append("O" if not mark else ("B-" if mark[2] in ("head", "single") else "I-") + mark[1])


def _wikinews(data: Path) -> Iterator[Marked]:
    """Read the first lines of raw news: nothing is marked, so all labels come from a model."""
    with gzip.open(data / "ja/jawikinews/articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            sentences = re.findall(r"[^。]+。", row["text"])
            yield Marked(row["headline"], (), "wikinews", frozenset())
            for first in range(0, min(6, len(sentences)), 2):
                yield Marked("".join(sentences[first : first + 2]), (), "wikinews", frozenset())


# --- French


def _projected(data: Path) -> Iterator[Marked]:
    """Carry the marks of the other languages over to the same news sentences in French, where a name is written alike.

    A label is known where each of its names is found, or where no language has one.
    """
    french = (data / "parallel/ntrex128/newstest2019-ref.fra.txt").read_text("utf-8").splitlines()
    for part in ("train", "dev"):
        for line in (data / "parallel/ntrex-entities" / f"{part}.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            text = french[row["i"]].strip()
            forms: dict[int, set[str]] = {}
            labels: dict[int, str] = {}
            for marks in row["entities"].values():
                for mark in marks:
                    forms.setdefault(mark["entity"], set()).add(mark["text"])
                    labels.setdefault(mark["entity"], mark["label"])
            spans: list[tuple[int, int, str]] = []
            known = set(LABELS)
            for entity, written_as in forms.items():
                found = [
                    match.span()
                    for form in sorted(written_as, key=len, reverse=True)
                    for match in re.finditer(rf"(?<!\w){re.escape(form)}(?!\w)", text)
                ]
                spans += [(*span, labels[entity]) for span in found]
                known -= set() if found else {labels[entity]}
            yield Marked(text, _without_overlap(spans), "projected", frozenset(known))


RAW = {"ja": (_wikinews,)}
CORPORA = {
    "en": (_ewt, _wikigold, _crossner, _redocred, _gum),
    "de": (_smartdata, _germeval, _mobie, _ler),
    "fr": (_projected,),
    "zh": (_uner_zh, _fewfc),
    "ja": (_gsd_ja, _stockmark, _wac),
}


def public(data: Path, lang: str, *, test: bool = False) -> Iterator[Marked]:
    """Read the public corpora of a language but for their test parts, or those alone."""
    for reader in CORPORA[lang]:
        for marked in reader(data):
            if len(marked.text) < 2000 and marked.source.endswith("-test") == test:
                yield marked


def raw(data: Path, lang: str) -> Iterator[Marked]:
    """Read news without marks, where there is any."""
    for reader in RAW.get(lang, ()):
        yield from reader(data)
