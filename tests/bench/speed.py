"""What the program costs beside its language models, Stanza, one process; prints ratios, medians of several rounds.

    python -m tests.bench.speed --texts FOLDER --rounds 5 --result tests/bench/speed.json

``--texts`` holds a folder of ``.txt`` files for each language (``en``, ``de`` …); without it, the seeds are read. All
sides of a comparison are measured in turn in every round, on the same texts, with one thread. What runs in one process
is measured in seconds of the processor, so that a busy machine changes little. Bare models get the sentences that the
program splits, cut into its tokens, through ``nlp.pipe``; the time to cut them is counted. The program gets the texts
by as many as a worker of a run gets at once.
"""

from __future__ import annotations

import argparse
import io
import json
import multiprocessing
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from tests.bench import stanza_size

from claimtrail import __version__, runner
from claimtrail.document import Document, Span, State
from claimtrail.engines.analysis import passages
from claimtrail.engines.base import Passage
from claimtrail.engines.features import load as load_features
from claimtrail.engines.spacy_engine import (
    find_model,
    know_words,
    load_pipeline,
    make_doc,
    pieces_of,
    surroundings_of,
    tags_around,
    tokenizer_for,
)
from claimtrail.output.build import mention_records
from claimtrail.output.lines import line, parse
from claimtrail.pipeline import Chain, Settings, stages
from claimtrail.reading.read import Reader, find_inputs
from claimtrail.records import MentionRecord
from claimtrail.segment.sentences import SentenceSplitter
from claimtrail.segment.stretches import Segmenter

SEEDS = Path(__file__).parents[2] / "seeds"
LANGUAGES = ("en", "de", "zh", "ja")
CHUNK = 16
_FEW = 4  # texts for a pipeline that takes minutes for all
_LOOP_SECONDS = 10
# What the figures should be: at most, or at least.
AIMS = {
    "whole_to_bare": ("at most", 1.25),
    "faster_than_stanza": ("at least", 5.0),
    "four_processes_to_one": ("at least", 3.2),
    "first_claim_seconds": ("at most", 2.0),
    "help_seconds": ("at most", 0.3),
    "records_written_per_second": ("at least", 100_000),
    "records_read_per_second": ("at least", 100_000),
}


def files_of(texts: Path | None, lang: str) -> list[Path]:
    return sorted((texts / lang).glob("*.txt")) if texts else sorted(SEEDS.glob(f"{lang}_*.txt"))


def timed(call: Callable[[], object]) -> float:
    before = time.process_time()
    call()
    return time.process_time() - before


def passages_of(documents: Sequence[Document]) -> dict[str, list[Passage]]:
    """Return what the engine gets, by language."""
    found: dict[str, list[Passage]] = {}
    for document in documents:
        for group in passages(document):
            base = group[0].start
            spans = tuple(Span(s.start - base, s.end - base) for s in group)
            passage = Passage(document.text[base : group[-1].end], spans)
            found.setdefault(group[0].lang, []).append(passage)
    return found


def bare(lang: str) -> Callable[[Sequence[Passage]], int]:
    """Return a function that runs the models of a language alone, and counts tokens."""
    folder = find_model(lang)
    assert folder is not None
    nlp, features, tokenise = load_pipeline(folder), load_features(folder / "features.npz"), tokenizer_for(lang)
    know_words(nlp, features)
    surroundings = surroundings_of(lang)

    def run(given: Sequence[Passage]) -> int:
        cut = [pieces_of(passage, tokenise) for passage in given]
        tags = tags_around(surroundings, cut)
        docs = (make_doc(nlp.vocab, pieces, features, around) for pieces, around in zip(cut, tags, strict=True))
        return sum(len(doc) for doc in nlp.pipe(docs))

    return run


