"""The report: a finished run as one page of HTML that opens from disk and asks nobody for anything."""
