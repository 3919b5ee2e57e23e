"""The journal of a run: what is done is written down text by text, so that a broken run can go on."""

from __future__ import annotations

import hashlib
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

import orjson

from claimtrail.document import Document
from claimtrail.output.store import Outcome, dumps, revive
from claimtrail.reading.read import InputFile

JOURNAL = ".journal.jsonl"
"""The journal's name in the output folder; it is there while a run is not whole."""

_TITLE = b"claimtrail journal of configuration "
_KEY_LENGTH = 64


class JournalError(ValueError):
    """The journal is that of a run with another configuration."""


def configuration_hash(configuration: dict[str, Any]) -> str:
    """Return the hash of what decides the answer for a text."""
    return hashlib.sha256(orjson.dumps(configuration, option=orjson.OPT_SORT_KEYS)).hexdigest()


class Journal:
    """A file with the outcome of each finished text, found by everything that was read of the text (``key_of``).

    The first line names the configuration; each other line holds a key and an outcome.
    """

    def __init__(self, path: Path, configuration: dict[str, Any]) -> None:
        """Open the journal at ``path``: a new one, or that of a broken run.

        Raises:
            JournalError: the run there has another configuration.
            OSError: the file cannot be written.
        """
        self.configuration = configuration_hash(configuration)
        self._path = path
        self._places: dict[bytes, int] = {}
        self._file: BinaryIO = path.open("r+b" if path.exists() else "w+b")
        try:
            self._load()
        except JournalError:
            self._file.close()
            raise

    def find(self, key: bytes) -> Outcome | None:
        """Return the outcome of what has this key, if the broken run had it."""
        place = self._places.get(key)
        if place is None:
            return None
        self._file.seek(place)
        return revive(orjson.loads(self._file.readline()[_KEY_LENGTH + 1 :]), Outcome)

    def add(self, key: bytes, outcome: Outcome) -> None:
        """Write down an outcome."""
        self._file.seek(0, 2)
        self._file.write(key + b" " + dumps(outcome) + b"\n")
        self._file.flush()

    def remove(self) -> None:
        """Delete the journal: the run is whole."""
        self._file.close()
        self._path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        """Return the journal itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close the file; it stays where it is."""
        self._file.close()

    def _load(self) -> None:
        title = _TITLE + self.configuration.encode() + b"\n"
        first = self._file.readline()
        if first.endswith(b"\n") and first != title:
            raise JournalError(
                f"{self._path.parent} holds a run that was broken off under another configuration (version, rules, "
                "models or options): --overwrite starts afresh"
            )
        whole = len(title)
        if first != title:
            self._file.seek(0)
            self._file.write(title)
        for line in self._file:
            if not line.endswith(b"\n"):
                break
            self._places[line[:_KEY_LENGTH]] = whole
            whole += len(line)
        # A last line that was broken off goes.
        self._file.truncate(whole)


def key_of(item: Document | InputFile) -> bytes:
    """Return what a document as read, or a file with its content, is found by."""
    if isinstance(item, Document):
        return hashlib.sha256(dumps(item)).hexdigest().encode()
    try:
        content = item.path.read_bytes() if item.path is not None else b""
    except OSError:
        content = b""
    return hashlib.sha256(item.doc_id.encode() + b"\0" + content).hexdigest().encode()
