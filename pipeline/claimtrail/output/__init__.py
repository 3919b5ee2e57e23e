"""Writing and checking the output files."""
