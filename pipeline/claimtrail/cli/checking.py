"""The command ``verify``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from claimtrail.cli.common import SOME_FAILED, complain, refuse


def verify_command(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Output folder of a run.")],
    texts: Annotated[
        list[str] | None,
        typer.Option("--texts", "-t", metavar="PATH", help="Folder or file that was run on; may be repeated."),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing if all is right.")] = False,
) -> None:
    """Check a run: every span against its text, every id and reference, the ledger against the folder.

    Exit status: 0 all right; 1 something does not match, each fault on a line; 2 wrong use.
    """
    from claimtrail.verify import VerifyError, verify  # noqa: PLC0415 - the help shows at once without it

    try:
        report = verify(out, texts or [])
    except VerifyError as error:
        refuse(str(error))
    for fault in report.faults:
        typer.echo(fault)
    if report.faults:
        complain(f"{len(report.faults)} faults in {out}")
        raise typer.Exit(SOME_FAILED)
    if not quiet:
        typer.echo(
            f"{out}: all right ({report.documents} texts, {report.mentions} mentions, {report.claims} claims, "
            f"{report.spans} spans checked)"
        )
