"""The language of queries: text in, a tree out. It is ours; no engine ever sees what was typed.

    words           renounced membership     all of these, in any of their forms
    phrase          "renounced their"        exactly these words, one after the other
    near            "renounced party"~5      these words, in any order, with at most 5 others among them
    prefix          renounc*                 every word that begins so; three letters or more
    fuzzy           jinping~  jinping~2      words that differ by one letter, or by two
    AND OR NOT ( )  (a OR b) NOT c  -c       in capitals; AND binds closer than OR, a minus is NOT
    field           headline:party           headline, text, quoted, byline, outlet, source, section; also
                                             language, accession, id, digest, basis, with `*` after a
                                             beginning
    time            published:2022-07..2023-01   published, retrieved, recorded; a day, month or year, or a
                                             range of these, either end of which may be left open
    number          number:415m              also number:415,000,000 and number:400m..500m

More than eight plain words in a row are a pasted sentence: versions with at least three quarters of them
are found. Punctuation that means nothing here is passed over, and so are quotes and brackets without a
partner.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.dates import between
from index.errors import IndexFailure
from index.model import Bounds
from index.numbers import as_decimal, read_number
from index.tree import (
    EXACT,
    NAMED,
    NUMBER,
    TEXT,
    TIMES,
    WORDY,
    All,
    Between,
    Either,
    Every,
    Exactly,
    Fuzzy,
    Most,
    Near,
    Node,
    Number,
    Phrase,
    Prefix,
    Without,
    Word,
)
from index.words import WORD, fold, words

SENTENCE = 9
"""From so many plain words in a row on, a query is a pasted sentence."""

SHARE = 0.75
"""The share of a pasted sentence's words that a version must hold."""

ALIASES = {"lang": "language", "title": "headline", "author": "byline", "label": "id", "sources": "source"}
FIELDS = frozenset((*WORDY, *NAMED, *EXACT, *TIMES, NUMBER, *ALIASES))

_OPENING = '"“”„«»‟\uff02'
_CLOSING = {"„": '“”"', "“": '”"“', "«": "»", "»": "«"}
_OPERATORS = ("AND", "OR", "NOT")
_FIELD = re.compile(rf"({'|'.join(sorted(FIELDS, key=len, reverse=True))}):(?=[^\s:/)])", re.IGNORECASE)
_TAIL = re.compile(r"\*(?![\w*])|~(\d+)?(?![\w~])")
_BARE = re.compile(r"[^\s()\"“”„«»]+")


