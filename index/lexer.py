"""Cuts a query into words, phrases, conditions, operators and brackets; `index.query` says what they mean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.errors import IndexFailure
from index.tree import (
    EXACT,
    NAMED,
    NUMBER,
    TEXT,
    TIMES,
    WORDY,
    Between,
    Exactly,
    Fuzzy,
    Near,
    Node,
    Number,
    Phrase,
    Prefix,
    Word,
)
from index.words import fold, word_in, words

if TYPE_CHECKING:
    from index.model import Bounds

ALIASES = {"lang": "language", "title": "headline", "author": "byline", "label": "id", "sources": "source"}
FIELDS = frozenset((*WORDY, *NAMED, *EXACT, *TIMES, NUMBER, *ALIASES))

_OPENING = '"“”„«»‟\uff02'
_CLOSING = {"„": '“”"', "“": '”"“', "«": "»", "»": "«"}
_OPERATORS = ("AND", "OR", "NOT")
_FIELD = re.compile(rf"({'|'.join(sorted(FIELDS, key=len, reverse=True))}):(?=[^\s:/)])", re.IGNORECASE)
_TAIL = re.compile(r"\*(?![\w*])|~(\d+)?(?![\w~])")
_BARE = re.compile(r"[^\s()\"“”„«»]+")


class BadQuery(IndexFailure):
    """A query cannot be understood: `position` is where in it, from 0; the message shows it with a caret.

    `bound` names the bound of `Bounds` that it goes over, where it is that.
    """

    def __init__(self, reason: str, query: str, position: int, bound: str = "") -> None:
        self.reason, self.query, self.position, self.bound = reason, query, position, bound
        super().__init__(f"{reason}\n{self.shown()}")

    def shown(self, width: int = 76) -> str:
        """The part of the query around the place, and a caret under it."""
        first = max(0, min(self.position - width // 2, len(self.query) - width))
        line = re.sub(r"\s", " ", self.query[first : first + width])
        return f"  {line}\n  {' ' * (self.position - first)}^"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a query: its kind, where it starts, and the leaf that it stands for, if any."""

    kind: str  # word phrase ( ) AND OR NOT leaf
    start: int
    node: Node | None = None


