"""What a text gave, as JSON and back: a broken run keeps it of its finished texts."""

from __future__ import annotations

import dataclasses
import enum
import types
import typing
from functools import cache
from typing import Any, TypeVar

import orjson

from claimtrail.evidence import Evidence
from claimtrail.records import DocumentRecord, MentionRecord

T = TypeVar("T")


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What a text gave: its line of the ledger, its mentions, and what resolving needs of it."""

    record: DocumentRecord
    mentions: list[MentionRecord]
    evidence: Evidence | None


def dumps(value: Any) -> bytes:
    """Return a dataclass of the document model, or a list or dict of such, as JSON; named tuples become lists."""
    return orjson.dumps(value, default=list)


def revive(value: Any, shape: type[T]) -> T:
    """Return what ``dumps`` was given, as ``shape``.

    Raises:
        TypeError, ValueError, KeyError: the JSON is not of that shape.
    """
    return typing.cast(T, _revive(value, shape))


def _revive(value: Any, shape: Any) -> Any:
    if value is None or shape in (str, int, float, bool, Any):
        return value
    origin, args = typing.get_origin(shape), typing.get_args(shape)
    if origin is list or (origin is tuple and args[-1] is Ellipsis):
        return origin(_revive(item, args[0]) for item in value)
    if origin is dict:
        return {name: _revive(item, args[1]) for name, item in value.items()}
    if origin is tuple:
        return tuple(_revive(item, arm) for item, arm in zip(value, args, strict=True))
    if origin in (types.UnionType, typing.Union):
        (arm,) = (arm for arm in args if arm is not types.NoneType)
        return _revive(value, arm)
    if issubclass(shape, enum.Enum):
        return shape(value)
    hints = _hints(shape)
    make: Any = shape
    if dataclasses.is_dataclass(shape):
        return make(**{name: _revive(item, hints[name]) for name, item in value.items()})
    return make(*(_revive(item, hint) for item, hint in zip(value, hints.values(), strict=True)))


@cache
def _hints(shape: type[Any]) -> dict[str, Any]:
    return typing.get_type_hints(shape)
