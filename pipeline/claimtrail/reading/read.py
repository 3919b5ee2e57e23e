"""Reading files into documents: every input gives at least one, with a plain reason where it cannot be used."""

from __future__ import annotations

import codecs
import hashlib
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from claimtrail.document import Document, State
from claimtrail.reading.dates import file_date, option_date, record_date, text_date
from claimtrail.reading.encodings import Decoded, DecodeError, decode
from claimtrail.reading.html import declared_encoding, read_article
from claimtrail.reading.ids import UniqueIds
from claimtrail.reading.inputs import STANDARD_INPUT, SUFFIXES, InputError, InputFile, Kind, find_inputs
from claimtrail.reading.parquet import ParquetError, parquet_rows

__all__ = [
    "STANDARD_INPUT",
    "InputError",
    "InputFile",
    "Kind",
    "Reader",
    "ReaderOptions",
    "bounded_lines",
    "find_inputs",
    "needs_stored_text",
]

MAX_BYTES = 10_000_000
_CHANGED = "the file changed while it was read; it can be read again with --overwrite"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderOptions:
    """How to read.

    The ``…_field`` options name fields of ``.jsonl`` records or columns of ``.parquet`` files; ``date`` is an ISO date
    for all texts (``""``: none). ``max_bytes`` bounds one text: a file, or one line of a ``.jsonl`` file.

    Raises:
        ValueError: ``date`` is no date.
    """

    id_field: str = "id"
    text_field: str = "text"
    date_field: str = "date"
    date: str = ""
    max_bytes: int = MAX_BYTES

    def __post_init__(self) -> None:
        """Check the date."""
        if self.date:
            option_date(self.date)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads input files into documents."""

    options: ReaderOptions = field(default_factory=ReaderOptions)

    def read(self, file: InputFile) -> Iterator[Document]:
        """Yield the documents of a file in order: one, or one a record where it holds records; a skipped file none."""
        if file.kind is Kind.SKIPPED:
            return
        if file.kind is Kind.UNREADABLE:
            yield _failed(file.doc_id, "the folder cannot be listed")
            return
        try:
            if file.path is None:
                yield self._whole(file, sys.stdin.buffer.read(self.options.max_bytes + 1))
            elif not file.path.exists():
                yield _failed(file.doc_id, "the file is not there any more")
            elif not file.path.is_file():
                yield _failed(file.doc_id, "not a regular file")
            elif file.kind is Kind.JSONL:
                yield from self._records(file, file.path)
            elif file.kind is Kind.PARQUET:
                yield from self._rows(file, file.path)
            else:
                with file.path.open("rb") as stream:
                    before = _stamp(stream)
                    data = stream.read(self.options.max_bytes + 1)
                    same = _stamp(stream) == before
                if same:
                    yield self._whole(file, data, size=before[0])
                else:
                    yield _failed(file.doc_id, _CHANGED, size=len(data))
        except PermissionError:
            yield _failed(file.doc_id, "no permission to read the file")
        except FileNotFoundError:
            yield _failed(file.doc_id, "the file is not there any more")
        except OSError as error:
            yield _failed(file.doc_id, f"the file cannot be read: {error.strerror or error}")
        except Exception as error:  # a library that fails on one file must not end the run
            yield _failed(file.doc_id, f"the file cannot be read: {type(error).__name__}: {error}")

    def read_all(self, files: Iterable[InputFile]) -> Iterator[Document]:
        """Yield the documents of all files in order."""
        for file in files:
            yield from self.read(file)

    def _whole(self, file: InputFile, data: bytes, *, size: int = 0) -> Document:
        size = max(size, len(data))
        if len(data) > self.options.max_bytes:
            return _failed(file.doc_id, _too_large("the text", size, self.options.max_bytes), size=size)
        if not data:
            return _empty(file.doc_id, "the file is empty")
        is_page = file.kind is Kind.HTML
        try:
            decoded = decode(data, declared=declared_encoding(data) if is_page else "")
        except DecodeError as error:
            return _failed(file.doc_id, str(error), data=data, size=size)
        name = file.path.name if file.path is not None else ""
        if not is_page:
            return self._document(file.doc_id, decoded, size, name=name)
        article = read_article(decoded.text)
        if decoded.text.strip() and not article.text:
            return _empty(file.doc_id, "the page holds no article text", size=size, encoding=decoded.encoding)
        page = Decoded(text=article.text, encoding=decoded.encoding)
        return self._document(file.doc_id, page, size, name=name, dated=article.date)

    def _document(self, doc_id: str, decoded: Decoded, size: int, *, name: str, dated: str = "") -> Document:
        text = decoded.text
        if not text.strip("\ufeff\u200b \t\r\n\f\v\u3000\u00a0") or text.isspace():
            return _empty(doc_id, "nothing but white space", size=size, encoding=decoded.encoding)
        when, origin = self._date(text, name, dated)
        return Document(
            doc_id=doc_id,
            text=text,
            sha256=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
            encoding=decoded.encoding,
            size_bytes=size,
            record_date=when,
            record_date_origin=origin,
        )

    def _date(self, text: str, name: str, dated: str) -> tuple[str, str]:
        if self.options.date:
            return option_date(self.options.date), "option"
        for when, origin in ((dated, "record"), (file_date(name), "file"), (text_date(text), "text")):
            if when:
                return when, origin
        return "", ""

    def _records(self, file: InputFile, path: Path) -> Iterator[Document]:
        ids = UniqueIds()
        count = 0
        with path.open("rb") as stream:
            if stream.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
                reason = "the file is UTF-16 or UTF-32; JSON Lines must be UTF-8"
                yield _failed(file.doc_id, reason, size=path.stat().st_size)
                return
            stream.seek(0)
            before = _stamp(stream)
            for number, line, size in bounded_lines(stream, self.options.max_bytes):
                if size <= self.options.max_bytes and not line.strip():
                    continue
                count += 1
                yield self._record(file, number, line, size, ids)
            if _stamp(stream) != before:
                # What has been read stays: every record is whole in itself.
                yield _failed(ids.take(file.doc_id), f"{_CHANGED}; records may be missing")
                count += 1
        if not count:
            yield _empty(file.doc_id, "the file is empty" if not path.stat().st_size else "nothing but white space")

    def _record(self, file: InputFile, number: int, line: bytes, size: int, ids: UniqueIds) -> Document:
        def at_line(reason: str, encoding: str = "") -> Document:
            doc_id = ids.take(f"{file.doc_id}#{number}")
            return _failed(doc_id, f"line {number}: {reason}", data=line, size=size, encoding=encoding)

        if size > self.options.max_bytes:
            return at_line(_too_large("the line", size, self.options.max_bytes))
        try:
            decoded = decode(line)
        except DecodeError as error:
            return at_line(str(error))
        try:
            record = orjson.loads(decoded.text)
        except orjson.JSONDecodeError as error:
            return at_line(f"not JSON ({error})", decoded.encoding)
        if not isinstance(record, dict):
            return at_line("a JSON object is expected", decoded.encoding)
        fault = self._fault_of(record)
        if fault:
            return at_line(fault, decoded.encoding)
        return self._of_record(file, f"line {number}", number, record, decoded.encoding, size, ids)

    def _rows(self, file: InputFile, path: Path) -> Iterator[Document]:
        options, ids, count = self.options, UniqueIds(), 0
        before = path.stat()
        try:
            for row in parquet_rows(path, (options.id_field, options.text_field, options.date_field)):
                count += 1
                text = row.get(options.text_field)
                size = len(text.encode()) if isinstance(text, str) else 0
                fault = self._fault_of(row)
                if size > options.max_bytes:
                    fault = _too_large("the text", size, options.max_bytes)
                if fault:
                    yield _failed(ids.take(f"{file.doc_id}#{count}"), f"row {count}: {fault}", size=size)
                else:
                    yield self._of_record(file, f"row {count}", count, row, "utf-8", size, ids)
        except ParquetError as error:
            yield _failed(ids.take(file.doc_id), str(error), size=before.st_size)
            return
        after = path.stat()
        if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
            yield _failed(ids.take(file.doc_id), f"{_CHANGED}; rows may be missing")
        elif not count:
            yield _empty(file.doc_id, "the file has no rows", size=before.st_size)

    def _fault_of(self, record: Mapping[str, Any]) -> str:
        """Say what is wrong with the text of a record, ``""`` if nothing is."""
        text = record.get(self.options.text_field)
        if isinstance(text, str):
            return ""
        return f"the text field {self.options.text_field!r} {'is missing' if text is None else 'is no string'}"

    def _of_record(
        self,
        file: InputFile,
        where: str,
        number: int,
        record: Mapping[str, Any],
        encoding: str,
        size: int,
        ids: UniqueIds,
    ) -> Document:
        options = self.options
        given = record.get(options.id_field)
        named = str(given).strip() if isinstance(given, str | int) and not isinstance(given, bool) else ""
        doc_id = ids.take(f"{file.doc_id}#{named or number}")
        text = record[options.text_field]
        if not text:
            return _empty(doc_id, f"{where}: the text field {options.text_field!r} is empty", size=size)
        content = Decoded(text=text, encoding=encoding)
        name = file.path.name if file.path else ""
        return self._document(doc_id, content, size, name=name, dated=record_date(record.get(options.date_field)))


def _stamp(stream: BinaryIO) -> tuple[int, int]:
    """Return size and time of change of an open file."""
    found = os.fstat(stream.fileno())
    return found.st_size, found.st_mtime_ns


def needs_stored_text(document: Document) -> bool:
    """Tell whether the text must be kept beside the output, since its offsets do not refer to the input file itself."""
    if ".jsonl#" in document.doc_id or ".parquet#" in document.doc_id or document.doc_id == STANDARD_INPUT:
        return True
    return SUFFIXES.get(Path(document.doc_id).suffix.lower()) is Kind.HTML


def bounded_lines(stream: BinaryIO, limit: int) -> Iterator[tuple[int, bytes, int]]:
    """Yield number, bytes and length of each line; of a line over the limit only the beginning is kept in memory."""
    number = 0
    while True:
        line = stream.readline(limit + 1)
        if not line:
            return
        number += 1
        size = len(line.rstrip(b"\r\n"))
        if not line.endswith(b"\n"):
            rest = stream.readline(1 << 20)
            while rest:
                size += len(rest.rstrip(b"\r\n"))
                if rest.endswith(b"\n"):
                    break
                rest = stream.readline(1 << 20)
        yield number, line[:limit], size


def _too_large(what: str, size: int, limit: int) -> str:
    return f"{what} is too large: {size:,} bytes, the limit is {limit:,}"


def _failed(doc_id: str, reason: str, *, data: bytes = b"", size: int = 0, encoding: str = "") -> Document:
    return Document(
        doc_id=doc_id,
        text="",
        sha256=hashlib.sha256(data).hexdigest() if data else "",
        state=State.FAILED,
        reason=reason,
        encoding=encoding,
        size_bytes=size,
    )


def _empty(doc_id: str, reason: str, *, size: int = 0, encoding: str = "") -> Document:
    return Document(
        doc_id=doc_id,
        text="",
        sha256=hashlib.sha256(b"").hexdigest(),
        state=State.EMPTY,
        reason=reason,
        encoding=encoding,
        size_bytes=size,
    )
