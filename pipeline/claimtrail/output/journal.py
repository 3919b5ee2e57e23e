"""The journal of a run: what is done is written down text by text, so that a broken run can go on."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, NamedTuple, Self

import orjson

from claimtrail.document import Document
from claimtrail.output.lines import line, parse
from claimtrail.output.store import Outcome, dumps
from claimtrail.reading.read import InputFile
from claimtrail.records import DocumentRecord

JOURNAL = ".journal.jsonl"
"""The journal's name in the output folder; it is there while a run is not whole."""

_KIND = "claimtrail journal 3"
# How many of many differences a message names.
_NAMED = 5


class JournalError(ValueError):
    """The journal is that of a run over other inputs or with another configuration; the message says what differs."""


def configuration_hash(configuration: dict[str, Any]) -> str:
    """Return the hash of what decides the answer for a text."""
    return hashlib.sha256(_sorted(configuration)).hexdigest()


def _sorted(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS, default=list)


class Entry(NamedTuple):
    """What a text gave, as lines without their ends: of the ledger, of ``mentions.jsonl``, of the evidence."""

    record: bytes
    mentions: list[bytes]
    evidence: bytes

    @property
    def doc(self) -> str:
        """The id of the text."""
        return str(orjson.loads(self.record)["doc"])


class Journal:
    """A file with what each text gave that a run is done with, in the order of reading.

    The first line holds the configuration, each of the next one input, and an empty line ends them. Then, for each
    text, a line holds its key (``key_of``), the length of the lines that follow and their hash; these are the lines of
    the text as they are written in the end. No text is held in memory.
    """

    def __init__(
        self, path: Path, configuration: Mapping[str, Any], inputs: Iterable[tuple[str, int | None]] = ()
    ) -> None:
        """Open the journal at ``path``: a new one, or that of a broken run.

        ``inputs`` are the names of the files to read with their sizes in bytes, where they are known; they are asked
        for several times.

        Raises:
            JournalError: the run there has another configuration or other inputs.
            OSError: the file cannot be written.
        """
        self._configuration = configuration
        self._inputs = inputs
        self._path = path
        self._file: BinaryIO = path.open("r+b" if path.exists() else "w+b")
        self._count = 0
        try:
            self._first = self._load()
        except JournalError:
            self._file.close()
            raise
        self._done = self._entries()
        self._ahead = next(self._done, None)

    def __len__(self) -> int:
        """Return how many texts the broken run was done with."""
        return self._count

    def passed(self, key: bytes, item: Document | InputFile) -> DocumentRecord | None:
        """Return the ledger's line of a text that the broken run was done with, None of all that come after those.

        Texts are asked for in the order of reading, each once.

        Raises:
            JournalError: the broken run had another text in this place.
        """
        if self._ahead is None:
            return None
        known, entry = self._ahead
        record = parse(entry.record, DocumentRecord, JOURNAL)
        if known != key and not (record.doc == item.doc_id and (record.sha256 is None or _is_unread(item))):
            raise self._changed(item.doc_id)
        self._ahead = next(self._done, None)
        return record

    def passed_over(self, key: bytes) -> None:
        """Pass over a text that is to be left out, whether the broken run was done with it or not."""
        if self._ahead is not None and self._ahead[0] == key:
            self._ahead = next(self._done, None)

    def check_end(self) -> None:
        """Check that all texts have been passed that the broken run was done with.

        Raises:
            JournalError: there is one that the inputs have no more.
        """
        if self._ahead is not None:
            raise self._changed(self._ahead[1].doc)

    def keys(self) -> Iterator[bytes]:
        """Yield the keys of the texts that are done with, in order."""
        for key, _ in self._entries():
            yield key

    def entries(self) -> Iterator[Entry]:
        """Yield what each text gave that is done with, in order."""
        for _, entry in self._entries():
            yield entry

    def add(self, key: bytes, outcome: Outcome) -> None:
        """Write down what the next text gave."""
        block = b"\n".join((line(outcome.record), *outcome.mentions, outcome.evidence, b""))
        self._file.write(b"%s %d %s\n" % (key, len(block), _hash_of(block)) + block)
        self._file.flush()

    def remove(self) -> None:
        """Delete the journal: the run is whole."""
        self._file.close()
        self._done.close()
        self._path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        """Return the journal itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close the file; it stays where it is."""
        self._done.close()
        with suppress(OSError):  # of a disk that is full, which has been said by then
            self._file.close()

    def _load(self) -> int:
        """Return where the texts begin."""
        title = _sorted({"journal": _KIND, "configuration": self._configuration}) + b"\n"
        first = self._file.readline()
        if first.endswith(b"\n") and first != title:
            raise JournalError(self._other_configuration(first))
        same = first == title
        for item in self._inputs if same else ():
            same = self._file.readline() == _sorted(item) + b"\n"
            if not same:
                break
        same = same and self._file.readline() == b"\n"
        if not same and first and (difference := self._other_inputs()):
            raise JournalError(difference)
        if not same:
            self._file.seek(0)
            self._file.write(title)
            self._file.writelines(_sorted(item) + b"\n" for item in self._inputs)
            self._file.write(b"\n")
            self._file.truncate()
            self._file.flush()
        begin = whole = self._file.tell()
        for _, size in _blocks(self._file):
            whole += size
            self._count += 1
        # What was broken off in the middle goes.
        self._file.seek(whole)
        self._file.truncate()
        return begin

    def _entries(self) -> Generator[tuple[bytes, Entry], None, None]:
        with self._path.open("rb") as file:
            file.seek(self._first)
            for (key, block), _ in _blocks(file):
                record, *mentions, evidence = block[:-1].split(b"\n")
                yield key, Entry(record, mentions, evidence)

    def _changed(self, doc_id: str) -> JournalError:
        return JournalError(
            f"{doc_id} has changed since the run in {self._path.parent} was broken off: --overwrite starts afresh"
        )

    def _other_configuration(self, first: bytes) -> str:
        try:
            then = orjson.loads(first)["configuration"]
            differences = differing(then, orjson.loads(_sorted(self._configuration)))
        except (ValueError, TypeError, KeyError):
            differences = ["it was written by another version of claimtrail"]
        return (
            f"{self._path.parent} holds a run that was broken off under another configuration: "
            f"{'; '.join(differences)}. --overwrite starts afresh"
        )

    def _other_inputs(self) -> str:
        """Say what differs, nothing if the list of the inputs was broken off."""
        self._file.seek(0)
        self._file.readline()
        then: dict[str, int | None] = {}
        while (content := self._file.readline()) != b"\n":
            if not content.endswith(b"]\n"):
                return ""
            name, size = orjson.loads(content)
            then[name] = size
        now = dict(self._inputs)
        lists = (
            ("gone", sorted(then.keys() - now.keys())),
            ("new", sorted(now.keys() - then.keys())),
            ("of another size", sorted(name for name in then.keys() & now.keys() if then[name] != now[name])),
        )
        said = [f"{len(names)} {what} ({_some(names)})" for what, names in lists if names]
        return (
            f"{self._path.parent} holds a run over other inputs that was broken off: "
            f"{'; '.join(said) or 'their order is another'}. --overwrite starts afresh"
        )


