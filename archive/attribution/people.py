"""The people of an article: full names, short names, and whom `he` and `she` can be."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archive.attribution.words import Word
from archive.model import ClaimedSource, SourceKind

if TYPE_CHECKING:
    from archive.attribution.words import Lexicon

_NAMES = re.compile(
    r"[^\W\d_a-z][\w'\u2019-]+(?: [^\W\d_a-z]\.)*(?: (?:de|da|del|van|von|der|den|bin|al|el|la))*"
    r"(?: [^\W\d_a-z][\w'\u2019-]+)+"
)
_OWNED = re.compile(r"['\u2019]s?$")
_FAR = 900
"""How far back in a text, in characters, a pronoun points at most."""
_LONGEST = 4
"""The most words of a name."""

NO_NAME = (
    Word.TITLE
    | Word.SUBORDINATOR
    | Word.PREPOSITION
    | Word.CONJUNCTION
    | Word.DETERMINER
    | Word.ADVERB
    | Word.POSSESSIVE
    | Word.TIME
    | Word.PRONOUN
    | Word.QUESTION
)
"""What a name does not begin with, though a sentence may."""


class People:
    """Who has been named as a source, the last one last."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self._text = text
        self._lexicon = lexicon
        self._named: dict[str, ClaimedSource] = {}
        self._place: dict[str, int] = {}
        self._role: dict[str, str] = {}
        self._full: dict[str, str] | None = None

    def named(self, name: str, title: str, at: int) -> ClaimedSource:
        """The person of that name, by the fullest name in the article; `title` stands before it."""
        last = name.rsplit(maxsplit=1)[-1].casefold()
        known = self._named.pop(last, None)
        if known is None or (" " in name and name != known.name):
            full = name if " " in name else self.full_names().get(last, name)
            known = ClaimedSource(SourceKind.PERSON, full)
            if role := self._lexicon.genders.get(title):
                self._role[full] = role
        self._named[last] = known
        self._place[known.name] = at
        return known

    def latest(self, role: str, at: int) -> ClaimedSource | None:
        """The person named last whom a pronoun can stand for, not far back; it is that person's from then on."""
        for person in reversed(self._named.values()):
            if self._role.get(person.name, role) == role and at - self._place[person.name] < _FAR:
                self._role.setdefault(person.name, role)
                self._place[person.name] = at
                return person
        return None

    def full_names(self) -> dict[str, str]:
        """The last words of the names of the text, each with the fullest name first written so."""
        if self._full is None:
            self._full = {}
            known = self._lexicon.words.get
            for match in _NAMES.finditer(self._text):
                words = _OWNED.sub("", match.group()).split()
                while words and known(words[0].casefold(), 0) & NO_NAME:
                    words = words[1:]
                if 2 <= len(words) <= _LONGEST:
                    self._full.setdefault(words[-1].casefold(), " ".join(words))
        return self._full
