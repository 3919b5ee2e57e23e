"""The command ``report``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from claimtrail.cli.common import SOME_FAILED, complain, refuse


def report_command(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Output folder of a run.")],
    target: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="The page to write. Default: OUT/report.html.")
    ] = None,
    texts: Annotated[
        list[str] | None,
        typer.Option(
            "--texts",
            "-t",
            metavar="PATH",
            help="Folder or file that was run on, for the sentences around the evidence; may be repeated. "
            "Default: where the run found them, if they are still there.",
        ),
    ] = None,
    title: Annotated[str, typer.Option(metavar="WORDS", help="Title of the page. Default: the inputs' names.")] = "",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing if all is right.")] = False,
) -> None:
    """Make one page of HTML of a run: its claims with their evidence, moves in time and between organisations.

    The page opens from disk and fetches nothing. Exit status: 0 done; 1 the page is there, but some lines of the run
    could not be read and are left out of it; 2 wrong use.
    """
    from claimtrail.report.page import ReportError, write_report  # noqa: PLC0415 - the help shows at once without it

    place = target if target is not None else out / "report.html"
    try:
        made = write_report(out, place, texts or [], title=title)
    except ReportError as error:
        refuse(str(error))
    for fault in made.faults[:10]:
        complain(fault)
    if len(made.faults) > 10:
        complain(f"and {len(made.faults) - 10} more")
    if not quiet:
        typer.echo(f"{place}: {made.claims} claims from {made.texts} texts, {made.size / 1e6:.1f} MB")
        if made.without_text:
            typer.echo(
                f"{made.without_text} texts were not at hand: of them the page has the sentences with claims alone"
            )
    if made.faults:
        raise typer.Exit(SOME_FAILED)