def measure_language(lang: str, files: Sequence[Path], rounds: int, with_stanza: bool) -> dict[str, Any]:
    chain, reader = Chain(stages(Settings())), Reader()
    inputs = find_inputs(files)

    def whole() -> None:
        for first in range(0, len(inputs), CHUNK):
            for document in chain.process(list(reader.read_all(inputs[first : first + CHUNK]))):
                for record in mention_records(document):
                    line(record)

    prepared = Chain([Segmenter(LANGUAGES), SentenceSplitter()]).process(list(reader.read_all(inputs)))
    given = passages_of([document for document in prepared if document.state is State.PROCESSED])
    models = {code: bare(code) for code in given}
    sides: dict[str, Callable[[], object]] = {
        "whole": whole,
        "bare": lambda: [models[code](found) for code, found in given.items()],
    }
    if with_stanza:
        from claimtrail.engines.stanza_engine import StanzaEngine  # noqa: PLC0415 - an extra

        stanza = StanzaEngine()
        sides["our small stanza"] = lambda: [stanza.analyse(found, code) for code, found in given.items()]
    for side in sides.values():
        side()
    chain.seconds.clear()
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, side in sides.items():
            seconds[name].append(timed(side))
    median = {name: statistics.median(found) for name, found in seconds.items()}
    tokens = sum(models[code](found) for code, found in given.items())
    rates = {name: tokens / found for name, found in median.items()}
    if with_stanza:
        rates["stanza of the official size"] = stanza_rate(lang, prepared)
    spent = sum(chain.seconds.values())
    return {
        "texts": len(files),
        "tokens": tokens,
        "tokens_per_second": {name: round(rate) for name, rate in rates.items()},
        "whole_to_bare": round(median["whole"] / median["bare"], 2),
        "faster_than_stanza": round(rates["whole"] / rates["stanza of the official size"], 1) if with_stanza else None,
        "shares_of_stages": {name: round(found / spent, 3) for name, found in chain.seconds.items()},
    }


def stanza_rate(lang: str, prepared: Sequence[Document]) -> float:
    """Return how many of our tokens a second Stanza's own pipeline reads with models of the official size."""
    documents = [document for document in prepared if document.state is State.PROCESSED][:_FEW]
    with tempfile.TemporaryDirectory(prefix="speed-") as folder:
        analysed = Chain(stages(Settings())[:3]).process(documents)
        stanza = stanza_size.pipeline(lang, stanza_size.make(lang, analysed, Path(folder)))
        texts = [document.text for document in documents]
        stanza(texts[:1])
        seconds = timed(lambda: stanza(texts))
    return sum(len(document.tokens) for document in analysed) / seconds


def _loop(barrier: Barrier, answers: SimpleQueue[float], files: Sequence[Path]) -> None:
    prepared = Chain([Segmenter(LANGUAGES), SentenceSplitter()]).process(list(Reader().read_all(find_inputs(files))))
    given, model = passages_of(prepared)["en"], bare("en")
    model(given)
    barrier.wait()
    tokens, end = 0, time.perf_counter() + _LOOP_SECONDS
    while time.perf_counter() < end:
        tokens += model(given)
    answers.put(tokens / _LOOP_SECONDS)


def measure_machine(files: Sequence[Path]) -> float:
    """Return how many times the work of one process four do on this machine that have nothing to do with each other."""
    context = multiprocessing.get_context("spawn")
    rates = []
    for count in (1, 4):
        barrier, answers = context.Barrier(count), context.SimpleQueue()
        workers = [context.Process(target=_loop, args=(barrier, answers, files)) for _ in range(count)]
        for worker in workers:
            worker.start()
        rates.append(sum(answers.get() for _ in workers))
        for worker in workers:
            worker.join()
    return round(rates[1] / rates[0], 2)


def measure_processes(files: Sequence[Path], rounds: int, copies: int) -> dict[str, Any]:
    """Compare 1 and 4 processes over copies of the texts; the start of the workers counts."""
    folder = Path(tempfile.mkdtemp(prefix="speed-"))
    for number in range(copies):
        (folder / "in" / str(number)).mkdir(parents=True)
        for file in files:
            shutil.copy(file, folder / "in" / str(number) / f"{file.parent.name}_{file.name}")
    seconds: dict[int, list[float]] = {1: [], 4: []}
    work: dict[int, list[float]] = {1: [], 4: []}
    for _ in range(rounds):
        for jobs, found in seconds.items():
            request = runner.Request(paths=(str(folder / "in"),), out=folder / "out", jobs=jobs, overwrite=True)
            before, worked = time.perf_counter(), spent_by_children()
            runner.run(request)
            found.append(time.perf_counter() - before)
            work[jobs].append(spent_by_children() - worked)
    shutil.rmtree(folder)
    one, four = (statistics.median(found) for found in seconds.values())
    lone, shared = (statistics.median(found) for found in work.values())
    return {
        "texts": copies * len(files),
        "texts_per_second": {"1": round(copies * len(files) / one, 1), "4": round(copies * len(files) / four, 1)},
        "four_processes_to_one": round(one / four, 2),
        # what four processes would be to one if every one of them had a core of its own
        "four_processes_to_one_by_work": round(4 * lone / shared, 2),
    }


