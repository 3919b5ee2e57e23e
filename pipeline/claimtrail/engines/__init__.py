"""Part of claimtrail."""
