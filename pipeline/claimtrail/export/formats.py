"""The formats by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from claimtrail.export import ftm, parquet, sqlite, table_csv, webannotation, wikidata
from claimtrail.export.base import ExportError, Source, Written

FORMATS: Mapping[str, Callable[[Source, Path], Written]] = {
    "csv": table_csv.write,
    "parquet": parquet.write,
    "sqlite": sqlite.write,
    "ftm": ftm.write,
    "webannotation": webannotation.write,
    "wikidata": wikidata.write,
}


def export(source: Source, form: str, folder: Path) -> Written:
    """Write the claims of a source into a folder, made if need be; files of the same names are replaced.

    Raises:
        ExportError: no such format, no such library, or the folder cannot be written to.
        FolderError: the run cannot be read whole; then nothing is written.
    """
    if form not in FORMATS:
        raise ExportError(f"--to {form}: there is {', '.join(FORMATS)}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return FORMATS[form](source, folder)
    except OSError as error:
        raise ExportError(f"{folder} cannot be written to: {error.strerror or error}") from error
