"""Reading the language data: YAML and tables that ship inside the package, checked strictly."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import types
import typing
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

import yaml

T = TypeVar("T")

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# A user's language folder may hold its spaCy pipeline, in a folder of this name.
MODEL = "model"


class DataError(ValueError):
    """A data file is not as it must be; the message names the file and the place in it."""


# Names folders, between the separators of PATH, that hold language data beside those of the package.
FOLDERS = "CLAIMTRAIL_LANG"


def root() -> Path:
    """Return the folder of the package that holds the language data."""
    return Path(str(resources.files("claimtrail"))) / "lang"


def own_folders() -> tuple[Path, ...]:
    """Return the user's folders of language data, which ``CLAIMTRAIL_LANG`` names; their files go before ours.

    The variable is read when the data are first needed; workers of a run inherit it.

    Raises:
        DataError: a folder is not there.
    """
    folders = tuple(Path(name) for name in os.environ.get(FOLDERS, "").split(os.pathsep) if name)
    for folder in folders:
        if not folder.is_dir():
            raise DataError(f"{FOLDERS} names {folder}, which is no folder")
    return folders


def find(*parts: str) -> Path:
    """Return where a file of the language data is (``find("de", "dates.yaml")``): in a user's folder, else in ours.

    A file that is nowhere is returned as a path in the package.
    """
    places = [folder.joinpath(*parts) for folder in (*own_folders(), root())]
    return next((place for place in places if place.is_file()), places[-1])


def find_all(*parts: str) -> list[Path]:
    """Return the files that a pattern finds (``find_all("de", "relations/*.yaml")``), sorted by their names.

    Of files of one name, the user's is taken.
    """
    *folders, pattern = parts
    found: dict[Path, Path] = {}
    for folder in (*own_folders(), root()):
        for path in folder.joinpath(*folders).glob(pattern):
            found.setdefault(path.relative_to(folder), path)
    return [found[name] for name in sorted(found)]


@cache
def languages() -> tuple[str, ...]:
    """Return the codes of the installed languages, ours and the user's: one folder each, sorted."""
    return tuple(sorted(path.parent.name for path in find_all("*/language.yaml")))


def read_yaml(path: Path) -> Any:
    """Parse a YAML file of the data folder.

    Raises:
        DataError: not YAML, not UTF-8, or empty.
    """
    try:
        content = yaml.load(path.read_text("utf-8"), Loader=LOADER)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: {error}") from error
    if content is None:
        raise DataError(f"{path}: the file is empty")
    return content


def read_as(path: Path, shape: type[T]) -> T:
    """Parse a YAML file into a dataclass; unknown and missing keys and wrong types are errors.

    Raises:
        DataError: naming the file and the key.
    """
    value: T = build(read_yaml(path), shape, str(path))
    return value


def build(value: Any, shape: Any, where: str) -> Any:
    """Turn plain YAML data into ``shape``: a dataclass, a list, tuple or dict of shapes, an optional or a scalar.

    Raises:
        DataError: naming ``where`` and the key.
    """
    origin, args = typing.get_origin(shape), typing.get_args(shape)
    if dataclasses.is_dataclass(shape):
        return _build_dataclass(value, shape, where)
    if origin in (list, tuple, frozenset):
        if not isinstance(value, list):
            raise DataError(f"{where}: a list is expected, not {type(value).__name__}")
        if args[0] is str and all(isinstance(item, str) for item in value):
            return origin(value)  # long lists of words: most of what is read
        return origin(build(item, args[0], f"{where}[{index}]") for index, item in enumerate(value))
    if origin is dict:
        if not isinstance(value, dict):
            raise DataError(f"{where}: a mapping is expected, not {type(value).__name__}")
        return {build(k, args[0], f"{where}.{k}"): build(v, args[1], f"{where}.{k}") for k, v in value.items()}
    if origin in (types.UnionType, typing.Union):
        if value is None and type(None) in args:
            return None
        faults = []
        for arm in args:
            if arm is type(None):
                continue
            try:
                return build(value, arm, where)
            except DataError as error:
                faults.append(str(error))
        raise DataError(faults[0])
    if shape is Any:
        return value
    if shape is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, shape) or (shape is int and isinstance(value, bool)):
        raise DataError(f"{where}: {shape.__name__} is expected, not {value!r}")
    return value


@cache
def _hints(shape: type) -> dict[str, Any]:
    return typing.get_type_hints(shape)


def _build_dataclass(value: Any, shape: Any, where: str) -> Any:
    if not isinstance(value, dict):
        raise DataError(f"{where}: a mapping is expected, not {type(value).__name__}")
    fields = {f.name: f for f in dataclasses.fields(shape)}
    hints = _hints(shape)
    named = {str(key).replace("-", "_"): item for key, item in value.items()}
    unknown = sorted(set(named) - set(fields))
    if unknown:
        raise DataError(f"{where}: unknown key {', '.join(unknown)}; known are {', '.join(sorted(fields))}")
    missing = sorted(
        name
        for name, f in fields.items()
        if f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING and name not in named
    )
    if missing:
        raise DataError(f"{where}: {', '.join(missing)} is missing")
    return shape(**{name: build(item, hints[name], f"{where}.{name}") for name, item in named.items()})


@cache
def fingerprint() -> str:
    """Return the SHA-256 of all rules and tables, names and contents, in the order of their paths.

    The user's folders count with all they hold but models, which have hashes of their own.
    """
    digest = hashlib.sha256()
    package = root().parent
    for folder in (package / "identity" / "data", root()):
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    for folder in own_folders():
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            name = path.relative_to(folder)
            if name.parts[1:2] != (MODEL,):
                digest.update(name.as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
