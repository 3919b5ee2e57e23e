"""claimtrail: who left, who joined and whose role changed, as claims with exact provenance."""
