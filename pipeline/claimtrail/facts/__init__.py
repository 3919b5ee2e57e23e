"""What holds for a whole document: date, author, quotations, references, focus."""

from claimtrail.facts.stage import DocumentFacts

__all__ = ["DocumentFacts"]
