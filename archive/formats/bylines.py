"""Bylines taken apart: the names in them, without what stands around the names."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

NAME_SIZE = 80
"""Longest name, in characters."""
NAME_WORDS = 7
"""Longest name, in words."""

_OPENING = re.compile(
    r"^\W*(?:(?P<work>(?:[^\W\d_]+\s+){0,3}?)by|von|par|por|di|door|af|av|autor(?:in)?|author|text|words)"
    r"(?:\s*:|\b)\s*",
    re.IGNORECASE,
)
_PARTICLE = re.compile(r"\s*(?:von|di|par|por|af|av|door)\s", re.IGNORECASE)
_NO_AUTHOR = re.compile(
    r"\b(?:photo|edit|review|fact|illustrat|graphic|produc|curat|translat|updat|narrat|foto)\w*",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"\s*(?:;|\n|\||/|\s&\s|,?\s(?:and|und|et|y|e|og|och|en|with|avec|mit)\s"
    r"|\s[\u2013\u2014\u2022\u00b7-]\s|,)\s*",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"(?:jr|sr|ph\.?\s?d|m\.?d|r\.?n|esq|mba|rd|i{2,3}|iv)\.?", re.IGNORECASE)
_MONTH = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?"
)
_ROLE = re.compile(
    r"\b(?:reporter|editor|correspondent|writer|staff|contributor|columnist|producer|journalist|photographer"
    r"|newspapers?|news|media|desk|team|redaktion|redazione|redacci[o\u00f3]n|r\u00e9daction|press|times|post|tribune"
    r"|journal|magazine|network|usa|today|board|sponsored|agenc(?:y|ies)|report|newsroom|editorial|contributors?"
    r"|updated?|published|posted|minutes?|hours?|read|am|pm|follow|share"
    r"|senior|associate|chief|special|the|for|in|of|com)\b",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"\s+(?:(?:in|for|from|of|at|is|has)\s|(?:published|updated|posted|follow|share|contributing|senior|chief|deputy"
    r"|assistant|associate|managing|executive|special|staff|political|business|sports?|health|science"
    r"|technology|education|national|foreign|investigative|opinion|digital|guest|reporter|editor"
    r"|[^\W\d_]+\s+(?:news|times|herald|tribune|enquirer|magazine|globe|gazette|chronicle)"
    rf"|correspondent|writer|columnist|contributor|journalist|(?:{_MONTH})\.?\s+\d+)\b|\S*\d|(?-i:[A-Z]{{2,6}})\b)",
    re.IGNORECASE,
)
_BEATS = re.compile(
    r"(?:(?:contributing|senior|chief|deputy|assistant|associate|managing|executive|special|staff|political"
    r"|politics|business|sports?|health|science|technology|tech|education|national|foreign|investigative"
    r"|opinion|digital|guest|breaking|general|assignment|real|estate|white|house|court|crime|climate|culture"
    r"|entertainment|travel|food|data|graphics|features?|video|the)\W*)+",
    re.IGNORECASE,
)
_WIRES = re.compile(
    r"agenc(?:y|ies)|reuters|afp|ap|dpa|ansa|efe|bloomberg|wires?|admin|sponsored|others?", re.IGNORECASE
)
_ADDRESS = re.compile(r"https?://\S+|\S+@\S+\.\w+|@\w+|\([^)]{0,40}\)")
_GLUED = re.compile(
    r"(?<=[a-z])(?=(?:Published|Updated|Posted|Follow|Share)\b)"
    r"|(?<=\w)(?=(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?\s+\d)"
)
_RUN_ON = re.compile(r"(?<=[a-z]{4})(?<!Fitz)(?=[A-Z][a-z])")
_NAMELESS = re.compile(r"[\d_/\\<>{}=|:]")
_ACRONYM = re.compile(r"[A-Z]{2,6}")


def names_in(written: str, is_whole: bool = False, outlets: frozenset[str] = frozenset()) -> list[str]:
    """The names in a byline, in its order; `is_whole` says that it is meant to be one name.

    One name is parted only where each part of it is a name of two words and more. `outlets` (in lower case)
    stay whole: `Daily Reporter` is no Daily whose trade is reporting.
    """
    words = _RUN_ON.sub("; ", _GLUED.sub(" ", _ADDRESS.sub(" ", unescape(written).replace("\u00a0", " "))))
    parts = [words] if is_whole and not _has_several(words) else _BETWEEN.split(words)
    kept = [name for name in _names(parts, is_whole, outlets) if is_name(name)]
    # A role or newspaper after a name ("Ann Example, Daily Reporter") is no second author.
    people = [name for name in kept if not _ROLE.search(name) and not _ACRONYM.fullmatch(name)]
    people = people or kept
    if any(" " in name for name in people):
        people = [name for name in people if not _WIRES.fullmatch(name)]
    return list(dict.fromkeys(people))


def _has_several(words: str) -> bool:
    return all(len(part.split()) > 1 and not _SUFFIX.fullmatch(part) for part in _BETWEEN.split(words))


def _names(parts: Iterable[str], is_whole: bool, outlets: frozenset[str]) -> list[str]:
    found: list[str] = []
    for whole in parts:
        is_outlet = whole.strip(" .,").lower() in outlets
        part = whole if is_outlet else _author_of(_without_outlet(whole, outlets), is_whole)
        name = part.strip(" .,;:|-\u2013\u2014\u2022\"'()[]")
        if _SUFFIX.fullmatch(name):
            found[-1:] = [
                f"{one}, {name}" if len(name) > 2 and "." in name else f"{one} {name}" for one in found[-1:]
            ]
        elif name:
            is_short = part.rstrip().endswith(".") and re.search(r"\b(?:[A-Z]|Jr|Sr)$", name)
            found.append(name + "." if is_short else name)
    return found


def _author_of(part: str, is_whole: bool) -> str:
    """The name in a part of a byline: without "By", and without the role, place or date behind it.

    What is meant to be a name may begin as one of the words for "by" in another language: Von, Di.
    """
    opening = _OPENING.match(part)
    if opening and _NO_AUTHOR.search(opening["work"] or ""):
        return ""
    name = part[opening.end() :] if opening and not (is_whole and _PARTICLE.match(part)) else part
    name = " ".join(name.split())
    for beside in _BESIDE.finditer(name):
        before, word = name[: beside.start()], beside[0].strip()
        is_name = _SUFFIX.fullmatch(word) or (before.isupper() and _ACRONYM.fullmatch(word))
        if before.count(" ") and not (is_name or _BEATS.fullmatch(before) or _ROLE.search(before)):
            return before
    return name


def _without_outlet(part: str, outlets: frozenset[str]) -> str:
    """A part without the outlet's name behind a name of two words and more."""
    words = " ".join(part.split())
    behind = [one for one in outlets if one and words.lower().endswith(f" {one}")]
    short = words[: -len(max(behind, key=len))].rstrip(" ,-|") if behind else ""
    return short if short.count(" ") else part


def is_name(words: str) -> bool:
    """Whether the words can be a name: letters, few of them, no address, no number."""
    if not 1 < len(words) <= NAME_SIZE or len(words.split()) > NAME_WORDS or _NAMELESS.search(words):
        return False
    return any(map(str.isalpha, words))


def looks_personal(name: str) -> bool:
    """Whether it is likelier a person's name than a newspaper's: two to five words, none of a newspaper's."""
    return 2 <= len(name.split()) <= 5 and not _ROLE.search(name)
