"""What the index must answer, found the long way: every version is read again for every query."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import product
from math import log
from typing import TYPE_CHECKING

from index import Document, Order, Request, Versions
from index.numbers import as_decimal
from index.query import parse
from index.tree import (
    NAMED,
    All,
    Between,
    Either,
    Every,
    Exactly,
    Fuzzy,
    Most,
    Near,
    Node,
    Nothing,
    Number,
    Phrase,
    Prefix,
    Without,
    Word,
    positive,
)
from index.words import stem, stemmed_as, words

if TYPE_CHECKING:
    from datetime import datetime


@cache
def texts(document: Document, field: str) -> list[list[str]]:
    """The stretches of words of a field; the first of `text` is the text, then comes the headline."""
    parts = {
        "text": (document.text, document.headline),
        "headline": (document.headline,),
        "quoted": document.quoted,
        "byline": (document.byline,),
        "outlet": (document.outlet,),
        "source": document.sources,
        "section": (document.section,),
    }[field]
    return [words(part) for part in parts]


def signs(document: Document, field: str) -> list[str]:
    found = {
        "language": (document.language,),
        "accession": (document.accession,),
        "id": (document.label, document.key, *document.external_ids),
        "digest": (document.digest.removeprefix("sha256:"),),
        "basis": document.bases,
        "item": (document.item,),
    }[field]
    return [sign.casefold() for sign in found]


def distance(one: str, other: str) -> int:
    """Letters put in, left out, changed, or swapped with the next (optimal string alignment)."""
    rows = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i, j in product(range(len(one) + 1), range(len(other) + 1)):
        if not i or not j:
            rows[i][j] = i + j
            continue
        same = one[i - 1] == other[j - 1]
        rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (not same))
        if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
            rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


def near(found: list[str], wanted: tuple[str, ...], width: int) -> bool:
    needed = Counter(wanted)
    return any(not needed - Counter(found[start : start + width + 1]) for start in range(len(found)))


def times(document: Document, field: str) -> datetime | None:
    return {"published": document.published, "retrieved": document.retrieved, "recorded": document.recorded}[
        field
    ]


def count(node: Node, document: Document) -> int:
    """How often a word, phrase or near stands in a version, a headline counting three times."""
    weights = (1, 3) if node.field == "text" else (1,) * 99
    language = stemmed_as(document.language)
    total = 0
    for weight, found in zip(weights, texts(document, node.field), strict=False):
        match node:
            case Word(field, word) if field in NAMED:
                total += weight * found.count(word)
            case Word(_, word):
                total += weight * [stem(each, language) for each in found].count(stem(word, language))
            case Phrase(_, wanted):
                size = len(wanted)
                total += weight * sum(tuple(found[at : at + size]) == wanted for at in range(len(found)))
            case Near(_, wanted, apart):
                total += weight * near(found, wanted, apart + len(wanted) - 1)
    return total


def holds(node: Node, document: Document) -> bool:
    match node:
        case All():
            return True
        case Nothing():
            return False
        case Every(parts):
            return all(holds(part, document) for part in parts)
        case Either(parts):
            return any(holds(part, document) for part in parts)
        case Most(parts, least):
            return sum(holds(part, document) for part in parts) >= least
        case Without(part):
            return not holds(part, document)
        case Between(field, since, until):
            at = times(document, field)
            return at is not None and (since is None or since <= at) and (until is None or at < until)
        case Number(low, high):
            first, last = as_decimal(low), as_decimal(high)
            return any(first <= as_decimal(number) <= last for number in document.numbers)
        case _:
            return leaf_holds(node, document)


def in_language(document: Document, tag: str) -> bool:
    here, wanted = document.language.casefold(), tag.casefold()
    return here == wanted or here.startswith(wanted + "-")


def leaf_holds(node: Node, document: Document) -> bool:
    match node:
        case Exactly("language", value):
            return in_language(document, value)
        case Exactly(field, value):
            return value in signs(document, field)
        case Prefix(field, beginning):
            known = (
                signs(document, field)
                if field in ("language", "accession", "id", "digest", "basis", "item")
                else []
            )
            known = known or [word for found in texts(document, field) for word in found]
            return any(word.startswith(beginning) for word in known)
        case Fuzzy(field, word, edits):
            return any(distance(word, each) <= edits for found in texts(document, field) for each in found)
        case _:
            return count(node, document) > 0


@dataclass
class Exhaustive:
    """All versions there are, in a dictionary."""

    documents: dict[str, Document]

    def find(self, request: Request) -> list[Document]:
        tree = parse(request.query) if isinstance(request.query, str) else request.query
        return [d for d in self.documents.values() if self.allowed(d, request) and holds(tree, d)]

    def allowed(self, document: Document, request: Request) -> bool:
        def among(values: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
            return not wanted or bool({v.casefold() for v in values} & {w.casefold() for w in wanted})

        if request.versions is not Versions.ALL:
            same = [d for d in self.documents.values() if d.item == document.item]
            chosen = max if request.versions is Versions.LATEST else min
            if chosen(same, key=lambda d: (d.number, d.position)) is not document:
                return False
        published = document.published
        return (
            among((document.outlet,), request.outlets)
            and among(document.sources, request.sources)
            and among((document.section,), request.sections)
            and (not request.languages or any(in_language(document, tag) for tag in request.languages))
            and among(document.bases, request.bases)
            and document.key not in request.unlike
            and (request.since is None or (published is not None and published >= request.since))
            and (request.until is None or (published is not None and published < request.until))
        )

    def frequency(self, leaf: Node, word: str) -> int:
        field = leaf.field
        number = 0
        for document in self.documents.values():
            language = stemmed_as(document.language)
            found = texts(document, field)[:1] if field == "text" else texts(document, field)
            held = {each for stretch in found for each in stretch}
            if isinstance(leaf, Word) and field not in NAMED:
                number += stem(word, language) in {stem(each, language) for each in held}
            else:
                number += word in held
        return number

    def score(self, tree: Node, document: Document) -> float:
        total = len(self.documents)
        lengths = [len(words(d.text)) for d in self.documents.values()]
        mean = max(1.0, sum(lengths) / max(1, total))
        length = len(words(document.text))
        score = 0.0
        for leaf in dict.fromkeys(positive(tree)):
            if isinstance(leaf, (Prefix, Fuzzy)):
                score += holds(leaf, document)
            elif isinstance(leaf, (Word, Phrase, Near)):
                terms = (leaf.word,) if isinstance(leaf, Word) else leaf.words
                frequencies = [self.frequency(leaf, term) for term in terms]
                weight = sum(log(1 + (total - f + 0.5) / (f + 0.5)) for f in frequencies)
                often = count(leaf, document)
                score += weight * often * 2.2 / (often + 1.2 * (0.25 + 0.75 * length / mean))
        return score

    def ordered(self, request: Request) -> list[tuple[float, Document]]:
        """What is found with its score, in order; alike scores by position, the later first."""
        tree = parse(request.query) if isinstance(request.query, str) else request.query
        rows = []
        for document in self.find(request):
            if request.order is Order.RELEVANCE:
                rows.append((self.score(tree, document), document.position, document))
            else:
                at = document.published or document.retrieved
                worth = at.timestamp() if at else float("-inf")
                sign = -1 if request.order is Order.OLDEST else 1
                rows.append((sign * worth, document.position, document))
        rows.sort(key=lambda row: row[:2], reverse=True)
        return [(row[0], row[2]) for row in rows]
