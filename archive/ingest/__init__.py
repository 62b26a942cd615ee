"""Bringing material in: files, folders and standard input, recorded as one accession."""
