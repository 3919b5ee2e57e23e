"""JSON Schema of the output files, made from the records themselves."""

from __future__ import annotations

import dataclasses
import types
import typing
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


def _object(record: type[Any], parts: dict[str, Schema]) -> None:
    parts[record.__name__] = {}  # takes its place before the records it holds
    hints = typing.get_type_hints(record, include_extras=True)
    fields = dataclasses.fields(record)
    parts[record.__name__] = {
        "title": record.__name__,
        "description": " ".join((record.__doc__ or "").split()),
        "type": "object",
        "properties": {field.name: _value(hints[field.name], parts) for field in fields},
        "required": [field.name for field in fields],
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
