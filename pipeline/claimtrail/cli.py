"""The command line: the only place that prints."""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console
from rich.table import Table
from tqdm import tqdm

from claimtrail import __version__

if TYPE_CHECKING:
    from claimtrail.runner import Summary

DONE, SOME_FAILED, WRONG_USE, INTERRUPTED = 0, 1, 2, 130

app = typer.Typer(
    name="claimtrail",
    help="Find who left, who joined and whose role changed in news texts, as claims with exact provenance.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
rules_app = typer.Typer(help="Check the rules, and try them on a text.", no_args_is_help=True)
models_app = typer.Typer(help="List the language models, and fetch official ones.", no_args_is_help=True)
app.add_typer(rules_app, name="rules")
app.add_typer(models_app, name="models")


def main() -> None:
    """Run the command line."""
    app()


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"claimtrail {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and stop.")
    ] = False,
) -> None:
    pass


@app.command("run")
def run_command(
    *,
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATHS",
            help="Folders (with all below them), files (.txt, .jsonl, .html), or - for standard input.",
        ),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for the output; made if need be.")],
    lang: Annotated[
        list[str] | None,
        typer.Option(
            "--lang",
            "-l",
            metavar="CODE",
            help="Language to read, as en or en,de; may be repeated. Default: all installed.",
        ),
    ] = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, metavar="N", help="Number of worker processes.")] = 1,
    date: Annotated[
        str | None,
        typer.Option(
            metavar="ISO", help="Date of all texts, as 2024-08-06; otherwise taken from record, file name or text."
        ),
    ] = None,
    min_confidence: Annotated[
        float,
        typer.Option(
            min=0.0, max=1.0, metavar="X", help="Leave out mentions that are less sure than this; 0 keeps all."
        ),
    ] = 0.4,
    engine: Annotated[str, typer.Option(metavar="NAME", help="Language engine: spacy or stanza.")] = "spacy",
    model: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LANG=NAME",
            help="Use another installed model for a language, as de=de_core_news_lg; may be repeated.",
        ),
    ] = None,
    id_field: Annotated[str, typer.Option(metavar="NAME", help="Field of a .jsonl record with its id.")] = "id",
    text_field: Annotated[str, typer.Option(metavar="NAME", help="Field of a .jsonl record with its text.")] = "text",
    date_field: Annotated[str, typer.Option(metavar="NAME", help="Field of a .jsonl record with its date.")] = "date",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the run in the output folder.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a run that was broken off.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress and no summary.")] = False,
) -> None:
    """Read texts, find the claims in them, and write mentions.jsonl, claims.jsonl, documents.jsonl and run.json.

    Exit status: 0 done; 1 some texts failed, the rest is written; 2 wrong use.
    """
    from claimtrail import runner  # noqa: PLC0415 - the help shows at once without it
    from claimtrail.pipeline import Settings  # noqa: PLC0415
    from claimtrail.reading.read import ReaderOptions  # noqa: PLC0415

    if overwrite and resume:
        _refuse("--overwrite and --resume exclude each other")
    try:
        request = runner.Request(
            paths=tuple(paths),
            out=out,
            settings=Settings(
                languages=tuple(code.strip() for group in lang or [] for code in group.split(",") if code.strip()),
                engine=engine,
                models=_models(model or []),
                min_confidence=min_confidence,
            ),
            reading=ReaderOptions(id_field=id_field, text_field=text_field, date_field=date_field, date=date or ""),
            jobs=jobs,
            overwrite=overwrite,
            resume=resume,
        )
    except ValueError as error:
        _refuse(str(error))
    with tqdm(unit="B", unit_scale=True, desc="reading", disable=True if quiet else None, leave=False) as bar:

        def report(progress: runner.Progress) -> None:
            bar.total = progress.total or None
            bar.n = progress.done
            bar.set_postfix(texts=progress.texts, mentions=progress.mentions, refresh=False)
            bar.update(0)

        try:
            summary = runner.run(request, report=report)
        except (runner.UsageError, runner.StartError) as error:
            bar.close()
            _refuse(str(error))
        except KeyboardInterrupt:
            bar.close()
            _complain("stopped; the same command with --resume goes on from here")
            raise typer.Exit(INTERRUPTED) from None
    failed = [record for record in summary.documents if record.state == "failed"]
    if not quiet:
        _show_summary(summary, out)
    for record in failed[:10]:
        _complain(f"{record.doc}: {record.reason}")
    if len(failed) > 10:
        _complain(f"and {len(failed) - 10} more; documents.jsonl lists all")
    raise typer.Exit(SOME_FAILED if failed else DONE)


