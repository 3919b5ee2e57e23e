"""Relations learned from marked texts, beside those of the rules."""

from claimtrail.learned.stage import Learned

__all__ = ["Learned"]
