"""claimtrail as a step of other programs: texts, annotated documents, lines and batches in, claims out."""
