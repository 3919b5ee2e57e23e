"""Long runs and measurements, which the tests are short forms of: ``python -m tests.bench.NAME --help``."""
