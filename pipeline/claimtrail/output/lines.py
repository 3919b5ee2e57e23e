"""Records as lines of JSON, and files that appear whole or not at all."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import orjson
from dataclasses_json import DataClassJsonMixin

from claimtrail.output.decode import DecodeError, decode
from claimtrail.output.schema import mismatches

Record = TypeVar("Record", bound=DataClassJsonMixin)

# JSON allows these in strings as they are, but many readers of lines end a line at them.
_LINE_ENDS = tuple((end.encode(), f"\\u{ord(end):04x}".encode()) for end in "\u0085\u2028\u2029")


class LineError(ValueError):
    """Something in an output file is not the record it must be; ``faults`` has a line for each place."""

    def __init__(self, faults: list[str]) -> None:
        """Join the faults to the message."""
        super().__init__("; ".join(faults))
        self.faults = faults


def line(record: DataClassJsonMixin) -> bytes:
    """Return a record as one line of JSON, UTF-8, without the line's end."""
    return as_line(record)


def as_line(value: Any) -> bytes:
    """Return records, or plain data that holds records, as one line of JSON, UTF-8, without the line's end."""
    return _one_line(orjson.dumps(value))


def plain_line(record: DataClassJsonMixin) -> bytes:
    """Return the same bytes as ``line`` by way of dataclasses-json: slower, and what ``line`` is tested against."""
    return _one_line(record.to_json(ensure_ascii=False, separators=(",", ":")).encode())


def indented(record: DataClassJsonMixin) -> bytes:
    """Return a record as indented JSON, for files that people open."""
    return orjson.dumps(record, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def read_lines(path: Path, shape: type[Record], broken: Callable[[str], None] | None = None) -> Iterator[Record]:
    """Yield the records of a file of JSON lines; ``broken`` is told the faults of a line that is none.

    Raises:
        LineError: a line that is not such a record, and nobody to tell.
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        for number, content in enumerate(file, 1):
            try:
                yield parse(content, shape, f"{path.name}:{number}")
            except LineError as error:
                if broken is None:
                    raise
                broken(str(error))


def parse(content: bytes, shape: type[Record], where: str) -> Record:
    """Return the record that a line or file holds.

    Raises:
        LineError: not JSON, or not as the schema of the record says; ``where`` begins each fault.
    """
    made = _as_we_write(content.removesuffix(b"\n"), shape)
    if made is not None:
        return made
    try:
        value = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise LineError([f"{where}: not JSON: {error}"]) from error
    try:
        return decode(value, shape)
    except DecodeError:
        raise LineError([f"{where}: {fault.removeprefix('.')}" for fault in mismatches(value, shape)]) from None


@cache
def _reader(shape: type[Record]) -> msgspec.json.Decoder[Record]:
    return msgspec.json.Decoder(shape)


_again = msgspec.json.Encoder().encode


def _as_we_write(content: bytes, shape: type[Record]) -> Record | None:
    """Return the record of a line that is spelled just as we write it, which is quick to find out; else None.

    The quick reader passes over unknown fields and fills in missing ones, but then the record is another line.
    """
    try:
        made = _reader(shape).decode(content)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    return made if _again(made) == content else None


def write_whole(path: Path, parts: Iterable[bytes], *, durable: bool = True) -> None:
    """Write a file so that a reader finds the old one or the new one, never a part of it.

    A ``durable`` file is on the disk when this returns, even if the power fails then.
    """
    # Two processes may store one text at the same time.
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with partial.open("wb") as file:
            for part in parts:
                file.write(part)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


WHOLE = ".whole.json"
"""Names the files of a folder that are written and wait for their names; it is there while they get them."""


class Together:
    """Writes several files of a folder so that all of them appear, or none, even if the process is killed.

    The files lie beside the old ones until ``publish`` gives them their names; ``finish`` ends that for a process that
    was killed then.
    """

    def __init__(self, folder: Path) -> None:
        """Begin with no file."""
        self._folder = folder
        self._names: list[str] = []

    def write(self, name: str, parts: Iterable[bytes]) -> str:
        """Write a file and return its SHA-256.

        Raises:
            OSError: it cannot be written.
        """
        found = hashlib.sha256()
        with _waiting(self._folder, name).open("wb") as file:
            for part in parts:
                found.update(part)
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
        self._names.append(name)
        return found.hexdigest()

    def path(self, name: str) -> Path:
        """Return where a file lies until it gets its name."""
        return _waiting(self._folder, name)

    def publish(self) -> None:
        """Give the files their names.

        Raises:
            OSError: they cannot be renamed; ``finish`` may be tried later.
        """
        write_whole(self._folder / WHOLE, [orjson.dumps(self._names)])
        finish(self._folder)


def finish(folder: Path) -> None:
    """Give files that were written together their names, if that was broken off.

    Raises:
        OSError: they cannot be renamed.
    """
    try:
        names = orjson.loads((folder / WHOLE).read_bytes())
    except FileNotFoundError:
        return
    for name in names:
        waiting = _waiting(folder, Path(name).name)
        if waiting.exists():
            waiting.replace(folder / Path(name).name)
    (folder / WHOLE).unlink()


def discard(folder: Path, names: Iterable[str]) -> None:
    """Delete what a process left that was killed while it wrote files of these names.

    Raises:
        OSError: something cannot be deleted.
    """
    for name in names:
        for left in (*folder.glob(f".{name}.*.part"), _waiting(folder, name)):
            left.unlink(missing_ok=True)


def _waiting(folder: Path, name: str) -> Path:
    return folder / f".{name}.next"


def write_lines(path: Path, records: Iterable[DataClassJsonMixin]) -> None:
    """Write records as lines of JSON, whole or not at all."""
    write_whole(path, (line(record) + b"\n" for record in records))


def _one_line(content: bytes) -> bytes:
    if content.isascii():
        return content
    for end, escaped in _LINE_ENDS:
        if end in content:
            content = content.replace(end, escaped)
    return content
