"""What all commands share: exit statuses, options, and the ways of saying something."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console

if TYPE_CHECKING:
    from claimtrail.output.folder import OutputFolder

DONE, SOME_FAILED, WRONG_USE, BROKEN_OFF, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 3, 130, 141

# options that several commands take
MinConfidence = Annotated[
    float,
    typer.Option(min=0.0, max=1.0, metavar="X", help="Leave out mentions that are less sure than this; 0 keeps all."),
]
EngineName = Annotated[str, typer.Option(metavar="NAME", help="Language engine: spacy or stanza.")]
ModelNames = Annotated[
    list[str] | None,
    typer.Option(
        metavar="LANG=NAME", help="Use another installed model for a language, as de=de_core_news_lg; may be repeated."
    ),
]
IdField = Annotated[str, typer.Option(metavar="NAME", help="Field of a record with its id.")]
TextField = Annotated[str, typer.Option(metavar="NAME", help="Field of a record with its text.")]
DateField = Annotated[str, typer.Option(metavar="NAME", help="Field of a record with its date.")]

_WIDE = 160


class _Screen(Console):
    """A console that tells of a closed pipe as everything else does, instead of ending the program."""

    def on_broken_pipe(self) -> None:
        """Let whoever prints know."""
        raise BrokenPipeError


def console() -> Console:
    """Return where tables are printed."""
    # In a pipe or a file nothing limits the width, unless the user does.
    known = sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdigit()
    return _Screen(highlight=False, markup=False, emoji=False, width=None if known else _WIDE)


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


@contextmanager
def printing() -> Iterator[None]:
    """Print what a pipe may not want whole: if its reader stops, as ``head`` does, so does the command, silently."""
    if hasattr(sys.stdout, "reconfigure"):
        # A terminal that is not UTF-8 shows what it can.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        # The interpreter flushes once more at its end, which must not fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(PIPE_CLOSED) from None


def opened(path: Path) -> OutputFolder:
    """Return the output folder at a path, or stop as for wrong use."""
    from claimtrail.output.folder import FolderError, open_folder  # noqa: PLC0415 - the help shows at once without it

    try:
        return open_folder(path)
    except FolderError as error:
        refuse(str(error))


class Broken:
    """Says of each broken line where it is, and counts them: the command goes on, and fails in the end."""

    def __init__(self) -> None:
        """Begin without any."""
        self.count = 0

    def __call__(self, fault: str) -> None:
        """Tell of a line."""
        self.count += 1
        complain(f"{fault}; the line is left out")

    def status(self) -> int:
        """Return the exit status of a command that has done all else right."""
        return SOME_FAILED if self.count else DONE
