"""What all exports share: where claims come from, whole files, and libraries that may not be there."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import quote

from claimtrail.output.folder import OutputFolder
from claimtrail.records import ClaimRecord

OWN_BASE = "urn:claimtrail:"
"""What the addresses of texts and claims begin with, unless the user says where the texts are."""


class ExportError(ValueError):
    """An export cannot be made; the message says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The claims to export: those of a run that ``keeps`` chooses.

    ``base`` begins the addresses of the texts; ``qids`` maps ids of people and organisations to items of Wikidata.
    """

    folder: OutputFolder
    keeps: Callable[[ClaimRecord], bool]
    base: str = OWN_BASE
    qids: dict[str, str]

    def claims(self) -> Iterator[ClaimRecord]:
        """Yield the claims; they are read anew each time."""
        return (claim for claim in self.folder.claims() if self.keeps(claim))

    def address(self, doc: str) -> str:
        """Return the address of a text."""
        return self.base + quote(doc, safe="/~")


@dataclass(frozen=True, slots=True)
class Written:
    """The files of an export, and what is to be said about them."""

    files: list[Path]
    remarks: list[str]


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give the path of a file to write, which takes its place only if nothing goes wrong."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield partial
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def needed(module: str, form: str) -> Any:
    """Return a library that only some exports need.

    Raises:
        ExportError: it is not installed.
    """
    try:
        return import_module(module)
    except ImportError as error:
        package = module.partition(".")[0]
        raise ExportError(f"--to {form} needs {package}, which is not installed: pip install {package}") from error
