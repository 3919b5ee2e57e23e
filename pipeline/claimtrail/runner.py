"""A whole run: texts from files through the stages into the output folder, in several processes, resumable."""

from __future__ import annotations

import platform
import shutil
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from claimtrail import __version__, data
from claimtrail.document import Document, State
from claimtrail.engines.base import ModelInfo
from claimtrail.identity.resolve import resolve
from claimtrail.output.build import counts
from claimtrail.output.journal import JOURNAL, Journal, JournalError, key_of
from claimtrail.output.lines import indented, write_lines, write_whole
from claimtrail.output.store import Outcome
from claimtrail.pipeline import Settings, model_infos, stages
from claimtrail.pool import Lost, Pool, StartError
from claimtrail.reading.read import InputError, InputFile, Kind, Reader, ReaderOptions, find_inputs
from claimtrail.records import ClaimRecord, DocumentRecord, RunRecord
from claimtrail.worker import TEXTS, Answer, Build, Describe, Item, Order, lost, outcome_of, start

__all__ = ["FILES", "TEXTS", "Progress", "Request", "StartError", "Summary", "UsageError", "run"]

FILES = ("mentions.jsonl", "claims.jsonl", "documents.jsonl", "run.json")

# A chunk is what a worker gets at once: small enough that progress shows and that all workers end together.
_CHUNK_ITEMS = 16
_CHUNK_CHARACTERS = 20_000
_PAGE_CHARACTERS = 4_000


