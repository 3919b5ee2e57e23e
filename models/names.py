"""Names to put in place of the names of training texts, from lists of names that exist."""

from __future__ import annotations

import csv
import gzip
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from corpora import Marked

# Languages whose words stand between spaces, in Latin letters.
SPACED = ("en", "de", "fr")
_LATIN = re.compile(r"[A-Za-z]")
_KANA = re.compile(r"[\u30a1-\u30ff]")
_LEGAL = {
    "en": ("Inc.", "Corp.", "Ltd", "LLC", "plc", "Group", "Holdings", "Partners", "Capital", "Technologies", "Labs",
           "Bank", "Foundation", "University", "& Co.", "Systems", "Media", "Airlines", "Energy", "Institute"),
    "de": ("AG", "GmbH", "SE", "KG", "GmbH & Co. KG", "eG", "Gruppe", "Holding", "Versicherung", "Bank", "Stiftung",
           "Verlag", "Werke", "Energie", "Logistik", "e.V.", "Klinikum", "Medien"),
    "fr": ("SA", "SAS", "SARL", "Sàrl", "& Fils", "& Associés", "Groupe", "Assurances", "Industries", "Conseil",
           "Énergie", "Finance", "Capital", "Santé", "Médias", "Transports", "Technologies", "Labs", "Frères",
           "International"),
    "zh": ("公司", "集团", "科技", "股份有限公司", "有限公司", "银行", "证券", "基金", "资本", "大学", "汽车", "保险",
           "医疗", "传媒", "", "", ""),
    "ja": ("株式会社", "ホールディングス", "銀行", "証券", "大学", "製作所", "グループ", "電機", "工業", "HD", "生命",
           "テクノロジーズ", "新聞社", "財団", ""),
}  # fmt: skip


@dataclass
class Pools:
    """Name parts by style and whole names by label.

    ``people`` maps a style (``latin``, ``zh``, ``zh-foreign``, ``ja``, ``ja-foreign``) to lists of given names and of
    surnames; ``whole`` maps a label to spans seen in marked text or in tables.
    """

    lang: str
    people: dict[str, tuple[list[str], list[str]]] = field(default_factory=dict)
    whole: dict[str, list[str]] = field(default_factory=dict)
    firms: list[str] = field(default_factory=list)
    full: dict[str, list[list[str]]] = field(default_factory=dict)
    own: list[str] = field(default_factory=list)
    composed: list[tuple[list[str], list[str]]] = field(default_factory=list)

    def organisation(self, rng: random.Random) -> str:
        """Return an invented organisation of our own list, or one put together of two halves."""
        if self.composed and rng.random() < 0.5:
            heads, tails = rng.choice(self.composed)
            return rng.choice(heads) + rng.choice(tails)
        name = rng.choice(self.own)
        # where names are not capitalised, too many that are common words make every word a name
        while self.lang == "zh" and len(name) < 4 and rng.random() < 0.7:
            name = rng.choice(self.own)
        return name


def _aligned(path: Path) -> list[tuple[str, str]]:
    pairs = []
    for line in path.read_text("utf-8").splitlines():
        fields = line.split("\t")
        if len(fields) >= 2:
            pairs.append((fields[0], fields[1].replace(" ", "")))
    return pairs


