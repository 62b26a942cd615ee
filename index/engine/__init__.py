"""The index in Whoosh's segments: what it keeps on disk, and how a query is answered from it."""
