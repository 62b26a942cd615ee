"""Folding names so that spellings of one name compare equal."""

from __future__ import annotations

import unicodedata

LIMIT = 200
"""How many characters of a folded name are kept: enough to tell names apart, few enough to index."""


def fold(text: str) -> str:
    """The text without case, accents and doubled white space, at most `LIMIT` characters."""
    plain = unicodedata.normalize("NFKD", text)
    bare = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(bare.casefold().split())[:LIMIT]


def fold_name(name: str) -> str:
    """The folded name of an outlet or person, without a leading article: `the Greek City Times` is one name."""
    return fold(name).removeprefix("the ")