def _blocks(file: BinaryIO) -> Iterator[tuple[tuple[bytes, bytes], int]]:
    """Yield key and block of each text from here on, with the size of both, up to the first that is not whole."""
    while head := file.readline():
        parts = head.split()
        if not (head.endswith(b"\n") and len(parts) == 3 and parts[1].isdigit()):
            return
        block = file.read(int(parts[1]))
        if len(block) != int(parts[1]) or _hash_of(block) != parts[2]:
            return
        yield (parts[0], block), len(head) + len(block)


def _hash_of(block: bytes) -> bytes:
    return hashlib.blake2b(block, digest_size=8).hexdigest().encode()


def _is_unread(item: Document | InputFile) -> bool:
    return isinstance(item, Document) and not item.sha256


def differing(then: Any, now: Any, where: str = "") -> list[str]:
    """Return what differs between two values of JSON, in words, each with its place."""
    if isinstance(then, dict) and isinstance(now, dict):
        parts = [
            differing(then.get(name), now.get(name), f"{where}.{name}" if where else name)
            for name in sorted({*then, *now})
        ]
        return [difference for part in parts for difference in part]
    return [] if then == now else [f"{where} was {_short(then)} and is {_short(now)}"]


def _short(value: Any) -> str:
    said = "not there" if value is None else orjson.dumps(value).decode()
    return said if len(said) <= 60 else said[:12] + "…" + said[-12:]


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")


def key_of(item: Document | InputFile) -> bytes:
    """Return what a document as read, or a file with its content, is found by."""
    if isinstance(item, Document):
        return hashlib.sha256(dumps(item)).hexdigest().encode()
    try:
        content = item.path.read_bytes() if item.path is not None else b""
    except OSError:
        content = b""
    return hashlib.sha256(item.doc_id.encode() + b"\0" + content).hexdigest().encode()