def load_pools(data: Path, organisations: Path, lang: str, marked: Iterable[Marked]) -> Pools:
    """Collect the names of a language; ``marked`` texts and the table of organisations lend theirs."""
    names = data / "names"
    pools = Pools(lang)
    english = [
        n.strip()
        for n in (names / "wainshine-names/English_Names_Corpus-2W.txt").read_text("utf-8-sig").splitlines()[3:]
    ]
    chinese = _aligned(names / "netranslit/data/wd_chinese.normalized.aligned.tokens")
    kana = _aligned(names / "netranslit/data/wd_katakana.normalized.aligned.tokens")
    foreign = sorted({latin for latin, _ in chinese + kana if latin.isalpha() and 2 < len(latin) < 14})
    first = [n.capitalize() for n in english if n.isalpha() and 2 < len(n) < 11]
    last = [n.capitalize() for n in foreign]
    pools.people["latin"] = (first + last, last)
    if lang == "zh":
        parts = sorted({han for _, han in chinese if 1 < len(han) < 7})
        pools.people["zh-foreign"] = (parts, parts)
        pools.people["zh"] = _chinese_parts(names)
    if lang == "ja":
        parts = sorted({k for _, k in kana if 1 < len(k) < 10})
        pools.people["ja-foreign"] = (parts, parts)
        pools.people["ja"] = _japanese_parts(names)
    seen: dict[str, set[str]] = defaultdict(set)
    for text in marked:
        for start, end, label in text.spans:
            if label in ("PERSON",) or end - start > 40:
                continue
            seen[label].add(text.text[start:end])
    columns = {
        "en": ("name", "en"), "de": ("name", "de"), "fr": ("name", "en"), "zh": ("zh_hans", "zh_hant"), "ja": ("ja",)
    }[lang]  # fmt: skip
    with organisations.open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table, delimiter="\t"):
            for column in columns:
                seen["ORG"].update(form for form in (row.get(column) or "").split("|") if form not in ("", "-"))
    pools.whole = {label: sorted(spans) for label, spans in seen.items()}
    if lang == "zh":
        lines = (names / "zh-company/Company-Shorter-Form-28W.txt").read_text("utf-8-sig").splitlines()[3:]
        pools.firms = [line.strip() for line in lines if 1 < len(line.strip()) < 6]
    elif lang == "ja":
        pools.firms = pools.people["ja"][1] + pools.people["ja-foreign"][1]
    else:
        pools.firms = last
    _add_own(pools, Path(__file__).parent / "names" / f"{lang}.txt")
    return pools


_PARTS = re.compile(r"[ \u3000·•・]")


