"""Lines in, lines out: each text that comes in on a line is answered before the next one is read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO

import orjson

from claimtrail.document import State
from claimtrail.output.lines import as_line
from claimtrail.reading.encodings import DecodeError, decode
from claimtrail.reading.read import ReaderOptions, bounded_lines
from claimtrail.steps.texts import Reads, Text, TextClaims


@dataclass(frozen=True, slots=True, kw_only=True)
class LineOptions:
    """How lines are read and what is written.

    ``carry`` names fields of the input that each output line repeats under ``input`` (null where the input has none).
    With ``per_text`` there is one output line a text, with all its mentions; otherwise one a mention. With ``plain``
    every line is a text, even if it looks like a record.
    """

    reading: ReaderOptions
    carry: tuple[str, ...] = ()
    per_text: bool = False
    plain: bool = False


@dataclass(frozen=True, slots=True)
class LineAnswer:
    """What a line of input gave: whole lines of output, and a complaint if no claims could be looked for.

    ``failed`` tells a line that is bad from one that is empty or in a language that is not read.
    """

    number: int
    output: bytes
    complaint: str = ""
    failed: bool = False


class _BadLineError(ValueError):
    """A line that holds no text; the message says why."""


def answer_lines(pipeline: Reads, stream: BinaryIO, options: LineOptions) -> Iterator[LineAnswer]:
    """Yield an answer for each line of a stream, in order, except for blank ones.

    The first line that is not blank tells what all are: records, if it begins with ``{``, or else plain texts. Of a
    text without an id, the hash of its characters is the id.
    """
    records = None if not options.plain else False
    for number, content, size in bounded_lines(stream, options.reading.max_bytes):
        stripped = content.removeprefix(b"\xef\xbb\xbf").strip() if number == 1 else content.strip()
        if not stripped:
            continue
        if records is None:
            records = stripped.startswith(b"{")
        try:
            if size > options.reading.max_bytes:
                raise _BadLineError(f"the line is too large: {size:,} bytes")
            text = _text(stripped, options.reading, record=records)
        except _BadLineError as error:
            yield LineAnswer(number, _bad(str(error)) if options.per_text else b"", str(error), failed=True)
            continue
        found = next(iter(pipeline.pipe([text])))
        complaint = "" if found.state is State.PROCESSED else _complaint(found)
        yield LineAnswer(number, _output(found, options), complaint, failed=found.state is State.FAILED)


def _text(content: bytes, options: ReaderOptions, *, record: bool) -> Text:
    try:
        decoded = decode(content).text
    except DecodeError as error:
        raise _BadLineError(str(error)) from error
    if not record:
        return Text(text=decoded, date=options.date)
    try:
        fields = orjson.loads(decoded)
    except orjson.JSONDecodeError as error:
        raise _BadLineError(f"not JSON ({error})") from error
    if not isinstance(fields, dict):
        raise _BadLineError("a JSON object is expected, as on the first line")
    text, given, day = (fields.get(name) for name in (options.text_field, options.id_field, options.date_field))
    if not isinstance(text, str):
        raise _BadLineError(f"the text field {options.text_field!r} is {'missing' if text is None else 'no string'}")
    named = str(given).strip() if isinstance(given, str | int) and not isinstance(given, bool) else ""
    return Text(text=text, id=named, date=options.date or day, context=fields)


def _bad(reason: str) -> bytes:
    about: dict[str, Any] = {"doc": None, "state": State.FAILED.value, "reason": reason, "lang": None, "mentions": []}
    return as_line(about) + b"\n"


def _output(found: TextClaims, options: LineOptions) -> bytes:
    fields = found.context or {}
    carried: dict[str, Any] = {"input": {name: fields.get(name) for name in options.carry}} if options.carry else {}
    if options.per_text:
        about = {"doc": found.id, "state": found.state.value, "reason": found.reason, "lang": found.lang or None}
        return as_line(about | {"mentions": found.mentions} | carried) + b"\n"
    if not carried:
        return b"".join(as_line(mention) + b"\n" for mention in found.mentions)
    return b"".join(as_line(asdict(mention) | carried) + b"\n" for mention in found.mentions)


def _complaint(found: TextClaims) -> str:
    if found.state is State.UNSUPPORTED_LANGUAGE:
        return f"{found.reason} is not read"
    return found.reason
