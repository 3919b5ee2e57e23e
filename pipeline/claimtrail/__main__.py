"""Lets ``python -m claimtrail`` be the command ``claimtrail``."""

from claimtrail.cli import main

if __name__ == "__main__":
    main()
