"""Bad input, made from numbers: case ``n`` of a seed is the same file everywhere, so a failure has a name."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from random import Random

SEEDS = Path(__file__).parents[1] / "seeds"

ENCODINGS = (
    *("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1", "gb18030", "big5"),
    *("cp932", "euc_jp", "iso2022_jp", "euc_kr", "koi8-r"),
)
CONTROLS = "".join(map(chr, range(32))) + "\x7f\x80\x85\x9f\u2028\u2029\ufeff\ufffe\uffff"
INVISIBLE = "\u200b\u200c\u200d\u2060\u00ad\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2069\ufeff\u180e"
COMBINING = "".join(map(chr, range(0x300, 0x30C))) + "\u3099\u309a\u20dd\ufe0f\u0e31\u093f"
EMOJI = ("👩‍👩‍👧‍👦", "🏳️‍🌈", "👍🏽", "🇩🇪", "1️⃣", "🧑🏿‍💻", "❤️‍🔥", "🏴󠁧󠁢󠁥󠁮󠁧󠁿")
ASTRAL = "𠮷𡈽𝕬𝓷𝓷𐍈𒀀🂡\U000f0000\U000f0100\U000f1000\U0010ffff"
RIGHT_TO_LEFT = ("غادرت آنا كيرن شركة", "אנה קרן עזבה את", "ترك", "\u202eKern Anna\u202c")
PUNCTUATION = "…—–-.,;:!?¡¿\"'“”„«»‘’()[]{}<>/\\|·•*#@&%§。、，；：？！「」『』（）【】《》〈〉・～￥＄"
LINE_ENDS = ("\n", "\r\n", "\r", "\n\r", "\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\n\n\n", "\r\r\n")
WORDS = (
    *("Anna Kern", "Nordwerk AG", "Dr. Dr. h. c. Bo Lind", "Holm & Sons", "O’Dea-van der Veen", "Kranwerk"),
    *(
        "佐倉真央",
        "蔵前工業",
        "程立秋",
        "岚桥银行",
        "アンナ・ケルン",
        "安娜·克恩",
        "株式会社",
        "有限公司",
        "GmbH & Co. KGaA",
    ),
)
TRIGGERS = (
    *(
        "leaves",
        "joined",
        "resigned as",
        "has been appointed chief executive of",
        "steps down",
        "was named",
        "will not",
    ),
    *("verlässt", "wechselt zu", "tritt zurück", "wird neue Vorstandschefin", "folgt auf", "bestreitet", "soll"),
    *(
        "离开",
        "加入",
        "辞任",
        "出任首席执行官",
        "接替",
        "否认",
        "退社",
        "就任する",
        "辞任した",
        "社長に",
        "移籍",
        "否定した",
    ),
)
DATES = (
    "12. März 2026",
    "2026-02-30",
    "31/31/9999",
    "令和8年3月12日",
    "２０２６年３月",
    "next May",
    "0000-00-00",
    "平成元年",
)


def seed_text(random: Random) -> str:
    """Return one of the texts that come with the program."""
    return random.choice(sorted(SEEDS.glob("*.txt"))).read_text("utf-8")


def sprinkled(random: Random, text: str, what: list[str]) -> str:
    """Return a text with strings put in anywhere."""
    chars = list(text)
    for _ in range(random.choice((1, 5, 50, len(text) // 2 + 1))):
        chars.insert(random.randrange(len(chars) + 1), random.choice(what))
    return "".join(chars)


def random_bytes(random: Random) -> bytes:
    return random.randbytes(random.choice((0, 1, 2, 3, 17, 400, 5000)))


def printable_bytes(random: Random) -> bytes:
    """No control characters: some encoding may explain them."""
    alphabet = random.choice((range(32, 127), range(0xA1, 0xFF), [*range(32, 127), *range(0x81, 0xFD)]))
    return bytes(random.choice(alphabet) for _ in range(random.choice((1, 9, 300, 3000))))


def truncated(random: Random) -> bytes:
    content = seed_text(random).encode(random.choice(ENCODINGS), "replace")
    return content[random.randrange(3) : random.randrange(len(content))]


def mixed_encodings(random: Random) -> bytes:
    parts = [seed_text(random)[:600].encode(random.choice(ENCODINGS), "ignore") for _ in range(random.randint(2, 4))]
    return random.choice((b"\n", b"", b"\0")).join(parts)


def flipped(random: Random) -> bytes:
    """Some bytes of a good text are others."""
    content = bytearray(seed_text(random).encode(random.choice(("utf-8", "utf-8", *ENCODINGS)), "replace"))
    for _ in range(random.choice((1, 2, 20, 200))):
        content[random.randrange(len(content))] = random.randrange(256)
    return bytes(content)


def with_signs(random: Random) -> bytes:
    what = random.choice(
        (list(CONTROLS), list(INVISIBLE), list(COMBINING), list(EMOJI), list(ASTRAL), list(RIGHT_TO_LEFT), ["\0"])
    )
    return sprinkled(random, seed_text(random), what).encode("utf-8", "replace")


def other_line_ends(random: Random) -> bytes:
    text = seed_text(random)
    return "".join(random.choice(LINE_ENDS) if c == "\n" else c for c in sprinkled(random, text, ["\n"])).encode()


def one_line(random: Random) -> bytes:
    words = [seed_text(random).replace("\n", " ") for _ in range(random.choice((2, 8)))]
    return random.choice(("", " ", " ,")).join(words).replace(random.choice(".。!"), random.choice(("", ","))).encode()


def short_lines(random: Random) -> bytes:
    text = seed_text(random)
    return random.choice(LINE_ENDS).join(text * random.choice((1, 1, 3))).encode()


def punctuation(random: Random) -> bytes:
    marks = random.choice((PUNCTUATION, random.choice(PUNCTUATION), "()", "「」", "“”", " .", CONTROLS + " "))
    return "".join(random.choice(marks) for _ in range(random.choice((1, 40, 2000)))).encode()


def word_salad(random: Random) -> bytes:
    """Names, triggers and dates in any order: the words that rules look for."""
    kinds = [WORDS, TRIGGERS, random.choice((DATES, tuple(PUNCTUATION), EMOJI, RIGHT_TO_LEFT, WORDS))]
    gap = random.choice((" ", "", ", ", "\n", " und ", "、", "："))
    return gap.join(random.choice(random.choice(kinds)) for _ in range(random.choice((3, 30, 400)))).encode()


def repeated(random: Random) -> bytes:
    """One thing again and again: what is quadratic shows."""
    unit = random.choice(
        (*WORDS, *TRIGGERS, *DATES, *EMOJI, *RIGHT_TO_LEFT, *PUNCTUATION, "Anna Kern leaves Nordwerk AG")
    )
    return (unit + random.choice(("", " ", ", ", "\n", ". "))).encode() * random.choice((50, 300, 1500))


def shuffled(random: Random) -> bytes:
    text = "\n".join(seed_text(random) for _ in range(random.randint(1, 3)))
    split = random.choice(("\n", ". ", " ", "", "。"))
    parts = text.split(split) if split else list(text)
    random.shuffle(parts)
    return split.join(parts).encode()


def spliced(random: Random) -> bytes:
    """Pieces of texts of several languages, cut anywhere."""
    pieces = []
    for _ in range(random.randint(2, 12)):
        text = seed_text(random)
        start = random.randrange(len(text))
        pieces.append(text[start : start + random.choice((3, 30, 300))])
    return random.choice(("", " ", "\n")).join(pieces).encode()


def other_case(random: Random) -> bytes:
    text = seed_text(random)
    wide = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
    return random.choice((text.upper(), text.lower(), text.swapcase(), text.title(), text.translate(wide))).encode()


def any_characters(random: Random) -> bytes:
    top = random.choice((0x7F, 0xFF, 0x2FFF, 0xFFFF, 0x10FFFF))
    chars = [chr(random.randint(1, top)) for _ in range(random.choice((1, 20, 1000)))]
    return "".join(c for c in chars if not "\ud800" <= c <= "\udfff").encode()


PLAIN: tuple[Callable[[Random], bytes], ...] = (
    *(random_bytes, printable_bytes, truncated, mixed_encodings, flipped, with_signs, other_line_ends, one_line),
    *(short_lines, punctuation, word_salad, repeated, shuffled, spliced, other_case, any_characters),
)


def records(random: Random) -> bytes:
    """Lines of JSON, some of them broken, with escapes that no text may hold."""
    lines = []
    for number in range(random.randint(1, 4)):
        text = random.choice(PLAIN)(random).decode("utf-8", "replace")[:2000]
        lone = random.choice(("\\ud83d", "\\udc00\\ud800", "\\u0000", "\\ufffe", "\\ud83d\\ude00"))
        line = random.choice(
            (
                json.dumps({"id": number, "text": text, "date": random.choice(DATES)}),
                json.dumps({"id": text[:20], "text": text}, ensure_ascii=False),
                f'{{"text": "Anna Kern leaves {lone} Nordwerk AG."}}',
                f'{{"id": "{lone}", "text": "Anna Kern leaves Nordwerk AG."}}',
                json.dumps({"text": text})[: random.randint(1, 60)],
                json.dumps({"id": random.choice((None, [], {}, 1e308, -0, True, "../../x", "a/b\nc")), "text": text}),
                '{"text": 1e999}',
                "[" * 3000,
                '{"text": {"text": ' * 500,
                json.dumps({"text": text, "date": random.choice((0, -1e30, [], "9" * 40, 1e18))}),
                "\0",
                "null",
                text,
            )
        )
        lines.append(line)
    return random.choice(("\n", "\r\n", "\n\n")).join(lines).encode("utf-8", "replace")


def page(random: Random) -> bytes:
    """HTML with text in it, whole or not."""
    text = random.choice(PLAIN)(random).decode("utf-8", "replace")
    paragraphs = "".join(f"<p>{part}</p>" for part in text.split("\n"))
    content = random.choice(
        (
            f"<html><body><article>{paragraphs}</article></body></html>",
            f'<meta charset="{random.choice((*ENCODINGS, "x-none", "", "utf-7", "unicode_escape", "hex"))}">{paragraphs}',
            "<div>" * random.choice((10, 3000)) + paragraphs,
            f"<p>&#{random.choice((0, 55296, 1114112, 128512, 10**12))};&nosuch;&#xD83D; {text}",
            f"<script>{text}</script><style>{text}</style><!-- {text}",
            f"<![CDATA[{text}]]><table><tr><td>{paragraphs}",
            text,
        )
    )
    if random.random() < 0.2:
        content = content[: random.randrange(len(content) + 1)]
    return content.encode(random.choice(("utf-8", "utf-8", *ENCODINGS)), "ignore")


def make_case(seed: int, number: int) -> tuple[str, bytes]:
    """Return name and content of a case: most are plain texts, one in eight records, one in eight pages."""
    random = Random(f"{seed}:{number}")
    chosen = random.randrange(8)
    if chosen == 0:
        return f"{number:07}.records.jsonl", records(random)
    if chosen == 1:
        return f"{number:07}.page.html", page(random)
    kind = random.choice(PLAIN)
    return f"{number:07}.{kind.__name__}.txt", kind(random)


def write_cases(folder: Path, seed: int, numbers: range, cut: int = 0) -> None:
    """Write cases as files, a thousand a folder; with ``cut``, nine in ten end after so many bytes, wherever that is."""
    for number in numbers:
        name, content = make_case(seed, number)
        if cut and number % 10:
            content = content[:cut]
        path = folder / f"{number // 1000:04}" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
