"""The command ``resolve``, and the option that gives the user's decisions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from claimtrail.cli.common import BROKEN_OFF, complain, refuse

if TYPE_CHECKING:
    from claimtrail.identity.stored import Touched

IdentitiesOption = Annotated[
    Path | None,
    typer.Option(
        "--identities", metavar="FILE", help="Table of what is the same, what is different, and what to call it."
    ),
]


def resolve_command(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Output folder of a run.")],
    identities: IdentitiesOption = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing if all is well.")] = False,
) -> None:
    """Put the mentions of a run together again, without reading the texts; claims.jsonl is written anew.

    Exit status: 0 done; 2 wrong use, or a table that cannot be followed, each fault with its line; 3 the output could
    not be written, as on a full disk.
    """
    from claimtrail.identity.decisions import IdentityFileError  # noqa: PLC0415 - the help shows at once without it
    from claimtrail.identity.stored import resolve_folder  # noqa: PLC0415
    from claimtrail.output.folder import FolderError  # noqa: PLC0415
    from claimtrail.output.lock import LockedError  # noqa: PLC0415

    try:
        touched = resolve_folder(out, identities)
    except IdentityFileError as error:
        refuse("\n".join(error.faults))
    except (FolderError, LockedError) as error:
        refuse(str(error))
    except OSError as error:
        complain(f"{out} cannot be written: {error.strerror or error}; it is as it was")
        raise typer.Exit(BROKEN_OFF) from None
    if not quiet:
        typer.echo(f"{out}: {said_of(touched)}")


def said_of(touched: Touched) -> str:
    """Say what became of the claims."""
    return f"{touched.new} claims are new, {touched.changed} changed, {touched.gone} gone, {touched.same} as they were"
