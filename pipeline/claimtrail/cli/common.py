"""What all commands share: exit statuses, and the ways of saying something."""

from __future__ import annotations

import sys
from typing import NoReturn

import typer
from rich.console import Console

DONE, SOME_FAILED, WRONG_USE, INTERRUPTED = 0, 1, 2, 130


def console() -> Console:
    """Return where tables are printed."""
    # In a pipe or a file nothing limits the width.
    return Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else 160)


def complain(message: str) -> None:
    """Say on standard error what is wrong."""
    typer.echo(f"claimtrail: {message}", err=True)


def refuse(message: str) -> NoReturn:
    """Say what is wrong and stop as for wrong use."""
    complain(message)
    raise typer.Exit(WRONG_USE)