def _add_own(pools: Pools, path: Path) -> None:
    """Add the names written for this project.

    Lines ``O:`` hold organisations, ``OC:`` halves of such, ``P:`` people, ``F:`` given names and ``L:`` surnames of
    the language, ``G:`` places and ``D:`` dates.
    """
    listed: dict[str, list[str]] = defaultdict(list)
    for line in path.read_text("utf-8").splitlines():
        kind, _, rest = line.partition(": ")
        if kind == "O":
            pools.own += [name for name in rest.split("|") if name.strip()]
        elif kind == "OC":
            heads, _, tails = rest.partition("||")
            pools.composed.append((heads.split("|"), tails.split("|")))
        elif kind in ("F", "L", "G", "D"):
            listed[kind] += rest.split("|")
        elif kind == "P":
            for name in filter(None, (name.strip() for name in rest.split("|"))):
                style = style_of(name, pools.lang)
                native = style in ("zh", "ja") and not _PARTS.search(name)
                at = 1 if style == "zh" else 2
                parts = [name[:at], name[at:]] if native else _PARTS.split(name)
                pools.full.setdefault(style, []).append([part for part in parts if part])
    for kind, label in (("G", "GPE"), ("D", "DATE")):
        pools.whole[label] = sorted({*pools.whole.get(label, ()), *listed[kind]})
    if listed["F"] and listed["L"]:
        # names of the language itself are met as often as all the others of the world
        given, last = pools.people["latin"]
        own_given, own_last = (listed[kind] * (len(last) // len(listed[kind])) for kind in "FL")
        pools.people["latin"] = (given + own_given, last + own_last)


def _chinese_parts(names: Path) -> tuple[list[str], list[str]]:
    surnames: list[str] = []
    with gzip.open(names / "cedict/cedict_1_0_ts_utf-8_mdbg.txt.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            if "/surname " in line:
                surnames.append(line.split(" ")[1])
    common = (
        "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏"
        "程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚"
        "邵万钱严"
    )
    ancient = (names / "wainshine-names/Ancient_Names_Corpus-25W.txt").read_text("utf-8-sig").splitlines()[3:]
    given = sorted({n.strip()[1:] for n in ancient if n.strip()[:1] in common and 2 <= len(n.strip()) <= 3})
    modern = (
        "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红建文辉力飞鑫波斌宇浩凯健俊帆帅旭宁龙"
        "林欢佳阳晨雨欣怡嘉琪梓涵子轩思远志国庆海峰春梅小雪若彤晓东立新永康家豪雅婷"
    )
    double = [a + b for a in modern for b in modern if a != b]
    return given + double * 3 + list(modern) * 20, list(common) * 20 + surnames


def _japanese_parts(names: Path) -> tuple[list[str], list[str]]:
    folder = names / "ja-personal"
    given: set[str] = set()
    for path in sorted(folder.glob("first_name_*.csv")):
        for line in path.read_text("utf-8").splitlines():
            kana, _, *kanji = line.split(",")
            given.update(kanji[:6])
            given.add(kana)
    last = [line.split(",")[0] for line in (folder / "last_name_org.csv").read_text("utf-8").splitlines()]
    return sorted(n for n in given if 0 < len(n) < 4), last


def style_of(name: str, lang: str) -> str:
    """Say in which style a person's name is written."""
    if _LATIN.search(name) or lang in SPACED:
        return "latin"
    if lang == "ja":
        return "ja-foreign" if _KANA.search(name) else "ja"
    return "zh-foreign" if "·" in name or "•" in name or len(name) > 3 else "zh"


_JOINT = {"latin": " ", "zh": "", "ja": "", "zh-foreign": "·", "ja-foreign": "・"}
_STYLES = {
    "en": ("latin",), "de": ("latin",), "fr": ("latin",), "zh": ("zh", "zh", "zh-foreign", "zh-foreign", "latin"),
    "ja": ("ja", "ja", "ja-foreign", "ja-foreign", "latin"),
}  # fmt: skip


# how often a surname is a double one
_DOUBLE = {"fr": 0.25}


def _new_person(pools: Pools, style: str, rng: random.Random) -> list[str]:
    if pools.full.get(style) and rng.random() < 0.2:
        return list(rng.choice(pools.full[style]))
    given, last = pools.people[style]
    if style in ("zh", "ja"):
        return [rng.choice(last), rng.choice(given)]
    parts = [rng.choice(given), rng.choice(last)]
    chance = rng.random()
    if style == "latin" and chance < 0.08:
        parts.insert(1, rng.choice("ABCDEFGHJKLMPRSTW") + ".")
    elif style == "latin" and chance < 0.08 + _DOUBLE.get(pools.lang, 0.08):
        parts[-1] = parts[-1] + "-" + rng.choice(last)
    elif style == "latin" and chance < 0.14 + _DOUBLE.get(pools.lang, 0.08):
        parts.insert(1, rng.choice(("van", "de", "von", "bin", "al", "dos", "van der", "Mc", "El")))
    elif chance < 0.2 + _DOUBLE.get(pools.lang, 0.08):
        parts.insert(1, rng.choice(given))
    return parts


def _rename(mentions: Sequence[str], pools: Pools, rng: random.Random) -> dict[str, str]:
    """Invent a new name for each group of mentions that share words with a longer one."""
    renamed: dict[str, str] = {}
    for longest in sorted(set(mentions), key=lambda m: (-len(m), m)):
        if longest in renamed:
            continue
        style = style_of(longest, pools.lang)
        new_style = style if rng.random() < 0.6 else rng.choice(_STYLES[pools.lang])
        parts = _new_person(pools, new_style, rng)
        joint = _JOINT[new_style]
        if joint == "·" and rng.random() < 0.15:
            joint = rng.choice(("•", "・", "‧", ""))
        if joint == "・" and rng.random() < 0.1:
            joint = rng.choice(("＝", "=", "·"))
        if new_style == "ja" and rng.random() < 0.08:
            joint = rng.choice((" ", "　"))
        single = not re.search(r"[ ·•・]", longest) and style in ("latin", "ja-foreign")
        single = single or (style == "zh" and len(longest) == 1) or (style == "ja" and len(longest) < 3)
        single = single or (style == "zh-foreign" and "·" not in longest)
        front = parts[0] if new_style in ("zh", "ja") else parts[-1]
        renamed[longest] = front if single and not (new_style == "zh" and len(longest) > 1) else joint.join(parts)
        for shorter in set(mentions) - set(renamed):
            if longest.endswith(shorter):
                renamed[shorter] = parts[-1]
            elif longest.startswith(shorter):
                renamed[shorter] = parts[0]
            elif shorter.endswith("s") and longest.endswith(shorter[:-1]) and len(shorter) > 3:
                renamed[shorter] = parts[-1] + "s"
            elif shorter in longest:
                renamed[shorter] = parts[-1]
    return renamed


_PLACE_ENDINGS = {
    "en": ("",),
    "de": ("", "", "stadt", "burg"),
    "fr": ("", "", "-sur-Mer", "-le-Vieux", "-les-Bains"),
    "zh": ("", "", "市", "州", "县"),
    "ja": ("", "", "市", "州", "県"),
}
_UNITED = {
    "en": ("United", "City", "Rovers", "Athletic", "Times", "Herald"),
    "de": ("SC", "FC", "SV", "VfB", "TSV", "1. FC"),
    "fr": ("FC", "AS", "RC", "Stade", "Olympique", "Université de", "CHU de", "Opéra de", "Banque de", "Musée de"),
    "zh": ("队", "队", "俱乐部", "时报", "联队"),
    "ja": ("FC", "・ユナイテッド", "・タイムズ", "・シティ", "・アスレチック"),
}


# how often an invented organisation is a bare name: more where rare names are taken for people too easily
_BARE = {"en": 0.2, "de": 0.1, "fr": 0.1, "zh": 0.05, "ja": 0.2}


# how often it is one written for this project
_OWN = {"en": 0.6, "de": 0.6, "fr": 0.6, "zh": 0.35, "ja": 0.6}


def _foreign(pools: Pools, rng: random.Random) -> str:
    style = {"zh": "zh-foreign", "ja": "ja-foreign"}.get(pools.lang, "latin")
    return rng.choice(pools.people[style][1])


def _new_place(pools: Pools, rng: random.Random) -> str:
    return _foreign(pools, rng) + rng.choice(_PLACE_ENDINGS[pools.lang])


def _new_firm(pools: Pools, rng: random.Random) -> str:
    """Invent an organisation: a firm with its ending, a club, or a bare name that could as well be a person's."""
    if pools.own and rng.random() < _OWN[pools.lang]:
        return pools.organisation(rng)
    chance = rng.random()
    east = pools.lang in ("zh", "ja")
    if chance < _BARE[pools.lang]:
        return _foreign(pools, rng)
    if chance < _BARE[pools.lang] + 0.1:
        ending, core = rng.choice(_UNITED[pools.lang]), _foreign(pools, rng)
        return core + ending if east else f"{ending} {core}" if pools.lang in ("de", "fr") else f"{core} {ending}"
    core = rng.choice(pools.firms)
    ending = rng.choice(_LEGAL[pools.lang])
    if east:
        return ending + core if ending == "株式会社" and rng.random() < 0.5 else core + ending
    if rng.random() < 0.2:
        core += " " + rng.choice(pools.firms)
    return f"{core} {ending}"


_SWAPPED = {"ORG": 0.5, "GPE": 0.35, "TITLE": 0.35, "DATE": 0.15}


def vary(marked: Marked, pools: Pools, rng: random.Random, templates: Templates | None = None) -> Marked:
    """Return the text with some of its names replaced, each name by the same throughout the text."""
    people = [marked.text[s:e] for s, e, label in marked.spans if label == "PERSON"]
    renamed = _rename(people, pools, rng) if people and rng.random() < 0.5 else {}
    others: dict[tuple[str, str], str] = {}
    for start, end, label in marked.spans:
        if label == "PERSON" or (form := marked.text[start:end], label) in others:
            continue
        if rng.random() < _SWAPPED[label] and pools.whole.get(label):
            invented = label in ("ORG", "GPE") and rng.random() < (0.55 if label == "ORG" else 2 * _BARE[pools.lang])
            make = _new_firm if label == "ORG" else _new_place
            if label == "TITLE" and templates and rng.random() < 0.5:
                others[form, label] = templates.post(rng)
                continue
            others[form, label] = make(pools, rng) if invented else rng.choice(pools.whole[label])
    text, spans, gaps, at = "", [], [], 0
    for start, end, label in sorted([*marked.spans, *((s, e, "") for s, e in marked.unknown)]):
        if start < at:
            continue
        text += marked.text[at:start]
        form = marked.text[start:end]
        new = form if not label else renamed.get(form, form) if label == "PERSON" else others.get((form, label), form)
        if label:
            spans.append((len(text), len(text) + len(new), label))
        else:
            gaps.append((len(text), len(text) + len(new)))
        text += new
        at = end
    return replace(marked, text=text + marked.text[at:], spans=tuple(spans), unknown=tuple(gaps))


def roughen(marked: Marked, lang: str, rng: random.Random) -> Marked:
    """Return the text as headlines and careless pages have it; the places of the spans stay as they are."""
    text = marked.text
    chance = rng.random()
    if chance < 0.12 and text and text[-1] in ".。" and all(e < len(text) for _, e, _ in marked.spans):
        return replace(marked, text=text[:-1])
    if lang in SPACED and chance < 0.16:
        upper = text.upper()
        return replace(marked, text=upper) if len(upper) == len(text) else marked
    if lang == "en" and chance < 0.24 and len(text) < 140:
        return replace(marked, text=re.sub(r"\b[a-z](?=[a-z]{2})", lambda m: m.group().upper(), text))
    return marked


_PLACE = re.compile(r"\{([POTGDpf])(l?)(\d?)\}")


@dataclass(frozen=True, slots=True)
class Templates:
    """Sentences with places for names, and the posts that may fill them."""

    sentences: tuple[str, ...]
    posts: tuple[str, ...]
    composed: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]

    def post(self, rng: random.Random) -> str:
        """Return a post of the list, or one made of two halves."""
        if rng.random() < 0.6:
            return rng.choice(self.posts)
        heads, tails = rng.choice(self.composed)
        return rng.choice(heads) + rng.choice(tails)


def read_templates(path: Path) -> Templates:
    """Read a file of sentences with places for names; lines that begin with ``T:`` list posts, with ``C:`` halves."""
    sentences: list[str] = []
    posts: list[str] = []
    composed = []
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("T: "):
            posts += line[3:].split("|")
        elif line.startswith("C: "):
            heads, _, tails = line[3:].partition("||")
            composed.append((tuple(heads.split("|")), tuple(tails.split("|"))))
        elif line and not line.startswith("#"):
            sentences.append(line)
    for line in (path.parent.parent / "names" / path.name).read_text("utf-8").splitlines():
        if line.startswith("T: "):
            posts += line[3:].split("|")
    return Templates(tuple(sentences), tuple(posts), tuple(composed))


def _organisation(pools: Pools, rng: random.Random, *, latin: bool) -> str:
    if not latin:
        return _new_firm(pools, rng) if rng.random() < 0.55 else rng.choice(pools.whole["ORG"])
    words = [rng.choice(pools.people["latin"][1]) for _ in range(rng.choice((1, 1, 2)))]
    if rng.random() < 0.4:
        words.append(rng.choice(_LEGAL["en"]))
    return " ".join(words).upper() if rng.random() < 0.15 and len(words) == 1 else " ".join(words)


def fill_template(templates: Templates, pools: Pools, rng: random.Random) -> Marked:
    """Return one sentence with its places filled; sentences that follow share the names of the first."""
    sentence = rng.choice(templates.sentences)
    while rng.random() < 0.35:
        sentence += rng.choice((" ", "\n") if pools.lang in SPACED else ("", "\n")) + rng.choice(templates.sentences)
    people: dict[str, tuple[list[str], str]] = {}
    values: dict[tuple[str, str, str], str] = {}
    text, spans, at = "", [], 0
    for match in _PLACE.finditer(sentence):
        kind, latin, number = match.groups()
        text += sentence[at : match.start()]
        at = match.end()
        if kind in "Ppf":
            key = latin + number
            if key not in people:
                style = "latin" if latin else rng.choice(_STYLES[pools.lang])
                parts = _new_person(pools, style, rng)
                # news names foreigners by the surname alone more often than not
                bare = style not in ("zh", "ja") and rng.random() < 0.35
                people[key] = (parts[-1:] if bare else parts, style)
            parts, style = people[key]
            native = style in ("zh", "ja")
            single = {"p": parts[0] if native else parts[-1], "f": parts[-1] if native else parts[0]}
            value = single[kind] if kind != "P" else _JOINT[style].join(parts)
            label = "PERSON"
        else:
            label = {"O": "ORG", "T": "TITLE", "G": "GPE", "D": "DATE"}[kind]
            if (kind, latin, number) not in values:
                if kind == "O":
                    values[kind, latin, number] = _organisation(pools, rng, latin=bool(latin))
                elif kind == "T":
                    values[kind, latin, number] = templates.post(rng)
                elif kind == "G" and rng.random() < _BARE[pools.lang]:
                    values[kind, latin, number] = _new_place(pools, rng)
                else:
                    values[kind, latin, number] = rng.choice(pools.whole[label])
            value = values[kind, latin, number]
        spans.append((len(text), len(text) + len(value), label))
        text += value
    return Marked(text + sentence[at:], tuple(spans), "templates")
