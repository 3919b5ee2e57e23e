"""The commands ``models list`` and ``models fetch``."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from claimtrail.cli.common import SOME_FAILED, complain, console, refuse


def models_list_command() -> None:
    """List the language models that are there, with version, size, licence and scores."""
    from claimtrail.pipeline import all_models  # noqa: PLC0415 - the help shows at once without it

    table = Table("engine", "language", "model", "version", "MB", "licence", "scores", box=None, pad_edge=False)
    for info in all_models():
        scores = ", ".join(f"{name} {value:.3f}" for name, value in info.scores)
        megabytes = f"{info.size_bytes / 1e6:.1f}"
        table.add_row(info.engine, info.lang, info.name, info.version, megabytes, info.licence, scores)
    console().print(table)


def models_fetch_command(
    engine: Annotated[str, typer.Argument(metavar="ENGINE", help="spacy or stanza.")],
    lang: Annotated[str, typer.Argument(metavar="LANG", help="Language code, as de.")],
) -> None:
    """Download the official model of a language. Nothing else of claimtrail ever uses the network."""
    from claimtrail.engines.fetch import FetchError, fetch  # noqa: PLC0415 - the help shows at once without it

    try:
        typer.echo(fetch(engine, lang))
    except ValueError as error:
        refuse(str(error))
    except FetchError as error:
        complain(str(error))
        raise typer.Exit(SOME_FAILED) from None
