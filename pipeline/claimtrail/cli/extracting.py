"""The command ``extract``."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from claimtrail.cli.common import (
    DONE,
    INTERRUPTED,
    SOME_FAILED,
    DateField,
    EngineName,
    IdField,
    MinConfidence,
    ModelNames,
    TextField,
    complain,
    listed,
    model_choices,
    printing,
    refuse,
)


def extract_command(
    *,
    lang: Annotated[
        list[str] | None,
        typer.Option(
            "--lang", "-l", metavar="CODE", help="Language to read, as en or en,de; repeatable. Default: all."
        ),
    ] = None,
    carry: Annotated[
        list[str] | None,
        typer.Option(
            "--carry",
            "-c",
            metavar="FIELD",
            help="Field of the input that each output line repeats under 'input', as url or url,source; repeatable.",
        ),
    ] = None,
    per_text: Annotated[
        bool, typer.Option("--per-text", help="One line for each text, with all its mentions, even if there are none.")
    ] = False,
    plain: Annotated[bool, typer.Option("--plain", help="Every line is a text, even if it begins with {.")] = False,
    date: Annotated[
        str | None, typer.Option(metavar="ISO", help="Date of all texts, as 2024-08-06; otherwise that of the record.")
    ] = None,
    min_confidence: MinConfidence = 0.4,
    engine: EngineName = "spacy",
    model: ModelNames = None,
    id_field: IdField = "id",
    text_field: TextField = "text",
    date_field: DateField = "date",
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Do not tell of texts that are empty or in a language not read.")
    ] = False,
) -> None:
    """Read texts from standard input, one a line, and write their mentions to standard output as they are found.

    A line is a JSON record or, if the first one does not begin with {, a plain text. Order is kept, and each text is
    answered before the next is read. Lines without claims give no output (but see --per-text); bad lines are told on
    standard error.

    Exit status: 0 done; 1 some lines were bad, the rest is written; 2 wrong use.
    """
    from claimtrail.engines.lean import lean_start  # noqa: PLC0415 - the help shows at once without it
    from claimtrail.pipeline import Settings, ours  # noqa: PLC0415
    from claimtrail.reading.read import ReaderOptions  # noqa: PLC0415
    from claimtrail.steps import api  # noqa: PLC0415
    from claimtrail.steps.lines import LineOptions, answer_lines  # noqa: PLC0415

    try:
        reading = ReaderOptions(id_field=id_field, text_field=text_field, date_field=date_field, date=date or "")
        settings = Settings(listed(lang or []), engine, model_choices(model or []), min_confidence)
        with lean_start(ours(settings)):
            pipeline = api.from_settings(settings)
    except ValueError as error:
        refuse(str(error))
    options = LineOptions(reading=reading, carry=listed(carry or []), per_text=per_text, plain=plain)
    bad = 0
    try:
        with printing():
            for answer in answer_lines(pipeline, sys.stdin.buffer, options):
                if answer.output:
                    sys.stdout.buffer.write(answer.output)
                    sys.stdout.buffer.flush()
                if answer.complaint and (answer.failed or not quiet):
                    complain(f"line {answer.number}: {answer.complaint}")
                bad += answer.failed
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    raise typer.Exit(SOME_FAILED if bad else DONE)
