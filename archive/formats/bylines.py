"""Bylines taken apart: the names in them, without what stands around the names."""

from __future__ import annotations

import re
from html import unescape

NAME_SIZE = 80
"""Longest name, in characters."""
NAME_WORDS = 7
"""Longest name, in words."""

_OPENING = re.compile(
    r"^\s*(?:(?:written|posted|reported|story|words|text|review(?:ed)?|published)\s+)?"
    r"(?:by|von|par|por|di|door|af|av|autor(?:in)?|author)\b[:\s]\s*",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"\s*(?:;|,|\n|\||\s&\s|\s(?:and|und|et|y|e|og|och|en)\s|\s[\u2013\u2014\u2022\u00b7-]\s)\s*",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"(?:jr|sr|ph\.?\s?d|m\.?d|r\.?n|esq|mba|rd|i{2,3}|iv)\.?", re.IGNORECASE)
_ROLE = re.compile(
    r"\b(?:reporter|editor|correspondent|writer|staff|contributor|columnist|producer|journalist|photographer"
    r"|newspapers?|news|media|desk|team|redaktion|press|times|post|tribune|journal|magazine|network|usa|today"
    r"|updated?|published|minutes?|read|am|pm|follow|share|january|february|march|april|june|july|august"
    r"|september|october|november|december|senior|associate|chief|special|the|for|in|of|com)\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://\S+|\S+@\S+\.\w+|@\w+")
_NAMELESS = re.compile(r"[\d_/\\<>{}=|:]")
_ACRONYM = re.compile(r"[A-Z]{2,6}")


def names_in(written: str, is_whole: bool = False) -> list[str]:
    """The names in a byline, in its order; `is_whole` says that it is one name and not to be parted."""
    words = _ADDRESS.sub(" ", unescape(written).replace("\u00a0", " "))
    words = _OPENING.sub("", " ".join(words.split()) if is_whole else words)
    parts = [words] if is_whole else _BETWEEN.split(words)
    found: list[str] = []
    for part in parts:
        name = " ".join(part.split()).strip(" .,;:|-\u2013\u2014\u2022\"'()[]")
        if found and _SUFFIX.fullmatch(name):
            found[-1] += f", {name}" if len(name) > 2 and "." in name else f" {name}"
        elif name:
            found.append(
                name + "." if re.search(r"\b(?:[A-Z]|Jr|Sr)$", name) and part.rstrip().endswith(".") else name
            )
    kept = [name for name in found if is_name(name)]
    # A role or newspaper after a name ("Ann Example, Daily Reporter") is no second author.
    people = [name for name in kept if not _ROLE.search(name) and not _ACRONYM.fullmatch(name)]
    return list(dict.fromkeys(people or kept))


def is_name(words: str) -> bool:
    """Whether the words can be a name: letters, few of them, no address, no number."""
    if not 1 < len(words) <= NAME_SIZE or len(words.split()) > NAME_WORDS or _NAMELESS.search(words):
        return False
    return any(map(str.isalpha, words))


def looks_personal(name: str) -> bool:
    """Whether it is likelier a person's name than a newspaper's: two to five words, none of a newspaper's."""
    return 2 <= len(name.split()) <= 5 and not _ROLE.search(name)
