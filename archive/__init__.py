"""Claimtrail: an archive of news items that tracks where they came from."""

__version__ = "0.1.0"
