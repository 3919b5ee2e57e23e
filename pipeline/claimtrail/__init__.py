"""claimtrail: who left, who joined and whose role changed, as claims with exact provenance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from claimtrail.pipeline import Pipeline as Pipeline
    from claimtrail.records import ClaimRecord as ClaimRecord
    from claimtrail.records import DocumentRecord as DocumentRecord
    from claimtrail.records import MentionRecord as MentionRecord

__version__ = "0.1.0"

__all__ = ["ClaimRecord", "DocumentRecord", "MentionRecord", "Pipeline", "__version__"]

_HOMES = {
    "ClaimRecord": "claimtrail.records",
    "DocumentRecord": "claimtrail.records",
    "MentionRecord": "claimtrail.records",
    "Pipeline": "claimtrail.pipeline",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that ``import claimtrail`` loads nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - the point of this function

    return getattr(import_module(_HOMES[name]), name)
