"""From parsed JSON to records, checked and built in one pass, which is what makes large files quick to read."""

from __future__ import annotations

import dataclasses
import re
import types
import typing
from collections.abc import Callable
from functools import cache
from typing import Annotated, Any, TypeVar

from claimtrail.records import Facet

T = TypeVar("T")
Decode = Callable[[Any], Any]


class DecodeError(ValueError):
    """The JSON is not of the record's form; ``claimtrail.output.schema.mismatches`` says where."""


def decode(value: Any, record: type[T]) -> T:
    """Return parsed JSON as a record; it accepts what ``claimtrail.output.schema.mismatches`` finds no fault with.

    Raises:
        DecodeError: it is not of that form.
    """
    return typing.cast(T, decoder(record)(value))


def _decoder(shape: Any) -> Decode:
    origin, args = typing.get_origin(shape), typing.get_args(shape)
    if origin is Annotated:
        return _limited(decoder(args[0]), [_keeps(facet) for facet in args[1:] if isinstance(facet, Facet)])
    if origin in (types.UnionType, typing.Union):
        return _either([decoder(arm) for arm in args])
    if origin is list:
        return _listed(decoder(args[0]))
    if origin is dict:
        return _mapped(decoder(args[1]))
    if dataclasses.is_dataclass(shape) and isinstance(shape, type):
        return _built(shape)
    return _anything if shape is Any else _scalar(shape)


decoder: Callable[[Any], Decode] = cache(_decoder)
"""The function that checks and builds values of a type of ``claimtrail.records``, made once for each type."""


def _anything(value: Any) -> Any:
    return value


def _scalar(shape: type[Any]) -> Decode:
    def check(value: Any) -> Any:
        if type(value) is shape:
            return value
        # In JSON, 1 and 1.0 are the same number.
        if shape is float and type(value) is int:
            return float(value)
        if shape is int and type(value) is float and value.is_integer():
            return int(value)
        raise DecodeError

    return check


def _limited(inner: Decode, tests: list[Callable[[Any], bool]]) -> Decode:
    def check(value: Any) -> Any:
        made = inner(value)
        for test in tests:
            if not test(made):
                raise DecodeError
        return made

    return check


def _either(arms: list[Decode]) -> Decode:
    # Null is told at once, and is the commonest value of what may be missing.
    null = decoder(types.NoneType)
    others = [arm for arm in arms if arm is not null]

    def check(value: Any) -> Any:
        if value is None and len(others) < len(arms):
            return None
        for arm in others:
            try:
                return arm(value)
            except DecodeError:
                continue
        raise DecodeError

    return check


def _listed(inner: Decode) -> Decode:
    def check(value: Any) -> Any:
        if type(value) is not list:
            raise DecodeError
        return [inner(item) for item in value]

    return check


def _mapped(inner: Decode) -> Decode:
    def check(value: Any) -> Any:
        if type(value) is not dict:
            raise DecodeError
        return {name: inner(item) for name, item in value.items()}

    return check


def _built(record: type[Any]) -> Decode:
    hints = typing.get_type_hints(record, include_extras=True)
    parts = [(field.name, decoder(hints[field.name])) for field in dataclasses.fields(record)]

    def check(value: Any) -> Any:
        if type(value) is not dict or len(value) != len(parts):
            raise DecodeError
        try:
            return record(*[part(value[name]) for name, part in parts])
        except KeyError as error:
            raise DecodeError from error

    return check


def _keeps(facet: Facet) -> Callable[[Any], bool]:
    limit: Any = facet.value
    match facet.keyword:
        case "minimum":
            return lambda value: bool(value >= limit)
        case "maximum":
            return lambda value: bool(value <= limit)
        case "minLength":
            return lambda value: len(value) >= limit
        case "pattern":
            search = re.compile(limit).search
            return lambda value: search(value) is not None
        case "enum":
            known = frozenset(limit)
            return lambda value: value in known
        case "const":
            return lambda value: bool(value == limit)
        case _:
            raise ValueError(f"no check for {facet.keyword}")
