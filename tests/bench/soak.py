"""Memory over a long run: short texts, each with names that no other has, in four languages, and the memory after each.

    python -m tests.bench.soak --texts 200000 --engine fake --result tests/bench/soak.json

The memory is the resident set of the main process and of its workers, taken while the run goes on, after every so many
texts. ``--engine fake`` runs everything but the models and the rules (``tests/fakes.py``), ``spacy`` all there is.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests import fakes
from tests.bench.resolving import SYLLABLES

from claimtrail import __version__, runner
from claimtrail.pipeline import model_infos, stages

LATIN, SIMPLIFIED, _, KATAKANA = range(4)
FIRST = 20_000  # texts; most of what is remembered of names, up to a limit, is full by then

MOVES = {
    "en": (
        "{person} leaves {org} in {year}.",
        "{org} said on Tuesday that {person} had been appointed chief executive.",
        "{person}, finance chief of {org}, will resign at the end of May {year}.",
    ),
    "de": (
        "{person} verlässt die {org} AG zum Jahresende {year}.",
        "Die {org} GmbH hat {person} zur neuen Geschäftsführerin berufen.",
        "{person} wechselt im März {year} als Finanzvorstand zur {org} AG.",
    ),
    "zh": (
        "{year}年5月，{person}辞去{org}公司首席执行官职务。",
        "{org}集团宣布，{person}将出任董事长。",
        "据悉，{person}已加入{org}银行，担任首席财务官。",
    ),
    "ja": (
        "{org}は、{person}氏が{year}年3月に社長を辞任したと発表した。",
        "{person}氏が{org}の最高財務責任者に就任する。",
        "{org}の{person}会長は{year}年6月に退任する。",
    ),
}
REST = {
    "en": ("Shares of {org} rose slightly.", "The weather in {place} was mild.", "{person} declined to comment."),
    "de": ("Der Umsatz der {org} stieg leicht.", "In {place} regnete es den ganzen Tag.", "{person} schwieg dazu."),
    "zh": ("{org}的股价小幅上涨。", "{place}当天下了雨。", "{person}没有回应。"),
    "ja": ("{org}の株価は小幅に上昇した。", "{place}では一日中雨が降った。", "{person}氏はコメントしていない。"),
}


def name(random: Random, lang: str, parts: int) -> str:
    """Return a made-up word of some syllables, as the language writes a name from elsewhere."""
    form = {"zh": SIMPLIFIED, "ja": KATAKANA}.get(lang, LATIN)
    word = "".join(random.choice(SYLLABLES)[form] for _ in range(parts))
    return word.title() if form == LATIN else word


def text(number: int) -> tuple[str, str]:
    """Return a text and its language; the number decides all of it."""
    random = Random(number)
    lang = ("en", "de", "zh", "ja")[number % 4]
    gap = {"zh": "·", "ja": "・"}.get(lang, " ")
    words = {
        "person": gap.join((name(random, lang, 2), name(random, lang, 3))),
        "org": name(random, lang, 4),
        "place": name(random, lang, 3),
        "year": str(random.randint(2015, 2026)),
    }
    sentences = [random.choice(MOVES[lang]), *random.sample(REST[lang], 2)]
    return ("" if lang in ("zh", "ja") else " ").join(sentences).format(**words), lang


def fake_text(number: int) -> str:
    """Return a text in which the stage without models finds a move."""
    random = Random(number)
    person = f"{name(random, 'en', 2)} {name(random, 'en', 3)}"
    return f"{person} leaves {name(random, 'en', 4)} in {random.randint(2015, 2026)}. {text(number)[0]}"


def write_texts(path: Path, count: int, fake: bool) -> None:
    """Write texts as records, one a line."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            content = fake_text(number) if fake else text(number)[0]
            file.write(json.dumps({"id": f"text-{number}", "text": content}, ensure_ascii=False) + "\n")


def resident(pid: int) -> float:
    """Return the resident set of a process in MB."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def workers() -> Iterator[int]:
    """Yield the processes that this one has started to work."""
    for thread in Path("/proc/self/task").iterdir():
        for pid in (thread / "children").read_text().split():
            if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes():
                yield int(pid)


@dataclass
class Curve:
    """Rows of texts, seconds, memory of the main process, and the largest memory of a worker (MB)."""

    every: int
    began: float = field(default_factory=time.perf_counter)
    rows: list[tuple[int, float, float, float]] = field(default_factory=list)

    def __call__(self, progress: runner.Progress) -> None:
        if progress.texts % self.every == 0:
            at_work = max((resident(pid) for pid in workers()), default=0.0)
            seconds = round(time.perf_counter() - self.began, 1)
            row = (progress.texts, seconds, round(resident(os.getpid()), 1), round(at_work, 1))
            self.rows.append(row)
            print(*row, flush=True)

    def growth(self, column: int) -> float | None:
        """Return the largest memory after the first texts, divided by what it was then."""
        later = [row[column] for row in self.rows if row[0] >= FIRST]
        return round(max(later) / later[0], 3) if later else None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=200_000)
    parser.add_argument("--engine", choices=("fake", "spacy"), default="spacy")
    parser.add_argument("--every", type=int, default=5_000)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--result", type=Path)
    options = parser.parse_args()
    fake = options.engine == "fake"
    curve = Curve(options.every)
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        write_texts(Path(folder) / "texts.jsonl", options.texts, fake)
        request = runner.Request(paths=(folder,), out=Path(folder) / "out", jobs=options.jobs)
        build, describe = (fakes.build, fakes.describe) if fake else (stages, model_infos)
        summary = runner.run(request, report=curve, build=build, describe=describe)
    found = {
        "command": f"python -m tests.bench.soak --texts {options.texts} --engine {options.engine} --jobs {options.jobs}",
        "version": __version__,
        "python": platform.python_version(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "texts": summary.run.counts["texts"],
        "mentions": summary.run.counts["mentions"],
        "claims": summary.run.counts["claims"],
        "columns": ["texts", "seconds", "main_mb", "worker_mb"],
        "rows": curve.rows,
        f"growth_of_main_after_{FIRST}": curve.growth(2),
        f"growth_of_worker_after_{FIRST}": curve.growth(3),
        "peak_of_main_with_resolving_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3, 1),
    }
    print(json.dumps({name: value for name, value in found.items() if name != "rows"}, indent=1))
    if options.result is not None:
        known = json.loads(options.result.read_text("utf-8")) if options.result.is_file() else {}
        rows = json.dumps(found, ensure_ascii=False)
        known[options.engine] = json.loads(rows)
        lines = (f" {json.dumps(key)}: {json.dumps(known[key])}" for key in sorted(known))
        options.result.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