class UsageError(ValueError):
    """The run cannot start as asked; the message says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to run: inputs, output folder and settings, and the ways of running, which do not change the answer."""

    paths: tuple[str, ...]
    out: Path
    settings: Settings = field(default_factory=Settings)
    reading: ReaderOptions = field(default_factory=ReaderOptions)
    jobs: int = 1
    overwrite: bool = False
    resume: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is, in bytes of input (``total`` is 0 where it cannot be known), texts and mentions."""

    done: int
    total: int
    texts: int
    mentions: int


@dataclass(frozen=True, slots=True)
class Summary:
    """What came out of a run."""

    documents: Sequence[DocumentRecord]
    claims: Sequence[ClaimRecord]
    run: RunRecord


@dataclass(slots=True)
class _Watch:
    """Adds up the progress and tells it."""

    total: int
    report: Callable[[Progress], None] | None
    done: int = 0
    texts: int = 0
    mentions: int = 0

    def tell(self, outcome: Outcome) -> None:
        """Count a text in."""
        self.done += outcome.record.bytes
        self.texts += 1
        self.mentions += outcome.record.mentions
        if self.report is not None:
            self.report(Progress(min(self.done, self.total), self.total, self.texts, self.mentions))


def run(
    request: Request,
    *,
    report: Callable[[Progress], None] | None = None,
    build: Build = stages,
    describe: Describe = model_infos,
) -> Summary:
    """Run the stages over all inputs and write the output files; ``report`` hears of the progress.

    A text that cannot be read or analysed gets its line in the ledger, and the run goes on.

    Raises:
        UsageError: there is nothing to read, the output folder holds another run, or the settings cannot be met.
        StartError: the worker processes cannot get ready.
    """
    started, before = datetime.now(UTC), time.perf_counter()
    seconds: dict[str, float] = defaultdict(float)
    outcomes: list[Outcome] = []
    order = Order(request.settings, request.reading, request.out, build, describe)
    pool: Pool[Item, Answer] = Pool(start, (order,), max(1, request.jobs))
    with pool:
        try:
            inputs = find_inputs(request.paths, exclude=[request.out] if request.out.is_dir() else [])
            _check_folder(request)
            # Only the workers load engines: one of them says which models there are.
            models: dict[str, ModelInfo] = pool.greeting()
            configuration = _configuration(request, models)
            journal = _open_folder(request, configuration)
        except (InputError, JournalError) as error:
            raise UsageError(str(error)) from error
        with journal:
            watch = _Watch(_size(inputs), report)
            for outcome in _outcomes(request, inputs, journal, seconds, pool):
                outcomes.append(outcome)
                watch.tell(outcome)
    resolving = time.perf_counter()
    claims = resolve([outcome.document for outcome in outcomes if outcome.document is not None])
    seconds["resolve"] += time.perf_counter() - resolving
    documents = [outcome.record for outcome in outcomes]
    mentions = [mention for outcome in outcomes for mention in outcome.mentions]
    run_record = RunRecord(
        program="claimtrail",
        version=__version__,
        python=platform.python_version(),
        rules_sha256=data.fingerprint(),
        models={lang: asdict(info) for lang, info in models.items()},
        configuration=journal.configuration,
        options=configuration["options"] | {"jobs": request.jobs},
        inputs=list(request.paths),
        skipped=sum(file.kind is Kind.SKIPPED for file in inputs),
        counts=counts(documents, mentions, claims),
        started=started.isoformat(timespec="seconds"),
        seconds=round(time.perf_counter() - before, 3),
        stage_seconds={name: round(spent, 3) for name, spent in seconds.items()},
    )
    write_lines(request.out / "mentions.jsonl", mentions)
    write_lines(request.out / "claims.jsonl", claims)
    write_lines(request.out / "documents.jsonl", documents)
    write_whole(request.out / "run.json", [indented(run_record)])  # the last: it says that the others are whole
    journal.remove()
    return Summary(documents, claims, run_record)


def _outcomes(
    request: Request,
    inputs: Sequence[InputFile],
    journal: Journal,
    seconds: dict[str, float],
    pool: Pool[Item, Answer],
) -> Iterator[Outcome]:
    """Yield what each text gave, in the order of reading; what the journal holds is not done again."""
    reading: deque[tuple[Item, bytes, Outcome | None]] = deque()

    def chunks() -> Iterator[list[Item]]:
        chunk: list[Item] = []
        for item in _timed(_items(request, inputs), seconds):
            key = key_of(item)
            if isinstance(item, Document) and item.state is not State.PROCESSED:
                known: Outcome | None = outcome_of(item, item, request.out)
            else:
                known = journal.find(key)
            reading.append((item, key, known))
            if known is None:
                chunk.append(item)
            if len(chunk) >= _CHUNK_ITEMS or sum(map(_weight, chunk)) >= _CHUNK_CHARACTERS:
                yield chunk
                chunk = []
        if chunk:
            yield chunk

    def known_next() -> Iterator[Outcome]:
        while reading and (known := reading[0][2]) is not None:
            reading.popleft()
            yield known

    for answers in pool.run(chunks()):
        for answer in answers:
            yield from known_next()
            item, key, _ = reading.popleft()
            if isinstance(answer, Lost):
                outcome = lost(item, answer.reason, request.out)
            else:
                outcome = answer.outcome
                for name, spent in answer.seconds.items():
                    seconds[name] += spent
            journal.add(key, outcome)
            yield outcome
    yield from known_next()


def _items(request: Request, inputs: Sequence[InputFile]) -> Iterator[Item]:
    reader = Reader(request.reading)
    for file in inputs:
        if file.kind is Kind.HTML:
            yield file
        else:
            yield from reader.read(file)


def _weight(item: Item) -> int:
    return len(item.text) if isinstance(item, Document) else _PAGE_CHARACTERS


def _configuration(request: Request, models: Mapping[str, ModelInfo]) -> dict[str, Any]:
    """Return everything that decides the answer for a text, apart from the text."""
    return {
        "version": __version__,
        "rules": data.fingerprint(),
        "models": {lang: asdict(info) for lang, info in models.items()},
        "options": asdict(request.settings) | asdict(request.reading),
    }


def _check_folder(request: Request) -> None:
    """Check that the output folder can be used.

    Raises:
        UsageError: it cannot be made, or holds a run that nobody said what to do with.
    """
    out = request.out
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out} cannot be the output folder: it is a file")
    if request.overwrite or request.resume:
        return
    finished = [name for name in FILES if (out / name).exists()]
    if (out / JOURNAL).exists():
        raise UsageError(f"{out} holds a run that was broken off; --resume continues it, --overwrite starts afresh")
    if finished:
        raise UsageError(f"{out} holds another run ({', '.join(finished)}); --overwrite replaces it")


def _open_folder(request: Request, configuration: dict[str, Any]) -> Journal:
    """Make the output folder ready and return its journal.

    Raises:
        UsageError: the folder cannot be written to.
        JournalError: the broken run in it is of another configuration.
    """
    out = request.out
    try:
        out.mkdir(parents=True, exist_ok=True)
        for part in [part for name in FILES for part in out.glob(f".{name}.*.part")]:
            part.unlink()  # left by a run that was killed while it wrote
        if request.overwrite:
            for name in [*reversed(FILES), JOURNAL]:
                (out / name).unlink(missing_ok=True)
            if (out / TEXTS).is_dir():
                shutil.rmtree(out / TEXTS)
        return Journal(out / JOURNAL, configuration)
    except OSError as error:
        raise UsageError(f"{out} cannot be the output folder: {error.strerror or error}") from error


def _timed(items: Iterator[Item], seconds: dict[str, float]) -> Iterator[Item]:
    while True:
        before = time.perf_counter()
        item = next(items, None)
        seconds["read"] += time.perf_counter() - before
        if item is None:
            return
        yield item


def _size(inputs: Sequence[InputFile]) -> int:
    total = 0
    for file in inputs:
        if file.kind in (Kind.TEXT, Kind.HTML, Kind.JSONL):
            try:
                total += file.path.stat().st_size if file.path is not None else 0
            except OSError:
                continue
    return total
