"""The command ``export``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from claimtrail.cli.common import complain, listed, opened, refuse


def export_command(
    *,
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Output folder of a run.")],
    form: Annotated[
        str, typer.Option("--to", "-t", metavar="FORMAT", help="csv, parquet, sqlite, ftm, webannotation or wikidata.")
    ],
    folder: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", metavar="DIR", help="Folder for the files, made if need be. Default: export in OUT."
        ),
    ] = None,
    status: Annotated[
        list[str] | None,
        typer.Option("--status", "-s", metavar="NAME", help="Only claims of this status; may be repeated."),
    ] = None,
    min_confidence: Annotated[
        float, typer.Option(min=0.0, max=1.0, metavar="X", help="Only claims that are at least as sure as this.")
    ] = 0.0,
    base: Annotated[
        str,
        typer.Option(metavar="IRI", help="What the addresses of the texts begin with, as https://example.org/news/."),
    ] = "",
    qids: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Table with the columns id and qid: items that Wikidata has (wikidata only)."
        ),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Do not name the files.")] = False,
) -> None:
    """Write the claims of a run in the format of other programs; files of the same names are replaced.

    - csv: claims.csv and evidence.csv, which spreadsheets open without harm
    - parquet: the same with types
    - sqlite: one database with full-text search in every language
    - ftm: FollowTheMoney entities, and a statement for each value
    - webannotation: W3C annotations of the texts
    - wikidata: rows of QuickStatements, and a table to look people up with

    Exit status: 0 done; 2 wrong use, a library is missing, or the run cannot be read whole.
    """
    from claimtrail.assertion.cues import STATUSES  # noqa: PLC0415 - the help shows at once without it
    from claimtrail.export.base import OWN_BASE, ExportError, Source  # noqa: PLC0415
    from claimtrail.export.formats import export  # noqa: PLC0415
    from claimtrail.export.wikidata import read_qids  # noqa: PLC0415
    from claimtrail.output.folder import FolderError  # noqa: PLC0415
    from claimtrail.viewing.filters import ClaimFilter  # noqa: PLC0415

    statuses = frozenset(listed(status or []))
    unknown = sorted(statuses - set(STATUSES))
    if unknown:
        refuse(f"--status {unknown[0]}: there is {', '.join(sorted(STATUSES))}")
    if qids is not None and form != "wikidata":
        refuse("--qids is for --to wikidata")
    if base and not base.isascii():
        refuse(f"--base {base}: write what is not ASCII as %XX")
    chosen = ClaimFilter(statuses=statuses, min_confidence=min_confidence)
    run = opened(out)
    try:
        items = read_qids(qids) if qids is not None else {}
        source = Source(folder=run, keeps=chosen.keeps, base=base or OWN_BASE, qids=items)
        written = export(source, form, folder or out / "export")
    except (ExportError, FolderError) as error:
        refuse(str(error))
    for remark in [*run.remarks, *written.remarks]:
        complain(remark)
    if not quiet:
        for path in written.files:
            typer.echo(path)
