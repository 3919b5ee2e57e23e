"""The commands ``show``, ``explain``, ``stats`` and ``diff``."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import orjson
import typer
from rich.console import Console

from claimtrail.cli.common import DONE, SOME_FAILED, Broken, complain, console, opened, printing, refuse

if TYPE_CHECKING:
    from rich.text import Text

    from claimtrail.output.folder import OutputFolder
    from claimtrail.records import ClaimRecord
    from claimtrail.viewing.filters import ClaimFilter

# So many lines go to the terminal at once.
_BATCH = 50

Out = Annotated[Path, typer.Argument(metavar="OUT", help="Output folder of a run.")]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON, for jq and other programs.")]


def show_command(
    *,
    out: Out,
    person: Annotated[str, typer.Option(metavar="NAME", help="Part of any form of the person's name, or an id.")] = "",
    org: Annotated[
        str, typer.Option(metavar="NAME", help="Part of any form of the organisation's name, or an id.")
    ] = "",
    relation: Annotated[
        list[str] | None, typer.Option("--relation", "-r", metavar="NAME", help="LEAVES, JOINS …; may be repeated.")
    ] = None,
    lang: Annotated[
        list[str] | None,
        typer.Option("--lang", "-l", metavar="CODE", help="Language of some evidence, as de; may be repeated."),
    ] = None,
    status: Annotated[
        list[str] | None,
        typer.Option("--status", "-s", metavar="NAME", help="actual, planned, possible, negated; may be repeated."),
    ] = None,
    since: Annotated[str, typer.Option(metavar="ISO", help="Moves dated from this day, month or year on.")] = "",
    until: Annotated[str, typer.Option(metavar="ISO", help="Moves dated up to this day, month or year.")] = "",
    min_confidence: Annotated[
        float, typer.Option(min=0.0, max=1.0, metavar="X", help="Claims that are at least as sure as this.")
    ] = 0.0,
    order: Annotated[
        str, typer.Option("--sort", metavar="BY", help="date, person, org or confidence. Default: as in the file.")
    ] = "",
    evidence: Annotated[
        bool, typer.Option("--evidence", "-e", help="With each claim the sentences that state it.")
    ] = False,
    as_json: AsJson = False,
    as_table: Annotated[bool, typer.Option("--table", help="A table even where the output is no terminal.")] = False,
) -> None:
    """Show the claims of a run.

    A terminal gets a table, or two lines a claim where it is narrow. A pipe or file gets tab-separated values with a
    line of headings; with --json it gets the claims as they stand in claims.jsonl.

    Exit status: 0 done; 1 a line of the run is broken, the rest is shown; 2 wrong use.
    """
    from claimtrail.output.folder import FolderError  # noqa: PLC0415 - the help shows at once without it
    from claimtrail.output.lines import line  # noqa: PLC0415
    from claimtrail.viewing.filters import ORDERS, in_order  # noqa: PLC0415
    from claimtrail.viewing.lines import batches, claim_lines, header, separated  # noqa: PLC0415

    if as_json and as_table:
        refuse("--json and --table exclude each other")
    if order and order not in ORDERS:
        refuse(f"--sort {order}: there is {', '.join(ORDERS)}")
    chosen = _filter(person, org, relation, status, lang, since, until, min_confidence)
    folder = opened(out)
    broken, counted = Broken(), _Counted()
    try:
        found: Iterable[ClaimRecord] = chosen.choose(folder.claims(broken))
        claims = counted.pass_on(in_order(found, order) if order else found)
        with printing():
            if as_json:
                for claim in claims:
                    sys.stdout.buffer.write(line(claim) + b"\n")
            elif as_table or sys.stdout.isatty():
                screen = console()
                for group in batches(claim_lines(claims, screen.width, evidence=evidence), _BATCH):
                    screen.print(group)
            else:
                typer.echo(header(evidence=evidence))
                for claim in claims:
                    for row in separated(claim, evidence=evidence):
                        typer.echo(row)
    except FolderError as error:
        refuse(str(error))
    for remark in folder.remarks:
        complain(remark)
    if not counted.count:
        complain(_nothing(folder))
    raise typer.Exit(broken.status())


def explain_command(
    wanted: Annotated[str, typer.Argument(metavar="ID", help="Id of a claim or a mention, or the beginning of one.")],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Output folder of the run.")] = Path("out"),
) -> None:
    """Tell how a claim came about.

    Shown are every mention with its sentence, the path from the trigger to the record (the rule with its example, how
    person and organisation were found, what gave status and date), why mentions were put together, and what
    contradicts the claim.

    Exit status: 0 done; 1 no claim or mention has the id, or more than one; 2 wrong use.
    """
    from claimtrail.output.folder import FolderError  # noqa: PLC0415 - the help shows at once without it
    from claimtrail.viewing.explain import NotFoundError, explanation, find  # noqa: PLC0415

    folder = opened(out)
    broken = Broken()
    try:
        found = find(folder, wanted, broken)
    except FolderError as error:
        refuse(str(error))
    except NotFoundError as error:
        complain(str(error))
        raise typer.Exit(SOME_FAILED) from None
    with printing():
        _print(explanation(found, other_rules=folder.has_other_rules))
    raise typer.Exit(broken.status())


def stats_command(out: Out, as_json: AsJson = False) -> None:
    """Count a run: texts by state, claims by relation, status, language, year, confidence, names and rules.

    Exit status: 0 done; 1 a line of the run is broken, the rest is counted; 2 wrong use.
    """
    from claimtrail.output.folder import FolderError  # noqa: PLC0415 - the help shows at once without it
    from claimtrail.viewing.stats import sentences, stats_of, tables  # noqa: PLC0415

    folder = opened(out)
    broken = Broken()
    try:
        stats = stats_of(folder, broken)
    except FolderError as error:
        refuse(str(error))
    with printing():
        if as_json:
            typer.echo(orjson.dumps(stats, option=orjson.OPT_INDENT_2))
        else:
            screen = console()
            for said in sentences(stats):
                screen.print(said, soft_wrap=not sys.stdout.isatty())
            for table in tables(stats):
                screen.print()
                screen.print(table)
    for remark in folder.remarks:
        complain(remark)
    if not stats.claims:
        complain(_nothing(folder))
    raise typer.Exit(broken.status())


def diff_command(
    old: Annotated[Path, typer.Argument(metavar="OUT1", help="Output folder of the one run.")],
    new: Annotated[Path, typer.Argument(metavar="OUT2", help="Output folder of the other, later run.")],
    as_json: AsJson = False,
) -> None:
    """Compare two runs: which claims are new, gone or changed in the second, and why.

    With --json each change is a line. Claims of which only the confidence differs are counted.

    Exit status: 0 no claim differs; 1 some do; 2 wrong use, or a run cannot be read whole.
    """
    from claimtrail.output.folder import FolderError  # noqa: PLC0415 - the help shows at once without it
    from claimtrail.viewing.compare import compare, lines  # noqa: PLC0415

    one, other = opened(old), opened(new)
    try:
        comparison = compare(one, other)
    except FolderError as error:
        refuse(str(error))
    with printing():
        if as_json:
            for change in comparison.changes:
                sys.stdout.buffer.write(orjson.dumps(change) + b"\n")
        else:
            _print(lines(comparison))
    for folder in (one, other):
        for remark in folder.remarks:
            complain(remark)
    raise typer.Exit(SOME_FAILED if comparison.changes else DONE)


class _Counted:
    """Counts claims that pass."""

    def __init__(self) -> None:
        self.count = 0

    def pass_on(self, claims: Iterable[ClaimRecord]) -> Iterable[ClaimRecord]:
        for claim in claims:
            self.count += 1
            yield claim


def _filter(
    person: str,
    org: str,
    relations: list[str] | None,
    statuses: list[str] | None,
    languages: list[str] | None,
    since: str,
    until: str,
    min_confidence: float,
) -> ClaimFilter:
    from claimtrail.assertion.cues import STATUSES  # noqa: PLC0415 - the help shows at once without it
    from claimtrail.rules.grammar import read_relations  # noqa: PLC0415
    from claimtrail.viewing.filters import ClaimFilter  # noqa: PLC0415

    try:
        return ClaimFilter(
            person=person,
            org=org,
            relations=_among("--relation", [name.upper() for name in relations or []], read_relations()),
            statuses=_among("--status", [name.lower() for name in statuses or []], STATUSES),
            languages=frozenset(code.strip() for group in languages or [] for code in group.split(",")),
            since=since,
            until=until,
            min_confidence=min_confidence,
        )
    except ValueError as error:
        refuse(str(error))


def _among(option: str, given: list[str], known: Iterable[str]) -> frozenset[str]:
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise ValueError(f"{option} {unknown[0]}: there is {', '.join(sorted(known))}")
    return frozenset(given)


def _nothing(folder: OutputFolder) -> str:
    claims, texts = folder.run.counts.get("claims", 0), folder.run.counts.get("texts", 0)
    if claims:
        return f"none of the {claims} claims is as asked"
    return f"the run found no claims in its {texts} texts"


def _print(lines: Iterable[Text]) -> None:
    screen: Console = console()
    for piece in lines:
        # In a pipe or a file a line is a line, however long.
        screen.print(piece, soft_wrap=not sys.stdout.isatty())
