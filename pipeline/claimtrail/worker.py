"""What a worker process does: it reads pages, runs the stages over texts, stores texts, and answers with outcomes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from claimtrail.document import Document, State
from claimtrail.engines.base import ModelInfo
from claimtrail.engines.lean import lean_start
from claimtrail.identity.gather import evidence_of
from claimtrail.output.build import document_record, mention_records
from claimtrail.output.lines import line, write_whole
from claimtrail.output.store import Outcome, dumps
from claimtrail.pipeline import Chain, Settings, ours
from claimtrail.pool import WorkError
from claimtrail.reading.read import InputFile, Reader, ReaderOptions, needs_stored_text
from claimtrail.stage import Stage

TEXTS = "texts"

# A chunk is what a worker gets at once: small enough that progress shows and that all workers end together.
_CHUNK_ITEMS = 16
_CHUNK_CHARACTERS = 20_000
_PAGE_CHARACTERS = 4_000

# A text as it was read, or a page, which takes long to read, as it was found.
Item = Document | InputFile
Build = Callable[[Settings], list[Stage]]
Describe = Callable[[Settings], Mapping[str, ModelInfo]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a worker gives back for an item; the seconds by stage of a chunk come with its first item."""

    outcome: Outcome
    seconds: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Order:
    """All that a worker needs to get ready; it must be picklable."""

    settings: Settings
    reading: ReaderOptions
    out: Path
    build: Build
    describe: Describe


def start(order: Order) -> tuple[Callable[[Sequence[Item]], list[Answer]], dict[str, ModelInfo]]:
    """Return what a worker does with a chunk of items, and the models it has."""
    with lean_start(ours(order.settings)):
        chain, reader = Chain(order.build(order.settings)), Reader(order.reading)

    def alone(doc: Document) -> Document:
        try:
            return chain.process([doc])[0]
        except Exception as error:
            return replace(doc, state=State.FAILED, reason=str(error))

    def answer(items: Sequence[Item]) -> list[Answer]:
        chain.seconds.clear()
        before = time.perf_counter()
        docs = [item if isinstance(item, Document) else next(reader.read(item)) for item in items]
        chain.seconds["read"] = time.perf_counter() - before
        try:
            after = chain.process(docs)
        except Exception:
            # One of them is at fault: alone it does not take the others along.
            after = [alone(doc) for doc in docs]
        outcomes = [outcome_of(doc, done, order.out) for doc, done in zip(docs, after, strict=True)]
        return [Answer(outcome, {} if place else dict(chain.seconds)) for place, outcome in enumerate(outcomes)]

    return answer, dict(order.describe(order.settings))


def is_full(chunk: Sequence[Item]) -> bool:
    """Say whether items are enough for a worker to get at once."""
    return len(chunk) >= _CHUNK_ITEMS or sum(map(_weight, chunk)) >= _CHUNK_CHARACTERS


def chunks_of(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Yield items in the chunks that workers get."""
    chunk: list[Item] = []
    for item in items:
        chunk.append(item)
        if is_full(chunk):
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _weight(item: Item) -> int:
    return len(item.text) if isinstance(item, Document) else _PAGE_CHARACTERS


def outcome_of(read: Document, done: Document, out: Path) -> Outcome:
    """Return what a text gave; the text is stored in the output folder if its offsets count in no input file.

    Raises:
        WorkError: the output folder cannot be written to.
    """
    mentions = mention_records(done) if done.state is State.PROCESSED else []
    text_file = _store_text(read, out) if read.text and needs_stored_text(read) else None
    record = document_record(done, mentions=len(mentions), text_file=text_file)
    evidence = evidence_of(done)
    return Outcome(record, tuple(map(line, mentions)), b"" if evidence is None else dumps(evidence))


def lost(item: Item, reason: str, out: Path) -> Outcome:
    """Return the outcome of an item whose worker died."""
    if isinstance(item, InputFile):
        item = Document(doc_id=item.doc_id, text="", sha256="")
    return outcome_of(item, replace(item, state=State.FAILED, reason=reason), out)


def _store_text(doc: Document, out: Path) -> str:
    # Named by content: an id may hold what no file name can.
    name = f"{TEXTS}/{doc.sha256[:32]}.txt"
    path = out / name
    try:
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            write_whole(path, [doc.text.encode()], durable=False)
    except OSError as error:
        raise WorkError(f"{path} cannot be written: {error.strerror or error}") from error
    return name
