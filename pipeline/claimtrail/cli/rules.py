"""The commands ``rules check`` and ``rules try``."""

from __future__ import annotations

from typing import Annotated

import typer

from claimtrail.cli.common import SOME_FAILED, complain, refuse


def rules_check_command() -> None:
    """Check all rule files: their form, and that every example fires and no near-miss does.

    Exit status: 0 all right; 1 faults, each on a line with file, line and rule.
    """
    from claimtrail.assertion.check import check_all  # noqa: PLC0415 - the help shows at once without it

    faults = check_all()
    for fault in faults:
        typer.echo(fault)
    if faults:
        complain(f"{len(faults)} faults in the rules")
        raise typer.Exit(SOME_FAILED)
    typer.echo("the rules are all right")


def rules_try_command(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="A sentence or a short text.")],
    lang: Annotated[str, typer.Option("--lang", "-l", metavar="CODE", help="Its language.")],
) -> None:
    """Show what the rules make of a text.

    Shown are tokens, trees, entities, the rules that fired, the nearest that did not, and why.
    """
    from claimtrail.pipeline import SettingsError, as_document  # noqa: PLC0415 - help shows without it
    from claimtrail.rules.explain import explain  # noqa: PLC0415
    from claimtrail.steps.api import Pipeline  # noqa: PLC0415

    try:
        pipeline = Pipeline(languages=[lang])
    except SettingsError as error:
        refuse(str(error))
    (document,) = pipeline.process([as_document(text)])
    if document.reason:
        complain(document.reason)
    for line in explain(document, pipeline.tree):
        typer.echo(line)
