"""Lineage: who had it from whom, as far as the archive can show."""
