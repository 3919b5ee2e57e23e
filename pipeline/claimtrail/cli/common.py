"""What all commands share: exit statuses, and the ways of saying something."""

from __future__ import annotations

import sys
from typing import NoReturn

import typer
from rich.console import Console

DONE, SOME_FAILED, WRONG_USE, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 130, 141


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


def listed(given: list[str]) -> tuple[str, ...]:
    """Return the values of an option that may be repeated, each with several values between commas."""
    return tuple(value.strip() for group in given for value in group.split(",") if value.strip())


def model_choices(given: list[str]) -> tuple[tuple[str, str], ...]:
    """Return the languages and models of ``--model`` options.

    Raises:
        ValueError: one is not of the form LANG=NAME.
    """
    pairs = []
    for entry in given:
        lang, sign, name = entry.partition("=")
        if not (lang and sign and name):
            raise ValueError(f"--model {entry}: write it as LANG=NAME, for instance de=de_core_news_lg")
        pairs.append((lang, name))
    return tuple(sorted(pairs))