class BadQuery(IndexFailure):
    """A query cannot be understood: `position` is where in it, from 0; the message shows it with a caret."""

    def __init__(self, reason: str, query: str, position: int) -> None:
        self.reason, self.query, self.position = reason, query, position
        super().__init__(f"{reason}\n{self.shown()}")

    def shown(self, width: int = 76) -> str:
        """The part of the query around the place, and a caret under it."""
        first = max(0, min(self.position - width // 2, len(self.query) - width))
        line = re.sub(r"\s", " ", self.query[first : first + width])
        return f"  {line}\n  {' ' * (self.position - first)}^"


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # word phrase ( ) AND OR NOT leaf
    start: int
    node: Node | None = None


def parse(query: str, bounds: Bounds | None = None) -> Node:
    """The tree of a query; raises `BadQuery`. An empty query is everything."""
    limits = bounds or Bounds()
    if len(query) > limits.length:
        raise BadQuery(f"the query is longer than {limits.length:,} characters", query, limits.length)
    tokens = list(_Lexer(query, limits).tokens())
    clauses = [token for token in tokens if token.node is not None]
    if len(clauses) > limits.clauses:
        raise BadQuery(
            f"the query has more than {limits.clauses} conditions", query, clauses[limits.clauses].start
        )
    return _Parser(query, _paired(tokens), limits).whole()


def _paired(tokens: list[_Token]) -> list[_Token]:
    """The tokens without brackets that have no partner or nothing between them."""
    opened: list[int] = []
    kept: set[int] = set()
    for place, token in enumerate(tokens):
        if token.kind == "(":
            opened.append(place)
        elif token.kind == ")" and opened:
            first = opened.pop()
            if any(tokens[inner].node is not None for inner in range(first, place)):
                kept.update((first, place))
    return [token for place, token in enumerate(tokens) if token.kind not in "()" or place in kept]


class _Lexer:
    """Cuts a query into words, phrases, conditions, operators and brackets."""

    def __init__(self, query: str, bounds: Bounds) -> None:
        self.query, self.bounds, self.at = query, bounds, 0

    def tokens(self) -> list[_Token]:
        found: list[_Token] = []
        while self.at < len(self.query):
            found.extend(self._next())
        return found

    def _next(self) -> list[_Token]:
        start, char = self.at, self.query[self.at]
        if char in "()":
            self.at += 1
            return [_Token(char, start)]
        if char in _OPENING and (inner := self._quoted()) is not None:
            return self._phrase(inner, TEXT, start)
        if char == "-" and self._is_minus():
            self.at += 1
            return [_Token("NOT", start)]
        if self._begins_word() and (match := _FIELD.match(self.query, self.at)):
            name = match.group(1).lower()
            self.at = match.end()
            return self._condition(ALIASES.get(name, name), start)
        if match := WORD.match(self.query, self.at):
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

    def _phrase(self, inner: str, field: str, start: int) -> list[_Token]:
        found = tuple(words(inner))
        distance = re.compile(r"~(\d{1,4})(?!\w)").match(self.query, self.at)
        if distance:
            self.at = distance.end()
            if int(distance.group(1)) > self.bounds.distance:
                raise BadQuery(
                    f"the words of a near lie at most {self.bounds.distance} apart",
                    self.query,
                    distance.start(),
                )
        if not found:
            return []
        if len(found) > self.bounds.clauses:
            raise BadQuery(f"a phrase has at most {self.bounds.clauses} words", self.query, start)
        if len(found) == 1 and field in WORDY:
            return [_Token("phrase", start, Phrase(field, found))]
        node = Near(field, found, int(distance.group(1))) if distance else Phrase(field, found)
        return [_Token("phrase", start, node)]

    def _word(self, match: re.Match[str], field: str) -> list[_Token]:
        start, text = match.start(), match.group()
        self.at = match.end()
        if text in _OPERATORS and field == TEXT:
            return [_Token(text, start)]
        word = fold(text)
        if tail := _TAIL.match(self.query, self.at):
            self.at = tail.end()
            return [_Token("leaf", start, self._extended(word, field, tail))]
        joined = re.compile(r"(?:[-\u2010\u2011.@/_&+]\w+)+").match(self.query, self.at)
        if joined and field in (*WORDY, *NAMED):
            self.at = joined.end()
            return [_Token("word", start, Phrase(field, (word, *words(joined.group()))))]
        return self._run_on(word, field, start)

    def _run_on(self, word: str, field: str, start: int) -> list[_Token]:
        """Characters written without spaces are a phrase as far as they go on."""
        run = [word]
        while (
            field in (*WORDY, *NAMED)
            and (more := WORD.match(self.query, self.at))
            and not more.group()[0].isascii()
        ):
            run.append(fold(more.group()))
            self.at = more.end()
        return [_Token("word", start, Word(field, word) if len(run) == 1 else Phrase(field, tuple(run)))]

    def _extended(self, word: str, field: str, tail: re.Match[str]) -> Node:
        if tail.group()[0] == "*":
            if len(word) < self.bounds.prefix:
                raise BadQuery(
                    f"a beginning before * has at least {self.bounds.prefix} letters",
                    self.query,
                    tail.start(),
                )
            return Prefix(field, word, tail.start())
        edits = int(tail.group(1) or 1)
        if not 1 <= edits <= 2:
            raise BadQuery("a word with ~ may differ by 1 or 2 letters", self.query, tail.start())
        if len(word) < edits + 3:
            raise BadQuery(f"a word with ~{edits} has at least {edits + 3} letters", self.query, tail.start())
        return Fuzzy(field, word, edits)

    def _condition(self, field: str, start: int) -> list[_Token]:
        value = self.at
        if self.query[value] in _OPENING and (inner := self._quoted()) is not None:
            if field in (*WORDY, *NAMED):
                return self._phrase(inner, field, start)
            return [_Token("leaf", start, self._sign(field, inner.strip(), value))]
        if field in (*WORDY, *NAMED) and (match := WORD.match(self.query, value)):
            return self._word(match, field)
        bare = _BARE.match(self.query, value)
        if field in (*WORDY, *NAMED) or bare is None:
            raise BadQuery(f"{field}: is followed by no word", self.query, value)
        text = bare.group().rstrip(",;!?")
        self.at = value + len(text)
        return [_Token("leaf", start, self._sign(field, text, value))]

    def _sign(self, field: str, text: str, at: int) -> Node:
        if field in TIMES:
            return self._time(field, text, at)
        if field == NUMBER:
            return self._number(text, at)
        plain = text.casefold().removeprefix("sha256:") if field == "digest" else text.casefold()
        if plain.endswith("*"):
            if len(plain) <= self.bounds.prefix:
                raise BadQuery(
                    f"a beginning before * has at least {self.bounds.prefix} letters", self.query, at
                )
            return Prefix(field, plain[:-1], at)
        return Exactly(field, plain)

    def _time(self, field: str, text: str, at: int) -> Node:
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
        low, dots, high = text.partition("..")
        first, last = read_number(low), read_number(high) if dots else None
        if first is None or (dots and last is None):
            raise BadQuery(f"not a number: {text!r} (write 415m, 415,000,000 or 400m..500m)", self.query, at)
        ends = as_decimal(first), as_decimal(last or first)
        if ends[0] is not None and ends[1] is not None and ends[0] > ends[1]:
            raise BadQuery("the end of the range lies before its beginning", self.query, at)
        return Number(first, last or first, at)


class _Parser:
    """Puts tokens together: OR binds loosest, then AND (also unwritten), then NOT."""

    def __init__(self, query: str, tokens: list[_Token], bounds: Bounds) -> None:
        self.query, self.tokens, self.bounds, self.at, self.depth = query, tokens, bounds, 0, 0

    def whole(self) -> Node:
        if not any(token.node is not None for token in self.tokens):
            if self.tokens:
                raise BadQuery(
                    f"{self.tokens[0].kind} has no words beside it", self.query, self.tokens[0].start
                )
            if self.query.strip():
                raise BadQuery("the query has no word to look for", self.query, 0)
            return All()
        return self._either()

    def _peek(self) -> str:
        return self.tokens[self.at].kind if self.at < len(self.tokens) else ""

    def _either(self) -> Node:
        parts = [self._every()]
        while self._peek() == "OR":
            self._operator()
            parts.append(self._every())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _operator(self) -> None:
        """Step over AND, OR or NOT, which must have something after it."""
        token = self.tokens[self.at]
        self.at += 1
        if self._peek() in ("", ")", "AND", "OR"):
            raise BadQuery(f"{token.kind} has nothing after it", self.query, token.start)

    def _every(self) -> Node:
        parts: list[Node] = []
        if self._peek() in ("AND", "OR"):
            raise BadQuery(f"{self._peek()} has nothing before it", self.query, self.tokens[self.at].start)
        while self._peek() not in ("", ")", "OR"):
            if self._peek() == "AND":
                self._operator()
            parts.extend(self._run())
        return parts[0] if len(parts) == 1 else Every(tuple(parts))

    def _run(self) -> list[Node]:
        """One condition, or a run of plain words; a long run is a pasted sentence."""
        nodes: list[Node] = []
        while self._peek() == "word" and (node := self.tokens[self.at].node) is not None:
            nodes.append(node)
            self.at += 1
        if not nodes:
            return [self._single()]
        different = tuple(dict.fromkeys(nodes))
        if len(different) < SENTENCE:
            return list(different)
        return [Most(different, -int(-SHARE * len(different) // 1))]

    def _single(self) -> Node:
        token = self.tokens[self.at]
        if token.kind == "NOT":
            return self._negated()
        self.at += 1
        if token.kind == "(":
            return self._bracketed(token)
        assert token.node is not None  # noqa: S101 - brackets and operators are told apart above
        return token.node

    def _negated(self) -> Node:
        odd = False
        while self._peek() == "NOT":
            self._operator()
            odd = not odd
        part = self._single()
        return Without(part) if odd else part

    def _bracketed(self, token: _Token) -> Node:
        self.depth += 1
        if self.depth > self.bounds.depth:
            raise BadQuery(f"brackets nest at most {self.bounds.depth} deep", self.query, token.start)
        inner = self._either()
        self.at += 1
        self.depth -= 1
        return inner