@app.command("verify")
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
        _refuse(str(error))
    for fault in report.faults:
        typer.echo(fault)
    if report.faults:
        _complain(f"{len(report.faults)} faults in {out}")
        raise typer.Exit(SOME_FAILED)
    if not quiet:
        typer.echo(
            f"{out}: all right ({report.documents} texts, {report.mentions} mentions, {report.claims} claims, "
            f"{report.spans} spans checked)"
        )


@rules_app.command("check")
def rules_check_command() -> None:
    """Check all rule files: their form, and that every example fires and no near-miss does.

    Exit status: 0 all right; 1 faults, each on a line with file, line and rule.
    """
    from claimtrail.assertion.check import check_all  # noqa: PLC0415 - the help shows at once without it

    faults = check_all()
    for fault in faults:
        typer.echo(fault)
    if faults:
        _complain(f"{len(faults)} faults in the rules")
        raise typer.Exit(SOME_FAILED)
    typer.echo("the rules are all right")


@rules_app.command("try")
def rules_try_command(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="A sentence or a short text.")],
    lang: Annotated[str, typer.Option("--lang", "-l", metavar="CODE", help="Its language.")],
) -> None:
    """Show what the rules make of a text.

    Shown are tokens, trees, entities, the rules that fired, the nearest that did not, and why.
    """
    from claimtrail.pipeline import Pipeline, SettingsError, as_document  # noqa: PLC0415 - help shows without it
    from claimtrail.rules.explain import explain  # noqa: PLC0415

    try:
        pipeline = Pipeline(languages=[lang])
    except SettingsError as error:
        _refuse(str(error))
    (document,) = pipeline.process([as_document(text)])
    if document.reason:
        _complain(document.reason)
    for line in explain(document):
        typer.echo(line)


@models_app.command("list")
def models_list_command() -> None:
    """List the language models that are there, with version, size, licence and scores."""
    from claimtrail.pipeline import all_models  # noqa: PLC0415 - the help shows at once without it

    table = Table("engine", "language", "model", "version", "MB", "licence", "scores", box=None, pad_edge=False)
    for info in all_models():
        scores = ", ".join(f"{name} {value:.3f}" for name, value in info.scores)
        megabytes = f"{info.size_bytes / 1e6:.1f}"
        table.add_row(info.engine, info.lang, info.name, info.version, megabytes, info.licence, scores)
    _console().print(table)


@models_app.command("fetch")
def models_fetch_command(
    engine: Annotated[str, typer.Argument(metavar="ENGINE", help="spacy or stanza.")],
    lang: Annotated[str, typer.Argument(metavar="LANG", help="Language code, as de.")],
) -> None:
    """Download the official model of a language. Nothing else of claimtrail ever uses the network."""
    from claimtrail.engines.fetch import FetchError, fetch  # noqa: PLC0415 - the help shows at once without it

    try:
        typer.echo(fetch(engine, lang))
    except ValueError as error:
        _refuse(str(error))
    except FetchError as error:
        _complain(str(error))
        raise typer.Exit(SOME_FAILED) from None


def _models(given: list[str]) -> tuple[tuple[str, str], ...]:
    pairs = []
    for entry in given:
        lang, sign, name = entry.partition("=")
        if not (lang and sign and name):
            raise ValueError(f"--model {entry}: write it as LANG=NAME, for instance de=de_core_news_lg")
        pairs.append((lang, name))
    return tuple(sorted(pairs))


def _show_summary(summary: Summary, out: Path) -> None:
    states = sorted({record.state for record in summary.documents})
    texts = Table("texts", *(state.replace("_", " ") for state in states), box=None, pad_edge=False)
    langs = sorted({record.lang or "" for record in summary.documents})
    for lang in langs:
        found = Counter(record.state for record in summary.documents if (record.lang or "") == lang)
        texts.add_row(lang or "-", *(str(found[state] or "") for state in states))
    claims = Table("claims", "", "mentions", box=None, pad_edge=False)
    for relation in sorted({claim.relation for claim in summary.claims}):
        mine = [claim for claim in summary.claims if claim.relation == relation]
        claims.add_row(relation, str(len(mine)), str(sum(len(claim.mentions) for claim in mine)))
    if not summary.claims:
        claims.add_row("none", "", "")
    console = _console()
    console.print(texts)
    console.print()
    console.print(claims)
    console.print()
    if summary.run.counts["left_out"]:
        console.print(f"{summary.run.counts['left_out']} mentions were left out as too unsure (--min-confidence)")
    if summary.run.skipped:
        console.print(f"{summary.run.skipped} files of other types were passed over")
    console.print(f"{summary.run.seconds:.1f} s; the files are in {out}{os.sep}", soft_wrap=True)


def _console() -> Console:
    # In a pipe or a file nothing limits the width.
    return Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else 160)


def _complain(message: str) -> None:
    typer.echo(f"claimtrail: {message}", err=True)


def _refuse(message: str) -> NoReturn:
    _complain(message)
    raise typer.Exit(WRONG_USE)
