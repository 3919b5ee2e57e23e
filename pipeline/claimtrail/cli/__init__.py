"""The command line: the only package that prints. Each module holds commands; this one makes the tree of them."""

from __future__ import annotations

from typing import Annotated

import typer

from claimtrail import __version__
from claimtrail.cli.checking import verify_command
from claimtrail.cli.doctor import doctor_command
from claimtrail.cli.exporting import export_command
from claimtrail.cli.extracting import extract_command
from claimtrail.cli.models import models_fetch_command, models_list_command
from claimtrail.cli.reporting import report_command
from claimtrail.cli.resolving import resolve_command
from claimtrail.cli.rules import rules_check_command, rules_try_command
from claimtrail.cli.running import run_command
from claimtrail.cli.viewing import diff_command, explain_command, show_command, stats_command

__all__ = ["app", "main"]


def main() -> None:
    """Run the command line."""
    app()


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"claimtrail {__version__}")
        raise typer.Exit


def _common(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and stop.")
    ] = False,
) -> None:
    pass


def _tree() -> typer.Typer:
    """Return the command line with all its commands, in the order of the help."""
    top = typer.Typer(
        name="claimtrail",
        help="Find who left, who joined and whose role changed in news texts, as claims with exact provenance.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="markdown",  # a paragraph of a docstring is filled to the screen's width
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    top.callback()(_common)
    top.command("run")(run_command)
    top.command("extract")(extract_command)
    top.command("resolve")(resolve_command)
    top.command("verify")(verify_command)
    top.command("show")(show_command)
    top.command("explain")(explain_command)
    top.command("stats")(stats_command)
    top.command("diff")(diff_command)
    top.command("export")(export_command)
    top.command("report")(report_command)
    top.command("doctor")(doctor_command)
    rules = typer.Typer(help="Check the rules, and try them on a text.", no_args_is_help=True)
    rules.command("check")(rules_check_command)
    rules.command("try")(rules_try_command)
    top.add_typer(rules, name="rules")
    models = typer.Typer(help="List the language models, and fetch official ones.", no_args_is_help=True)
    models.command("list")(models_list_command)
    models.command("fetch")(models_fetch_command)
    top.add_typer(models, name="models")
    return top


app = _tree()
