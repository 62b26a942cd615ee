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
are found. Where a query has nothing but words and phrases, brackets and phrases do not end the row.
Punctuation that means nothing here is passed over, and so are quotes and brackets without a partner.
"""

from __future__ import annotations

from index.lexer import ALIASES, FIELDS, BadQuery, Lexer, Token
from index.model import Bounds
from index.tree import (
    All,
    Either,
    Every,
    Most,
    Node,
    Without,
)

SENTENCE = 9
"""From so many plain words in a row on, a query is a pasted sentence."""

SHARE = 0.75
"""The share of a pasted sentence's words that a version must hold."""


def parse(query: str, bounds: Bounds | None = None) -> Node:
    """The tree of a query; raises `BadQuery`. An empty query is everything."""
    limits = bounds or Bounds()
    if len(query) > limits.length:
        raise BadQuery(
            f"the query is longer than {limits.length:,} characters", query, limits.length, "length"
        )
    tokens = list(Lexer(query, limits).tokens())
    clauses = [token for token in tokens if token.node is not None]
    if len(clauses) > limits.clauses:
        raise BadQuery(
            f"the query has more than {limits.clauses} conditions",
            query,
            clauses[limits.clauses].start,
            "clauses",
        )
    return _Parser(query, _paired(tokens), limits).whole()


def _paired(tokens: list[Token]) -> list[Token]:
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


def _most(words: tuple[Node, ...]) -> Most:
    """At least the share of them that a pasted sentence asks for."""
    return Most(words, -int(-SHARE * len(words) // 1))


class _Parser:
    """Puts tokens together: OR binds loosest, then AND (also unwritten), then NOT."""

    def __init__(self, query: str, tokens: list[Token], bounds: Bounds) -> None:
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
        return self._sentence() or self._either()

    def _sentence(self) -> Node | None:
        """A pasted sentence with quotes and brackets in it: its plain words, and its phrases as they stand."""
        if any(token.kind not in ("word", "phrase", "(", ")") for token in self.tokens):
            return None
        told = [(token.kind, token.node) for token in self.tokens if token.node is not None]
        plain = tuple(dict.fromkeys(node for kind, node in told if kind == "word"))
        if len(plain) < SENTENCE:
            return None
        quoted = dict.fromkeys(node for kind, node in told if kind == "phrase")
        most = _most(plain)
        return Every((most, *quoted)) if quoted else most

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
        return [_most(different)]

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

    def _bracketed(self, token: Token) -> Node:
        self.depth += 1
        if self.depth > self.bounds.depth:
            raise BadQuery(
                f"brackets nest at most {self.bounds.depth} deep", self.query, token.start, "depth"
            )
        inner = self._either()
        self.at += 1
        self.depth -= 1
        return inner


__all__ = ["ALIASES", "FIELDS", "SENTENCE", "SHARE", "BadQuery", "parse"]
