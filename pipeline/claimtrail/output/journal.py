"""The journal of a run: what is done is written down text by text, so that a broken run can go on."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

import orjson

from claimtrail.document import Document
from claimtrail.output.store import Outcome, dumps, revive
from claimtrail.reading.read import InputFile

JOURNAL = ".journal.jsonl"
"""The journal's name in the output folder; it is there while a run is not whole."""

_KIND = "claimtrail journal 2"
_KEY_LENGTH = 64
# How many of many differences a message names.
_NAMED = 5


class JournalError(ValueError):
    """The journal is that of a run over other inputs or with another configuration; the message says what differs."""


def configuration_hash(configuration: dict[str, Any]) -> str:
    """Return the hash of what decides the answer for a text."""
    return hashlib.sha256(_sorted(configuration)).hexdigest()


def _sorted(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS, default=list)


class Journal:
    """A file with the outcome of each finished text, found by everything that was read of the text (``key_of``).

    The first line holds the configuration, the second the inputs; each other line holds a key and an outcome.
    """

    def __init__(
        self, path: Path, configuration: Mapping[str, Any], inputs: Sequence[tuple[str, int | None]] = ()
    ) -> None:
        """Open the journal at ``path``: a new one, or that of a broken run.

        ``inputs`` are the names of the files to read with their sizes in bytes, where they are known.

        Raises:
            JournalError: the run there has another configuration or other inputs.
            OSError: the file cannot be written.
        """
        self._configuration = configuration
        self._inputs = inputs
        self._path = path
        self._places: dict[bytes, int] = {}
        self._known: dict[str, bytes] = {}
        self._file: BinaryIO = path.open("r+b" if path.exists() else "w+b")
        try:
            self._load()
        except JournalError:
            self._file.close()
            raise

    def find(self, key: bytes, doc_id: str) -> Outcome | None:
        """Return the outcome of what has this key, if the broken run had it.

        Raises:
            JournalError: the broken run had another content of this id.
        """
        place = self._places.get(key)
        if place is None:
            if doc_id in self._known:
                raise JournalError(
                    f"{doc_id} has changed since the run in {self._path.parent} was broken off: "
                    "--overwrite starts afresh"
                )
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
        with suppress(OSError):  # of a disk that is full, which has been said by then
            self._file.close()

    def _load(self) -> None:
        title = _sorted({"journal": _KIND, "configuration": self._configuration}) + b"\n"
        inputs = _sorted(self._inputs) + b"\n"
        first, second = self._file.readline(), self._file.readline()
        if first.endswith(b"\n") and first != title:
            raise JournalError(self._other_configuration(first))
        if second.endswith(b"\n") and second != inputs:
            raise JournalError(self._other_inputs(second))
        whole = len(title) + len(inputs)
        if not second.endswith(b"\n"):
            self._file.seek(0)
            self._file.write(title + inputs)
            self._file.truncate()
            self._file.flush()
            return
        for line in self._file:
            if not line.endswith(b"}\n") or line[_KEY_LENGTH : _KEY_LENGTH + 2] != b" {":
                break
            self._places[line[:_KEY_LENGTH]] = whole
            doc_id = orjson.loads(line[_KEY_LENGTH + 1 :])["record"]["doc"]
            self._known[doc_id] = line[:_KEY_LENGTH]
            whole += len(line)
        # A last line that was broken off goes.
        self._file.truncate(whole)

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

    def _other_inputs(self, second: bytes) -> str:
        then, now = dict(orjson.loads(second)), dict(self._inputs)
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
