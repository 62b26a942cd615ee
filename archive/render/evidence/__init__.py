"""The report of an evidence pack: one page of HTML that needs nothing else, for a person to read."""
