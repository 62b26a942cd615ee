"""Whom a source's words stand for, within the article and in the authority file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archive.attribution.heads import (
    belongs_to,
    document_end,
    goes_on,
    head_of,
    is_office_of,
    person_at_end,
    proper_name,
)
from archive.attribution.people import People
from archive.attribution.phrases import before
from archive.attribution.words import Word
from archive.model import ClaimedSource, SourceKind

if TYPE_CHECKING:
    from archive.attribution.drafts import Draft
    from archive.attribution.resolve import Authority
    from archive.attribution.tokens import Range, Tokens
    from archive.attribution.words import Lexicon

_UNKNOWN = ClaimedSource(SourceKind.UNRESOLVED, "")
_JOINED = 4
"""A word of more letters than this is seen at the end of a longer one: Verkehrsministerium."""
_PLAIN = Word.PRONOUN | Word.RELATIVE


class Naming:
    """Resolves the sources of one article in its order; what it has named, later short forms point to."""

    def __init__(self, tokens: Tokens, lexicon: Lexicon, authority: Authority) -> None:
        self.t = tokens
        self.lexicon = lexicon
        self.authority = authority
        self.people = People(tokens.text, lexicon)
        self._seen: dict[str, ClaimedSource] = {}

    def of(self, draft: Draft, *, quoted: bool = False) -> ClaimedSource:
        """What the draft's source stands for; `quoted` tells that it stands inside a quotation."""
        if draft.source is None:
            return _UNKNOWN
        return self.phrase(draft.source, quoted=quoted)

    def phrase(self, source: Range, *, quoted: bool = False) -> ClaimedSource:
        """What a source phrase stands for."""
        first, last = source
        if last - first == 1 and self.t.kinds[first] & _PLAIN:
            return self._pronoun(first, quoted)
        words = self._words(first, last)
        short = self._is_short(first, last)
        if last - first == 2 and self._is_own(first):
            return _UNKNOWN if quoted else ClaimedSource(SourceKind.SELF, "")
        found = None if short else self._seen.get(words)
        if found is None:
            found = self._named(first, last)
            if found.kind is not SourceKind.UNRESOLVED and not short:
                self._seen[words] = found
        elif found.kind is SourceKind.PERSON:
            self.people.named(found.name, "", self.t.starts[first])
        return found

    def outlet(self, phrase: Range) -> ClaimedSource | None:
        """The outlet that a phrase names or has inside (`Chris Wallace of Fox News`), else None."""
        found = self.authority.resolve(self._words(*phrase)) or self._inner_outlet(*phrase)
        return self._outlet(found) if found else None

    # Pronouns

    def _pronoun(self, at: int, quoted: bool) -> ClaimedSource:
        word = self.t.words[at].partition("'")[0]
        role = self.lexicon.pronouns.get(word)
        if role == "self":
            return _UNKNOWN if quoted else ClaimedSource(SourceKind.SELF, "")
        if role in ("he", "she"):
            return (None if quoted else self.people.latest(role, self.t.starts[at])) or ClaimedSource(
                SourceKind.UNRESOLVED, word
            )
        if role == "relative":
            return self._antecedent(at)
        kinds = {
            "it": (SourceKind.OUTLET, SourceKind.ORGANISATION, SourceKind.DOCUMENT),
            "they": (SourceKind.ANONYMOUS, SourceKind.ORGANISATION),
        }.get(role or "", ())
        return self._last_of(kinds) or ClaimedSource(SourceKind.UNRESOLVED, self._words(at, at + 1))

    def _antecedent(self, at: int) -> ClaimedSource:
        """Whom `who` stands for: the phrase before it."""
        k = at - 1
        if k > 0 and self.t.kinds[k] & Word.COMMA:
            k -= 1
        plain = k >= 0 and not self.t.kinds[k] & Word.PUNCTUATION
        found = before(self.t, max(0, at - 24), k) if plain else None
        if found is None or self.t.kinds[found[0]] & _PLAIN:
            return ClaimedSource(SourceKind.UNRESOLVED, self._words(at, at + 1))
        return self.phrase(found)

    def _person(self, name: Range, first: int) -> ClaimedSource:
        return self.people.named(self._words(*name), self.t.words[first], self.t.starts[first])

    def _last_of(self, kinds: tuple[SourceKind, ...]) -> ClaimedSource | None:
        """The source of one of these kinds that was named last."""
        for found in reversed(self._seen.values()):
            if found.kind in kinds:
                return found
        return None

    def _is_own(self, first: int) -> bool:
        """`this newspaper`: the outlet whose article it is."""
        lists, words = self.lexicon.lists, self.t.words
        return words[first] in lists["own"] and words[first + 1] in lists["outlet_noun"]

    # Names

    def _named(self, first: int, last: int) -> ClaimedSource:
        head = head_of(self.t, first, last)
        key = self.authority.resolve(self._words(first, head))
        if key:
            return self._outlet(key)
        run = proper_name(self.t, first, head)
        document = document_end(self.t, first, head)
        if document:
            return self._document(first, last, document)
        person = person_at_end(self.t, first, head)
        if person:
            return self._person(person, first)
        if run is None or (run[1] < head and not goes_on(self.t, run)) or belongs_to(self.t, first, run):
            return self._described(first, last, head)
        if is_office_of(self.t, first, run) and run[1] == head:
            return ClaimedSource(SourceKind.UNRESOLVED, self._words(first, head))
        return self._proper(first, head, run, last)

    def _proper(self, first: int, head: int, run: Range, last: int) -> ClaimedSource:
        name = self._words(*run)
        if self.t.words[run[1] - 1].endswith(("'s", "s'")) and run[1] < head:
            return self._described(first, last, head)
        key = self.authority.resolve(name)
        if key is None and " " not in name:
            short = self._short_form(name.casefold())
            if short:
                return short
            key = self.authority.resolve(self.people.full_names().get(name.casefold(), name))
        if key is None and "\u2019s " in name.replace("'", "\u2019"):
            name = re.split(r"['\u2019]s ", name)[-1]
        if key:
            return self._outlet(key)
        if self._is_body(name, first, run):
            return self._kept(ClaimedSource(SourceKind.ORGANISATION, self._plain_case(name)))
        return self.people.named(name, self.t.words[first], self.t.starts[first])

    def _is_body(self, name: str, first: int, run: Range) -> bool:
        words = name.split()
        if any(self._is_body_word(word.lower().rstrip(".,")) for word in words):
            return True
        if name.upper() == name and len(name) > 1 and name.casefold() not in self.people.full_names():
            return True
        article = run[0] > first and self.t.kinds[run[0] - 1] & Word.DETERMINER
        return bool(article) or name in self.lexicon.lists["place"]

    def _is_body_word(self, word: str) -> bool:
        """Whether a word is a body's; where words are joined, also one that ends with such a word."""
        bodies = self.lexicon.lists["body"]
        if word in bodies or not self.lexicon.verb_second:
            return word in bodies
        return any(len(body) > _JOINED and word.removesuffix("s").endswith(body) for body in bodies)

    def _plain_case(self, name: str) -> str:
        """A body's name without the ending that it has for `of`: des Ministeriums."""
        plain = name.removesuffix("s")
        return plain if self.lexicon.verb_second and self._is_body_word(plain.lower()) else name

    # Documents, bodies and people without a name

    def _spelled_out(self, first: int, head: int) -> ClaimedSource | None:
        """The body that a description is short for: `the water authority` where one `Ellery Water Authority` stands."""
        if not self._is_definite(first, head) or not self.t.kinds[first] & Word.DETERMINER:
            return None
        tail = r"\s".join(re.escape(self.t.words[k].capitalize()) for k in range(first + 1, head))
        full = re.compile(rf"\b((?:[A-Z][\w'-]*\s){{1,4}}{tail})\b")
        names = {name.removeprefix("The ") for name in full.findall(self.t.text)}
        names = {name for name in names if not re.fullmatch(tail, name)}
        return ClaimedSource(SourceKind.ORGANISATION, names.pop()) if len(names) == 1 else None

    def _document(self, first: int, last: int, head: int) -> ClaimedSource:
        """`the X report` and `a report in X` are X's; `the report` is the one named before."""
        if head - first > 1:
            key = self.authority.resolve(self._words(first, head - 1)) or self._inner_outlet(first, last)
            if key:
                return self._outlet(key)
        if self._is_short(first, last):
            noun = self.t.words[head - 1]
            for found in reversed(self._seen.values()):
                if found.kind is SourceKind.OUTLET or (
                    found.kind is SourceKind.DOCUMENT and noun in found.name.casefold()
                ):
                    return found
        if self.t.words[head - 1] in self.lexicon.lists["plural"]:
            return ClaimedSource(SourceKind.ANONYMOUS, self._words(first, last))
        return self._kept(ClaimedSource(SourceKind.DOCUMENT, self._words(first, last)))

    def _is_short(self, first: int, last: int) -> bool:
        return last - first <= 2 and bool(self.t.kinds[first] & Word.DETERMINER)

    def _inner_outlet(self, first: int, last: int) -> str | None:
        """An outlet inside a phrase about a document: `a report in the New York Times on Monday`."""
        k = first
        while (run := proper_name(self.t, k, last)) is not None:
            begin, end = run
            for stop in range(end, begin, -1):
                key = self.authority.resolve(self._words(begin, stop))
                if key:
                    return key
            k = end
        return None

    def _described(self, first: int, last: int, head: int) -> ClaimedSource:
        words = self._words(first, last)
        run = proper_name(self.t, head + 1, last) if last > head and self.t.kinds[head] & Word.COMMA else None
        if run and (run[0] == head + 1 or self.t.kinds[run[0] - 1] & Word.TITLE):
            return self._person(run, first)
        noun = self.t.words[head - 1]
        if self._is_short(first, head):
            short = self._short_form(noun)
            if short:
                return short
        spelled = self._spelled_out(first, head) if noun in self.lexicon.lists["body"] else None
        if spelled:
            return self._kept(spelled)
        kinds = [self.t.kinds[k] for k in range(first, head)]
        if any(kind & Word.ANONYMOUS for kind in kinds):
            pointing = head == last and self._is_definite(first, head)
            return ClaimedSource(SourceKind.UNRESOLVED if pointing else SourceKind.ANONYMOUS, words)
        if noun in self.lexicon.lists["body"] or proper_name(self.t, first, head):
            return ClaimedSource(SourceKind.ORGANISATION, words)
        if any(kind & Word.DOCUMENT for kind in kinds):
            key = self._inner_outlet(first, last)
            return self._outlet(key) if key else ClaimedSource(SourceKind.DOCUMENT, words)
        return ClaimedSource(SourceKind.UNRESOLVED, words)

    def _is_definite(self, first: int, head: int) -> bool:
        """Whether a phrase points to one person named elsewhere: `the senator`, `the minority leader`."""
        last = self.t.words[head - 1]
        plural = last.endswith("s") or self.t.kinds[head - 1] & Word.PLURAL
        return self.t.words[first] in self.lexicon.lists["definite"] and not plural

    def _short_form(self, noun: str) -> ClaimedSource | None:
        """`the ministry`, `the Post`, `the newspaper`: the body or outlet named so before."""
        for found in reversed(self._seen.values()):
            if found.kind is SourceKind.OUTLET and noun in self.lexicon.lists["outlet_noun"]:
                return found
            named = found.kind in (SourceKind.OUTLET, SourceKind.ORGANISATION)
            if named and noun in found.name.casefold().split():
                return found
        return None

    def _outlet(self, key: str) -> ClaimedSource:
        name = self.authority.entry(key).name.removeprefix("The ")
        return self._kept(ClaimedSource(SourceKind.OUTLET, name, key))

    def _kept(self, found: ClaimedSource) -> ClaimedSource:
        self._seen.pop(found.name, None)
        self._seen[found.name] = found
        return found

    def _words(self, first: int, last: int) -> str:
        t = self.t
        return t.text[t.starts[first] : t.ends[last - 1]] if last > first else ""
