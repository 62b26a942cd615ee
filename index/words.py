"""Words: how a text falls into words, how a word is folded, and how it is stemmed.

A word of the text and a word of a query take the same way, so that what looks alike is alike: letters are
lower-cased, full-width forms and ligatures made plain, and accents dropped from Latin and Greek letters.
Every word is kept; there are no stop words.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST = 64
"""Characters of a word that count; what is longer is no word but an encoded picture."""

_CACHE = 200_000

# Characters of scripts written without spaces stand for themselves; their words are phrases.
_ALONE = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
# Combining signs are not \\w to Python, but belong to the word they stand in.
_SIGNS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u0980-\u0983\u09bc-\u09d7\u0a01-\u0a51\u0a81-\u0acd"
    "\u0b01-\u0b57\u0b82-\u0bd7\u0c00-\u0c56\u0c81-\u0cd6\u0d00-\u0d57\u0d81-\u0ddf\u1ab0-\u1aff\u1dc0-\u1dff"
    "\u200c\u200d\u20d0-\u20f0\u3099\u309a\ufe20-\ufe2f"
)
_LETTER = rf"(?:[^\W_{_ALONE}]|[{_SIGNS}])"
_ANY = rf"\d+(?:[.,]\d+)+(?![^\W_])|[^\W_{_ALONE}]{_LETTER}*(?:['\u2019]{_LETTER}+)*|[{_ALONE}]"

# The same words, found in half the time and less where a text has no signs and no script without spaces.
_PLAIN = re.compile(r"\d+(?:[.,]\d+)+(?![A-Za-z0-9])|[A-Za-z0-9]+(?:'[A-Za-z0-9]+)*")
_LATIN = re.compile(
    "[A-Za-z]+(?:['\u2019][^\\W_]+|[^\\W_]+)*|\\d+(?:[.,]\\d+)+(?![^\\W_])|[^\\W_]+(?:['\u2019][^\\W_]+)*"
)
_BEYOND_LATIN = re.compile("[^\x00-\u02ff\u2010-\u2027\u20ac]")

# Patterns that begin with one sign are searched for as quickly as the sign.
_HOLDERS = "\x01\x02\x03"
_BEHIND_DIGIT = re.compile(r"'(?<=\d')(?=[a-z0-9])")
_POINT = re.compile(r"\.(?<=\d\.)(?=\d)")
_COMMA = re.compile(r",(?<=\d,)(?=\d)")
_NUMBER = re.compile(r"\d(?<![a-z0-9]\d)(?<![a-z0-9]'\d)\d*(?:[.,]\d+)+(?![a-z0-9])")
_JOINED = re.compile(r"'(?<=[a-z0-9]')(?=[a-z0-9])")
_SPACED = {code: chr(code) if chr(code).isalnum() else " " for code in range(128)} | dict(
    zip(map(ord, _HOLDERS), "'.,", strict=True)
)

_STROKES = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "ħ": "h",
        "ŧ": "t",
        "\u0131": "i",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
    }
    | {"\u2019": "'", "\u200c": None, "\u200d": None, "\u00ad": None}
)
_ACCENTS = re.compile("(?<=[a-z\u03b1-\u03c9\u0430\u0435])[\u0300-\u036f]+")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")


@cache
def every_word() -> re.Pattern[str]:
    """A word of any text; numbers keep the points and commas inside them.

    It takes longer to compile than a search to run, and is not needed for most texts.
    """
    return re.compile(_ANY)


def word_in(text: str) -> re.Pattern[str]:
    """What finds the words of a text, the quicker one where there is a choice; it is written in any case."""
    if text.isascii():
        return _PLAIN
    return every_word() if _BEYOND_LATIN.search(text) else _LATIN


def split(text: str) -> list[str]:
    """The words of a text in its order, yet to be folded; what folding would do to them may be done in
    part.
    """
    if not text.isascii():
        return word_in(text).findall(text)
    plain = text.lower()
    if any(map(plain.__contains__, _HOLDERS)) or _BEHIND_DIGIT.search(plain):
        return _PLAIN.findall(plain)
    # The signs that belong to words are put out of harm's way; all others then turn into spaces.
    if _POINT.search(plain) or _COMMA.search(plain):
        plain = _NUMBER.sub(_held, plain)
    if "'" in plain:
        plain = _JOINED.sub(_HOLDERS[0], plain)
    return plain.translate(_SPACED).split()


def _held(number: re.Match[str]) -> str:
    return number.group().replace(".", _HOLDERS[1]).replace(",", _HOLDERS[2])


def fold(word: str) -> str:
    """The form of a word in which it is compared: lower case, plain width, no accents on Latin and Greek
    letters.
    """
    if word.isascii():
        plain = word.lower()
    else:
        apart = unicodedata.normalize("NFKD", word).casefold()
        bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", apart))
        plain = "".join(unicodedata.normalize("NFC", bare).translate(_STROKES).split())
    if plain[:1].isdigit() and _GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
    return plain[:LONGEST]


class Folding(dict[str, str]):
    """Remembers the folded forms of the words it has met; it forgets them all when there are too many."""

    def __missing__(self, word: str) -> str:
        if len(self) >= _CACHE:
            self.clear()
        folded = self[word] = fold(word)
        return folded


def words(text: str, folding: Folding | None = None) -> list[str]:
    """The folded words of a text, in its order."""
    known = Folding() if folding is None else folding
    return list(map(known.__getitem__, split(text)))


def places(text: str, folding: Folding | None = None) -> tuple[list[tuple[int, int]], list[str]]:
    """Where the words of a text begin and end, and their folded forms."""
    known = Folding() if folding is None else folding
    found = list(word_in(text).finditer(text.lower() if text.isascii() else text))
    return [match.span() for match in found], [known[match.group()] for match in found]


_STEMMED = {
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nb": "norwegian",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pt": "portugese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
}


def stemmed_as(language: str) -> str:
    """The primary subtag of a BCP 47 tag where we can stem that language, else nothing."""
    primary = language.replace("_", "-").partition("-")[0].lower()
    return primary if primary in _STEMMED else ""


@cache
def _stemmer(language: str) -> Callable[[str], str]:
    from whoosh.lang import snowball

    if not language:
        return str
    name = _STEMMED[language]
    name = "portuguese" if name == "portugese" else name
    stemmer = next(getattr(snowball, known) for known in dir(snowball) if known.lower() == f"{name}stemmer")()
    known: dict[str, str] = {}
    return lambda word: _remembered(known, stemmer.stem, word)


def _remembered(known: dict[str, str], stem: Callable[[str], str], word: str) -> str:
    found = known.get(word)
    if found is None:
        if len(known) >= _CACHE:
            known.clear()
        found = known[word] = fold(stem(word)) or word
    return found


def form(word: str, language: str) -> str:
    """The term that stands for all forms of a word in texts of a language: a version has one language."""
    return f"{language}:{stem(word, language)}"


def stem(word: str, language: str) -> str:
    """The stem of a folded word in a language that `stemmed_as` gave (Snowball); the word itself without
    one.
    """
    if not language or word[:1].isdigit() or (language == "ru" and word[:1] < "\u0400"):
        return word  # the Russian stemmer would turn Latin letters into Cyrillic ones
    return _stemmer(language)(word)
