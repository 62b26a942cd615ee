"""What shares text with a version, for a person and as JSON lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.lineage.links import LinkLabel
from archive.model import Property, Span
from archive.related import Order
from archive.render.holding import head, title_of
from archive.render.words import basis, plural

if TYPE_CHECKING:
    from archive.lineage.shared import SharedText
    from archive.linking import LinkLag
    from archive.record import Holding
    from archive.related import Earlier, NamedLink, Relative, Relatives
    from archive.render.jsonlines import Object
    from archive.render.page import Page

LABEL_WORDS = {
    LinkLabel.SAME_TEXT: "largely the same text",
    LinkLabel.CONTAINED: "most of one is in the other",
    LinkLabel.SHARES_PASSAGE: "a passage in common",
    LinkLabel.SHARES_QUOTE: "a quote in common",
}

STRETCHES = 3
"""How many stretches are shown of each link, the longest."""


def relatives(page: Page, found: Relatives, limit: int) -> None:
    """A version, and what shares text with it."""
    label = found.holding.version.label
    head(page, found.holding, str(label))
    page.line()
    if not found.found:
        page.line(f"nothing held shares text with {label}, as far as links are made")
        return
    for each in found.found[:limit]:
        _relative(page, found.holding, each)
    more = len(found.found) - limit
    shown = f"; the {more:,} that share least are not shown (--limit)" if more > 0 else ""
    page.line(f"{plural(len(found.found), 'version')} {_shares(len(found.found))} text with {label}{shown}")


def _shares(count: int) -> str:
    return "shares" if count == 1 else "share"


def _relative(page: Page, asked: Holding, each: Relative) -> None:
    link, other = each.link, each.holding
    head(page, other, str(other.version.label), 2)
    revision = ", another version of the same item" if each.same_item else ""
    page.line(f"{'shares':<11}{_shared(link)}{revision}", 4)
    page.line(f"{'words':<11}{_words(link, asked, other)}", 4)
    page.line(f"{'earlier':<11}{earlier_words(each.earlier, asked)}", 4)
    longest = sorted(link.spans, key=lambda span: span[0] - span[1])[:STRETCHES]
    for start, end, *_ in sorted(longest):
        stretch = Span(start, end)
        page.quoted(asked.text, stretch, (), 6)
    hidden = len(link.spans) - len(longest)
    if hidden:
        page.line(f"and {plural(hidden, 'shorter stretch', 'shorter stretches')}", 6)
    page.line()


def _shared(link: SharedText) -> str:
    """What they have in common; the same text is said only of texts without another word."""
    whole = (link.covered, link.covered_there) == (link.words, link.words_there)
    return "the same text" if whole and link.label is LinkLabel.SAME_TEXT else LABEL_WORDS[link.label]


def _words(link: SharedText, asked: Holding, other: Holding) -> str:
    if not link.words:
        return "none could be read; the bytes are the same"
    return (
        f"{link.covered:,} of {link.words:,} of {asked.version.label}, "
        f"{link.covered_there:,} of {link.words_there:,} of {other.version.label}"
    )


def earlier_words(found: Earlier, asked: Holding) -> str:
    """Which is dated earlier, and how that is known."""
    if found.holding is None:
        return "not known: nothing that is said of both tells"
    label = found.holding.version.label
    if found.by is Order.VERSION or found.said is None:
        return f"{label}, an earlier version  [observed]"
    earlier, later = found.said if found.holding is asked else reversed(found.said)
    dates = f"{earlier.value} [{basis(earlier)}], the other {later.value} [{basis(later)}]"
    if found.by is Order.PUBLISHED:
        return f"{label}, by the dates of publication: {dates}"
    return f"{label}, by those of retrieval; which was published earlier is not known: {dates}"


def behind(page: Page, lag: LinkLag) -> None:
    """That links are not up to date, where they are not."""
    words = lag_words(lag)
    if words:
        page.line(words)


def lag_words(lag: LinkLag) -> str:
    """What is recorded and not linked, and what to do; nothing where links are up to date."""
    if not lag.behind:
        return ""
    verb = "is" if lag.behind == 1 else "are"
    return (
        f"{plural(lag.behind, 'version')} {verb} recorded but not yet linked: "
        "the next ingest or `claimtrail relink` does it"
    )


def relatives_json(found: Relatives) -> list[Object]:
    """An object a link of a version."""
    return [_json(found.holding, each) for each in found.found]


def _json(asked: Holding, each: Relative) -> Object:
    other, earlier = each.holding, each.earlier
    return _link_json(
        each.link,
        (str(asked.version.label), _external(asked)),
        (str(other.version.label), _external(other)),
    ) | {
        "same_item": each.same_item,
        "title": title_of(other),
        "outlet": _said(other, Property.OUTLET),
        "published": _said(other, Property.PUBLISHED),
        "retrieved": _said(other, Property.RETRIEVED),
        "dated_earlier": str(earlier.holding.version.label) if earlier.holding else None,
        "dated_earlier_by": earlier.by,
        "dated_earlier_bases": [said.basis for said in earlier.said] if earlier.said else None,
    }


def named_link_json(each: NamedLink) -> Object:
    """A link of the archive."""
    return _link_json(
        each.link, (each.later, each.later_external_id), (each.earlier, each.earlier_external_id)
    )


def _link_json(link: SharedText, one: tuple[str, str | None], other: tuple[str, str | None]) -> Object:
    return {
        "type": "link",
        "id": one[0],
        "external_id": one[1],
        "other": other[0],
        "other_external_id": other[1],
        "label": link.label,
        "covered": link.covered,
        "other_covered": link.covered_there,
        "words": link.words,
        "other_words": link.words_there,
        "spans": [list(span) for span in link.spans],
        "method": str(link.method),
    }


def _external(holding: Holding) -> str | None:
    return _said(holding, Property.EXTERNAL_ID)


def _said(holding: Holding, about: Property) -> str | None:
    statement = holding.first(about)
    return statement.value if statement else None