def spent_by_children() -> float:
    """Return the processor's seconds of the processes that this one has started and that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def measure_start(rounds: int) -> dict[str, float]:
    """Measure help and the first claim, with the program compiled, as pip leaves it, whatever holds for this process.

    The claim counts from the start of the process until its line can be read; that process ends when it has cleared up.
    """
    text = b'{"text": "Anna Kern is leaving Nordwerk AG."}\n'
    commands = {"help": ["--help"], "first_claim": ["extract", "--lang", "en"]}
    code = "from claimtrail.cli import main; main()"
    found: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as compiled:
        own = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        own["PYTHONPYCACHEPREFIX"] = compiled
        for number in range(rounds + 1):
            for name, arguments in commands.items():
                before, worked = time.perf_counter(), spent_by_children()
                call = [sys.executable, "-c", code, *arguments]
                with subprocess.Popen(call, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=own) as process:
                    assert process.stdin is not None
                    assert process.stdout is not None
                    process.stdin.write(text)
                    process.stdin.close()
                    assert process.stdout.readline()
                    answered = time.perf_counter() - before
                    process.stdout.read()
                assert process.returncode == 0
                if number:  # the round before compiles
                    found.setdefault(f"{name}_seconds", []).append(answered)
                    found.setdefault(f"{name}_seconds_to_the_end", []).append(time.perf_counter() - before)
                    found.setdefault(f"{name}_seconds_of_the_processor", []).append(spent_by_children() - worked)
    return {name: round(statistics.median(seconds), 2) for name, seconds in found.items()}


def measure_records(files: Sequence[Path], rounds: int) -> dict[str, int]:
    chain = Chain(stages(Settings()))
    documents = chain.process(list(Reader().read_all(find_inputs(files))))
    records = [record for document in documents for record in mention_records(document)]
    records *= 5000 // len(records) + 1
    lines = [line(record) for record in records]
    written, read = [], []
    for _ in range(rounds):
        out = io.BytesIO()
        written.append(timed(lambda: out.writelines(map(line, records))))  # noqa: B023 - called at once
        # one after the other, as files are read: what becomes of the records costs the reader who keeps them
        read.append(timed(lambda: deque((parse(content, MentionRecord, "") for content in lines), maxlen=0)))
    return {
        "records_written_per_second": round(len(records) / statistics.median(written)),
        "records_read_per_second": round(len(records) / statistics.median(read)),
    }


def shown(name: str, value: float | None) -> str:
    if value is None or name not in AIMS:
        return f"{name} {value}"
    word, aim = AIMS[name]
    met = value <= aim if word == "at most" else value >= aim
    return f"{name} {value} ({word} {aim}: {'met' if met else 'NOT met'})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--most", type=int, default=20, help="texts of a language")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--copies", type=int, default=10, help="of the texts, to compare processes on")
    parser.add_argument("--processes-alone", action="store_true", help="only compare one process with four")
    parser.add_argument("--result", type=Path)
    options = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"
    with_stanza = find_spec("stanza") is not None
    if with_stanza:
        import torch  # noqa: PLC0415

        torch.set_num_threads(1)
    result: dict[str, Any] = {
        "command": "python -m tests.bench.speed " + " ".join(sys.argv[1:]),
        "version": __version__,
        "machine": f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores",
        "load_before": [round(load, 1) for load in os.getloadavg()],
        "rounds": options.rounds,
        "languages": {},
    }
    files = {lang: files_of(options.texts, lang)[: options.most] for lang in LANGUAGES}
    everything = [file for found in files.values() for file in found]
    for lang, found in () if options.processes_alone else files.items():
        result["languages"][lang] = measured = measure_language(lang, found, options.rounds, with_stanza)
        print(lang, *(shown(name, value) for name, value in measured.items()), sep="\n  ", flush=True)
    if not options.processes_alone:
        result |= measure_start(options.rounds) | measure_records(everything, options.rounds)
        result["four_bare_models_to_one"] = measure_machine(files["en"])
    result |= measure_processes(everything, max(1, options.rounds // 2), options.copies)
    print(*(shown(name, value) for name, value in result.items() if name in AIMS), sep="\n")
    if options.result is not None:
        options.result.write_text(json.dumps(result, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
