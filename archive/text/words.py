"""Words: how a text is cut, folded and stemmed, alike for every index and every comparison."""

from __future__ import annotations

import re
import unicodedata
from array import array
from dataclasses import dataclass
from functools import lru_cache

from archive.model import Span

# Python's \w leaves out combining marks, which would cut Indic words in pieces; Chinese and Japanese are
# written without spaces, so each of their characters is a word of its own.
_IDEOGRAPH = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_LETTER = rf"(?:[^\W_{_IDEOGRAPH}]|[\u0300-\u036f\u0900-\u0963\u0970-\u109f])"
WORD = re.compile(rf"\d+(?:[.,]\d+)+|{_LETTER}+(?:['\u2019]{_LETTER}+)*|[{_IDEOGRAPH}]")
"""A number with its points and commas, a word with its apostrophes, or one ideograph."""

_CLOSED = """
a about after again all also am an and any are as at be because been before being between both but by
can could did do does doing down during each either else few for from further had has have having he her
here hers herself him himself his how however i if in into is it its itself just may me might more most
must my myself neither no nor not now of off on once one only or other our ours out over own said same
say says shall she should since so some such than that the their theirs them themselves then there these
they this those though through to too under until up upon us very was we were what when where whether
which while who whom whose why will with within without would yet you your yours yourself
aber als am an auch auf aus bei bin bis da das dass dem den der des die dies diese doch du ein eine einem
einen einer er es für hat haben ich ihr im in ist ja kein mit nach nicht noch nur oder sich sie sind so
über um und uns vom von vor war was wenn werden wie wir wird zu zum zur
"""
FUNCTION_WORDS = frozenset(_CLOSED.split())
"""Words of the closed classes in English and German: they carry grammar rather than content."""

_ENDINGS = (
    ("ization", "ize"), ("isation", "ize"), ("ational", "ate"), ("fulness", "ful"), ("iveness", "ive"),
    ("ements", "e"), ("ement", "e"), ("ments", ""), ("ment", ""), ("ships", ""), ("ship", ""),
    ("ations", "ate"), ("ation", "ate"), ("ities", ""), ("ings", ""), ("edly", ""), ("ness", ""),
    ("ingly", ""), ("ity", ""), ("ing", ""), ("ied", "y"), ("ies", "y"), ("ers", "er"), ("ed", ""),
    ("ly", ""), ("es", ""), ("s", ""),
)  # fmt: skip
_WRITTEN_OTHERWISE = ("ize", "iz", "y")
"""What stemming puts at the end of words that are written otherwise: `organisation`, `denies`."""
_ACCENT = re.compile(r"[\u0300-\u036f]")
_SHORTEST_STEM = 3
_SHORTEST_STEMMED = 4


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it is compared, and where it stands in the text."""

    folded: str
    span: Span


WordPlaces = tuple["array[int]", "array[int]"]
"""Where each word of a text starts, and where it ends, in characters."""


@lru_cache(maxsize=200_000)
def fold(word: str) -> str:
    """The word without case, accents or typographic apostrophes (Unicode NFKD, default case folding)."""
    return _plain(word) or word


def _plain(text: str) -> str:
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.replace("\u2019", "'").casefold())
    return unicodedata.normalize("NFC", _ACCENT.sub("", plain))


def lettered(text: str) -> str:
    """A text folded as its words are, without apostrophes: a word stands in it only where its `beginning` does."""
    return _plain(text).replace("'", "")


def beginning(stemmed: str) -> str:
    """The letters with which every word of a stem begins."""
    for ending in _WRITTEN_OTHERWISE:
        if stemmed.endswith(ending):
            return stemmed[: -len(ending)]
    return stemmed


def words(text: str) -> list[Word]:
    """Every word of the text with its span."""
    return [Word(fold(match.group()), Span(*match.span())) for match in WORD.finditer(text)]


def word_places(text: str) -> WordPlaces:
    """Where the words of the text stand."""
    starts, ends = array("i"), array("i")
    for match in WORD.finditer(text):
        start, end = match.span()
        starts.append(start)
        ends.append(end)
    return starts, ends


def folded(text: str) -> list[str]:
    """Every word of the text as it is compared, without its place."""
    return [fold(word) for word in WORD.findall(text)]


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """A folded word without its commonest English endings: one pass, no dictionary.

    Light on purpose: it joins `renounced` and `renouncing`, and leaves names and other languages
    nearly alone.
    """
    word = word.removesuffix("'s").replace("'", "")
    if len(word) < _SHORTEST_STEMMED or not word.isalpha() or word.endswith("ss"):
        return word
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            word = word[: -len(ending)] + instead
            break
    return _undoubled(word)


def _undoubled(word: str) -> str:
    """Without a doubled last consonant or a silent e: `stopped` meets `stop`, `closing` `close`."""
    if len(word) > _SHORTEST_STEM and word[-1] == word[-2] and word[-1] not in "aeiouls":
        return word[:-1]
    return word[:-1] if len(word) > _SHORTEST_STEM and word[-1] == "e" else word