class Lexer:
    """Cuts a query into words, phrases, conditions, operators and brackets."""

    def __init__(self, query: str, bounds: Bounds) -> None:
        self.query, self.bounds, self.at = query, bounds, 0
        self._a_word = word_in(query)

    def tokens(self) -> list[Token]:
        """All pieces of the query, in order; raises `BadQuery`."""
        found: list[Token] = []
        while self.at < len(self.query):
            found.extend(self._next())
        return found

    def _next(self) -> list[Token]:
        start, char = self.at, self.query[self.at]
        if char in "()":
            self.at += 1
            return [Token(char, start)]
        if char in _OPENING and (inner := self._quoted()) is not None:
            return self._phrase(inner, TEXT, start)
        if char == "-" and self._is_minus():
            self.at += 1
            return [Token("NOT", start)]
        if self._begins_word() and (match := _FIELD.match(self.query, self.at)):
            name = match.group(1).lower()
            self.at = match.end()
            return self._condition(ALIASES.get(name, name), start)
        if match := self._a_word.match(self.query, self.at):
            return self._word(match, TEXT)
        if char in "*?" and re.match(r"[*?]\w{2}", self.query[self.at :]) and self._begins_word():
            raise BadQuery(
                "a word cannot begin with * or ?: give its beginning and end it with *", self.query, start
            )
        self.at += 1
        return []

    def _begins_word(self) -> bool:
        return self.at == 0 or not self.query[self.at - 1].isalnum()

    def _is_minus(self) -> bool:
        before = self.query[self.at - 1] if self.at else " "
        after = self.query[self.at + 1 : self.at + 2]
        return (before.isspace() or before == "(") and (
            after.isalnum() or (after != "" and after in _OPENING + "(")
        )

    def _quoted(self) -> str | None:
        """The inside of the quotation marks that open here, or None where nothing closes them."""
        closing = _CLOSING.get(self.query[self.at], '"“”„«»‟\uff02')
        for place in range(self.at + 1, len(self.query)):
            if self.query[place] in closing:
                inner = self.query[self.at + 1 : place]
                self.at = place + 1
                return inner
        return None

    def _phrase(self, inner: str, field: str, start: int) -> list[Token]:
        found = tuple(words(inner))
        distance = re.compile(r"~(\d{1,4})(?!\w)").match(self.query, self.at)
        if distance:
            self.at = distance.end()
            if int(distance.group(1)) > self.bounds.distance:
                raise BadQuery(
                    f"the words of a near lie at most {self.bounds.distance} apart",
                    self.query,
                    distance.start(),
                    "distance",
                )
        if not found:
            return []
        if len(found) > self.bounds.clauses:
            raise BadQuery(f"a phrase has at most {self.bounds.clauses} words", self.query, start, "clauses")
        if len(found) == 1 and field in WORDY:
            return [Token("phrase", start, Phrase(field, found))]
        node = Near(field, found, int(distance.group(1))) if distance else Phrase(field, found)
        return [Token("phrase", start, node)]

    def _word(self, match: re.Match[str], field: str) -> list[Token]:
        start, text = match.start(), match.group()
        self.at = match.end()
        if text in _OPERATORS and field == TEXT:
            return [Token(text, start)]
        word = fold(text)
        if tail := _TAIL.match(self.query, self.at):
            self.at = tail.end()
            return [Token("leaf", start, self._extended(word, field, tail))]
        joined = re.compile(r"(?:[-\u2010\u2011.@/_&+]\w+)+").match(self.query, self.at)
        if joined and field in (*WORDY, *NAMED):
            self.at = joined.end()
            return [Token("word", start, Phrase(field, (word, *words(joined.group()))))]
        return self._run_on(word, field, start)

    def _run_on(self, word: str, field: str, start: int) -> list[Token]:
        """Characters written without spaces are a phrase as far as they go on."""
        run = [word]
        while (
            field in (*WORDY, *NAMED)
            and (more := self._a_word.match(self.query, self.at))
            and not more.group()[0].isascii()
        ):
            run.append(fold(more.group()))
            self.at = more.end()
        return [Token("word", start, Word(field, word) if len(run) == 1 else Phrase(field, tuple(run)))]

    def _extended(self, word: str, field: str, tail: re.Match[str]) -> Node:
        if tail.group()[0] == "*":
            if len(word) < self.bounds.prefix:
                raise BadQuery(
                    f"a beginning before * has at least {self.bounds.prefix} letters",
                    self.query,
                    tail.start(),
                    "prefix",
                )
            return Prefix(field, word, tail.start())
        edits = int(tail.group(1) or 1)
        if not 1 <= edits <= 2:
            raise BadQuery("a word with ~ may differ by 1 or 2 letters", self.query, tail.start())
        if len(word) < edits + 3:
            raise BadQuery(f"a word with ~{edits} has at least {edits + 3} letters", self.query, tail.start())
        return Fuzzy(field, word, edits)

    def _condition(self, field: str, start: int) -> list[Token]:
        value = self.at
        if self.query[value] in _OPENING and (inner := self._quoted()) is not None:
            if field in (*WORDY, *NAMED):
                return self._phrase(inner, field, start)
            return [Token("leaf", start, self._sign(field, inner.strip(), value))]
        if field in (*WORDY, *NAMED) and (match := self._a_word.match(self.query, value)):
            return self._word(match, field)
        bare = _BARE.match(self.query, value)
        if field in (*WORDY, *NAMED) or bare is None:
            raise BadQuery(f"{field}: is followed by no word", self.query, value)
        text = bare.group().rstrip(",;!?")
        self.at = value + len(text)
        return [Token("leaf", start, self._sign(field, text, value))]

    def _sign(self, field: str, text: str, at: int) -> Node:
        if field in TIMES:
            return self._time(field, text, at)
        if field == NUMBER:
            return self._number(text, at)
        plain = text.casefold().removeprefix("sha256:") if field == "digest" else text.casefold()
        if plain.endswith("*"):
            if len(plain) <= self.bounds.prefix:
                raise BadQuery(
                    f"a beginning before * has at least {self.bounds.prefix} letters",
                    self.query,
                    at,
                    "prefix",
                )
            return Prefix(field, plain[:-1], at)
        return Exactly(field, plain)

    def _time(self, field: str, text: str, at: int) -> Node:
        from index.dates import between  # late, as numbers below: most queries have none

        try:
            return Between(field, *between(text))
        except ValueError as error:
            said = f": {error}" if "range" in str(error) else ""
            raise BadQuery(
                f"not a date or a range of dates: {text!r}{said} "
                "(write 2022, 2022-07, 2022-07-01 or 2022-07..2023-01)",
                self.query,
                at,
            ) from error

    def _number(self, text: str, at: int) -> Node:
        from index.numbers import as_decimal, read_number

        low, dots, high = text.partition("..")
        first, last = read_number(low), read_number(high) if dots else None
        if first is None or (dots and last is None):
            raise BadQuery(f"not a number: {text!r} (write 415m, 415,000,000 or 400m..500m)", self.query, at)
        ends = as_decimal(first), as_decimal(last or first)
        if ends[0] is not None and ends[1] is not None and ends[0] > ends[1]:
            raise BadQuery("the end of the range lies before its beginning", self.query, at)
        return Number(first, last or first, at)
