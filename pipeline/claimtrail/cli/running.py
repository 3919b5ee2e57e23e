"""The command ``run``."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from tqdm import tqdm

from claimtrail import __version__
from claimtrail.cli.common import (
    BROKEN_OFF,
    DONE,
    INTERRUPTED,
    SOME_FAILED,
    DateField,
    IdField,
    MinConfidence,
    ModelNames,
    TextField,
    complain,
    console,
    listed,
    model_choices,
    refuse,
)
from claimtrail.cli.logging import JsonLog
from claimtrail.cli.resolving import IdentitiesOption, said_of

if TYPE_CHECKING:
    from claimtrail.runner import Summary


def run_command(
    *,
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATHS",
            help="Folders (with all below them), files (.txt, .jsonl, .html, .parquet), or - for standard input.",
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
    jobs: Annotated[
        int,
        typer.Option("--jobs", "-j", min=1, metavar="N", help="Number of worker processes, or actors of a cluster."),
    ] = 1,
    date: Annotated[
        str | None,
        typer.Option(
            metavar="ISO", help="Date of all texts, as 2024-08-06; otherwise taken from record, file name or text."
        ),
    ] = None,
    min_confidence: MinConfidence = 0.4,
    engine: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Language engine, spacy (the default) or stanza; with ray, a cluster does the work, as in stanza,ray.",
        ),
    ] = None,
    model: ModelNames = None,
    id_field: IdField = "id",
    text_field: TextField = "text",
    date_field: DateField = "date",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the run in the output folder.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a run that was broken off.")] = False,
    append: Annotated[
        bool,
        typer.Option("--append", help="Add the texts to those of the run in the output folder."),
    ] = False,
    identities: IdentitiesOption = None,
    text_timeout: Annotated[
        float,
        typer.Option(min=0.0, metavar="SECONDS", help="A text that takes longer, twice, fails; 0 for any time."),
    ] = 3600.0,
    log_json: Annotated[
        bool, typer.Option("--log-json", help="Tell progress and faults as lines of JSON on standard error.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress and no summary.")] = False,
) -> None:
    """Read texts, find the claims in them, and write mentions.jsonl, claims.jsonl, documents.jsonl and run.json.

    Exit status: 0 done; 1 some texts failed, the rest is written; 2 wrong use; 3 the output could not be written, as on
    a full disk; 130 stopped by Ctrl-C. After 3 and 130 --resume goes on.
    """
    from claimtrail import runner  # noqa: PLC0415 - the help shows at once without it
    from claimtrail.pipeline import Settings  # noqa: PLC0415
    from claimtrail.reading.read import ReaderOptions  # noqa: PLC0415

    if overwrite and resume:
        refuse("--overwrite and --resume exclude each other")
    if append and overwrite:
        refuse("--append and --overwrite exclude each other")
    analyser, executor = _engines(listed(engine or []), runner.EXECUTORS)
    try:
        request = runner.Request(
            paths=tuple(paths),
            out=out,
            settings=Settings(
                languages=listed(lang or []),
                engine=analyser,
                models=model_choices(model or []),
                min_confidence=min_confidence,
            ),
            reading=ReaderOptions(id_field=id_field, text_field=text_field, date_field=date_field, date=date or ""),
            jobs=jobs,
            executor=executor,
            overwrite=overwrite,
            resume=resume,
            append=append,
            identities=identities,
            text_timeout=text_timeout,
        )
    except ValueError as error:
        refuse(str(error))
    log = JsonLog(log_json)
    log.tell("start", version=__version__, paths=paths, out=str(out), jobs=jobs)
    no_bar = True if quiet or log_json else None
    with tqdm(unit="B", unit_scale=True, desc="reading", disable=no_bar, leave=False) as bar:

        def report(progress: runner.Progress) -> None:
            bar.total = progress.total or None
            bar.n, bar.initial = progress.done, progress.done_before
            bar.set_postfix(texts=progress.texts, mentions=progress.mentions, refresh=False)
            bar.update(0)
            log.progress(progress)

        try:
            summary = runner.run(request, report=report)
        except (runner.UsageError, runner.StartError) as error:
            bar.close()
            log.tell("refused", reason=str(error))
            refuse(str(error))
        except runner.OutputError as error:
            bar.close()
            log.tell("broken_off", reason=str(error))
            complain(str(error))
            raise typer.Exit(BROKEN_OFF) from None
        except KeyboardInterrupt:
            bar.close()
            log.tell("stopped")
            complain("stopped; the same command with --resume goes on from here")
            raise typer.Exit(INTERRUPTED) from None
    log.tell("end", counts=summary.run.counts, seconds=summary.run.seconds, stage_seconds=summary.run.stage_seconds)
    failed = summary.tally.failures
    if not quiet:
        _show_summary(summary, out)
    named = summary.tally.failed
    for doc, reason in named if not log_json else ():
        complain(f"{doc}: {reason}")
    if failed > len(named) and not log_json:
        complain(f"and {failed - len(named)} more; documents.jsonl lists all")
    raise typer.Exit(SOME_FAILED if failed else DONE)


def _engines(names: Sequence[str], executors: Sequence[str]) -> tuple[str, str]:
    """Return the language engine and the executor that are named, each by default the first there is."""
    places = [name for name in names if name in executors]
    analysers = [name for name in names if name not in executors]
    if len(places) > 1 or len(analysers) > 1:
        refuse(f"--engine {','.join(names)}: name one language engine, one of {', '.join(executors)}, or one of each")
    return (*analysers, "spacy")[0], (*places, executors[0])[0]


def _show_summary(summary: Summary, out: Path) -> None:
    found = summary.tally.states
    states = sorted({state for _, state in found})
    texts = Table("texts", *(state.replace("_", " ") for state in states), box=None, pad_edge=False)
    for lang in sorted({lang for lang, _ in found}):
        texts.add_row(lang or "-", *(str(found[lang, state] or "") for state in states))
    claims = Table("claims", "", "mentions", box=None, pad_edge=False)
    for relation, count in sorted(summary.claims_by_relation.items()):
        claims.add_row(relation, str(count), str(summary.mentions_by_relation[relation]))
    if not summary.claims_by_relation:
        claims.add_row("none", "", "")
    screen = console()
    screen.print(texts)
    screen.print()
    screen.print(claims)
    screen.print()
    if summary.touched is not None:
        screen.print(f"against the run before: {said_of(summary.touched)}")
    if summary.run.counts["left_out"]:
        screen.print(f"{summary.run.counts['left_out']} mentions were left out as too unsure (--min-confidence)")
    if summary.run.skipped:
        screen.print(f"{summary.run.skipped} files of other types were passed over")
    screen.print(f"{summary.run.seconds:.1f} s; the files are in {out}{os.sep}", soft_wrap=True)
