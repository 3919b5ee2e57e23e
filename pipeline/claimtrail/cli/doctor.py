"""The command ``doctor``."""

from __future__ import annotations

import typer
from rich.table import Table

from claimtrail.cli.common import SOME_FAILED, complain, console


def doctor_command() -> None:
    """Say what is installed, whether rules and models are whole and load, and what is wrong.

    Exit status: 0 a run has all that it needs; 1 something is wrong, each fault with what to do. What is missing and
    not needed, as the second engine, is no fault.
    """
    from claimtrail.doctor import Verdict, examine  # noqa: PLC0415 - the help shows at once without it

    table = Table("", "", "", box=None, pad_edge=False, show_header=False)
    wrong = 0
    for finding in examine():
        table.add_row(finding.verdict.value, finding.subject, finding.words)
        wrong += finding.verdict is Verdict.WRONG
    console().print(table)
    if wrong:
        complain(f"{wrong} things are wrong")
        raise typer.Exit(SOME_FAILED)
