"""JSON Schema of the output files, made from the records themselves."""

from __future__ import annotations

import dataclasses
import re
import types
import typing
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Any

import orjson

from claimtrail.records import ClaimRecord, DocumentRecord, Facet, MentionRecord, RunRecord

Schema = dict[str, Any]

RECORDS: dict[str, type[Any]] = {
    "mentions.jsonl": MentionRecord,
    "claims.jsonl": ClaimRecord,
    "documents.jsonl": DocumentRecord,
    "run.json": RunRecord,
}

_SCALARS = {str: "string", int: "integer", float: "number", bool: "boolean", types.NoneType: "null"}


def schema_of(record: type[Any]) -> Schema:
    """Return the schema of a record; of a file of lines, that is the schema of one line."""
    parts: dict[str, Schema] = {}
    _object(record, parts)
    top = parts.pop(record.__name__)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **top} | ({"$defs": parts} if parts else {})


def shipped(file_name: str) -> Schema:
    """Return the schema that ships for an output file, for instance ``claims.jsonl``."""
    return typing.cast(Schema, orjson.loads((folder() / schema_name(file_name)).read_bytes()))


def schema_name(file_name: str) -> str:
    """Return the name of the schema file of an output file."""
    return f"{file_name.partition('.')[0]}.schema.json"


def folder() -> Path:
    """Return the folder of the schema files."""
    return Path(str(resources.files("claimtrail"))) / "output" / "schema"


def files() -> dict[str, bytes]:
    """Return name and content of every schema file as it must be."""
    option = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    return {schema_name(name): orjson.dumps(schema_of(record), option=option) for name, record in RECORDS.items()}


def write() -> None:
    """Write the schema files anew, after a record has changed."""
    for name, content in files().items():
        (folder() / name).write_bytes(content)


def _object(record: Any, parts: dict[str, Schema]) -> None:
    parts[record.__name__] = {}  # takes its place before the records it holds
    hints = _hints(record)
    parts[record.__name__] = {
        "title": record.__name__,
        "description": " ".join((record.__doc__ or "").split()),
        "type": "object",
        "properties": {name: _value(hint, parts) for name, hint in hints.items()},
        "required": list(hints),
        "additionalProperties": False,
    }


def _value(shape: Any, parts: dict[str, Schema]) -> Schema:
    origin, args = typing.get_origin(shape), typing.get_args(shape)
    if origin is Annotated:
        facets = (facet for facet in args[1:] if isinstance(facet, Facet))
        return _value(args[0], parts) | {
            facet.keyword: list(facet.value) if isinstance(facet.value, tuple) else facet.value for facet in facets
        }
    if origin in (types.UnionType, typing.Union):
        return {"anyOf": [_value(arm, parts) for arm in args]}
    if origin is list:
        return {"type": "array", "items": _value(args[0], parts)}
    if origin is dict:
        return {"type": "object", "additionalProperties": _value(args[1], parts)}
    if shape is Any:
        return {}
    if dataclasses.is_dataclass(shape) and isinstance(shape, type):
        if shape.__name__ not in parts:
            _object(shape, parts)
        return {"$ref": f"#/$defs/{shape.__name__}"}
    return {"type": _SCALARS[shape]}


def mismatches(value: Any, record: type[Any]) -> list[str]:
    """Return a line for each place where parsed JSON is not as the schema of the record says; none if it is."""
    return _mismatches(value, record, "")


def _mismatches(value: Any, shape: Any, where: str) -> list[str]:
    origin, args = typing.get_origin(shape), typing.get_args(shape)
    if origin is Annotated:
        found = _mismatches(value, args[0], where)
        facets = (facet for facet in args[1:] if isinstance(facet, Facet))
        return found or [f"{where}: {value!r} breaks {f.keyword} {f.value!r}" for f in facets if not _keeps(value, f)]
    if origin in (types.UnionType, typing.Union):
        tried = [_mismatches(value, arm, where) for arm in args]
        return [] if any(not found for found in tried) else max(tried, key=len)
    if origin is list:
        if not isinstance(value, list):
            return [f"{where}: a list is expected"]
        return [fault for place, item in enumerate(value) for fault in _mismatches(item, args[0], f"{where}[{place}]")]
    if origin is dict:
        if not isinstance(value, dict):
            return [f"{where}: an object is expected"]
        return [fault for name, item in value.items() for fault in _mismatches(item, args[1], f"{where}.{name}")]
    if dataclasses.is_dataclass(shape):
        return _field_mismatches(value, shape, where)
    if shape is Any or _is(value, shape):
        return []
    return [f"{where}: {_SCALARS[shape]} is expected, not {value!r}"]


def _field_mismatches(value: Any, record: Any, where: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{where}: a {record.__name__} is expected"]
    hints = _hints(record)
    found = [f"{where}.{name}: missing" for name in hints if name not in value]
    found += [f"{where}.{name}: unknown" for name in value if name not in hints]
    for name, shape in hints.items():
        if name in value:
            found += _mismatches(value[name], shape, f"{where}.{name}")
    return found


def _is(value: Any, shape: Any) -> bool:
    if isinstance(value, bool):
        return shape is bool
    # In JSON, 1.0 is a whole number as well as 1.
    if shape is int:
        return isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    return isinstance(value, (int, float) if shape is float else shape)


def _keeps(value: Any, facet: Facet) -> bool:
    limit: Any = facet.value
    match facet.keyword:
        case "minimum":
            return bool(value >= limit)
        case "maximum":
            return bool(value <= limit)
        case "minLength":
            return bool(len(value) >= limit)
        case "pattern":
            return re.search(limit, value) is not None
        case "enum":
            return bool(value in limit)
        case "const":
            return bool(value == limit)
        case _:
            raise ValueError(f"no check for {facet.keyword}")


@cache
def _hints(record: Any) -> dict[str, Any]:
    hints = typing.get_type_hints(record, include_extras=True)
    return {field.name: hints[field.name] for field in dataclasses.fields(record)}
