"""A version as a person reads it: what it is, how it came, what is said about it and whom it names."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from archive.model import AttributionKind, Property
from archive.render.findings import beside, conflicts_of, received
from archive.render.words import basis, plural, size, stated, value, when, who

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archive.label import Label
    from archive.model import Attribution, Passage
    from archive.record import Capture, Holding
    from archive.render.page import Page

FACTS = (
    ("published", Property.PUBLISHED),
    ("modified", Property.MODIFIED),
    ("byline", Property.BYLINE),
    ("section", Property.SECTION),
    ("language", Property.LANGUAGE),
    ("address", Property.ADDRESS),
    ("canonical", Property.CANONICAL_ADDRESS),
    ("external id", Property.EXTERNAL_ID),
)


def title_of(holding: Holding) -> str:
    """The headline, else what the copy was called."""
    title = holding.first(Property.TITLE)
    if title:
        return title.value
    return f"(no title; came as {last_name(holding.captures[0].name)})" if holding.captures else "(no title)"


def last_name(path: str) -> str:
    """What a copy was called, without the folders it lay in."""
    return path.rstrip("/").rpartition("/")[2] or path


def head(page: Page, holding: Holding, label: str, indent: int = 0) -> None:
    """What every list says of a version: label and title, then outlet and dates, each with its basis."""
    page.line(f"{label}  {title_of(holding)}", indent)
    for name, about in (
        ("outlet", Property.OUTLET),
        ("published", Property.PUBLISHED),
        ("retrieved", Property.RETRIEVED),
    ):
        said = holding.first(about)
        page.line(f"{name:<11}{f'{said.value}  [{basis(said)}]' if said else 'unknown'}", indent + 2)


def listed(page: Page, found: Sequence[Holding], accession: Label) -> None:
    """What came in new with an accession, a head for each version."""
    for holding in found:
        head(page, holding, str(holding.version.label))
        page.line()
    page.line(f"{plural(len(found), 'version')} of items that came in new with accession {accession}")
    page.line("next: `claimtrail show ID` shows all that is recorded about one of them")


def outlet_of(holding: Holding) -> str:
    """The outlet with its basis, or that nobody says."""
    outlet = holding.first(Property.OUTLET)
    return stated(outlet) if outlet else "unknown"


def show(page: Page, holding: Holding, *, text: bool = False, passage: Passage | None = None) -> None:
    """All that is recorded about a version; above it the passage that was asked for, if one was."""
    version = holding.version
    page.line(f"{version.label}  {title_of(holding)}")
    if passage:
        _fact(page, "passage", f"#{passage.number}")
        page.wrapped(passage.span.of(holding.text), 14)
    outlets = holding.about(Property.OUTLET)
    _fact(page, "outlet", "unknown" if not outlets else stated(outlets[0]))
    for outlet in outlets[1:]:
        _fact(page, "", stated(outlet))
    conflicts = conflicts_of(holding)
    for name, about in FACTS:
        for number, statement in enumerate(holding.about(about)):
            _fact(page, "" if number else name, stated(statement))
        beside(page, about, conflicts, 14)
    _fact(page, "sha256", version.object.hex)
    _fact(page, "text", _text_line(holding))
    for capture in holding.captures:
        _capture(page, holding, capture)
    _sources(page, holding)
    if text:
        page.line()
        for paragraph in holding.paragraphs:
            page.wrapped(paragraph.span.of(holding.text))
            page.line()


def _fact(page: Page, name: str, words: str) -> None:
    page.line(f"  {name:<12}{words}")


def _text_line(holding: Holding) -> str:
    version = holding.version
    if not version.text_digest:
        return f"{version.state}: {version.reason or 'no text'} (the bytes are kept)"
    read = f"read as {version.format} by {version.reader}"
    return (
        f"{plural(len(holding.text), 'character')}, {plural(len(holding.passages), 'passage')}, {read}, "
        f"{version.text_rule} {str(version.text_digest)[:19]}..."
    )


def _capture(page: Page, holding: Holding, capture: Capture) -> None:
    said = [s.statement for s in holding.said if s.capture_id == capture.id]
    _fact(page, "capture", f"{capture.name}, {size(capture.size)}, accession {capture.accession}")
    for about, name in (
        (Property.RETRIEVED, "retrieved"),
        (Property.RETRIEVED_BY, "retrieved by"),
        (Property.COLUMNS, "columns"),
        (Property.NOTE, "note"),
    ):
        for statement in said:
            if statement.about is about:
                page.line(f"{'':14}{name} {value(statement)}  [{basis(statement)}]")
    beside(page, Property.RETRIEVED, conflicts_of(holding), 14)
    page.line(f"{'':14}recorded {when(capture.recorded)}  [observed]")
    received(page, [each.finding for each in holding.findings if each.capture_id == capture.id], 14)
    if capture.object != holding.version.object:
        page.line(f"{'':14}sha256 {capture.object.hex}")


def _sources(page: Page, holding: Holding) -> None:
    """Whom the version names as its sources, each with the passages that say so."""
    for statement in holding.about(Property.CLAIMED_SOURCE):
        _fact(page, "source", stated(statement))
    by_name: dict[str, list[Attribution]] = defaultdict(list)
    for made in holding.attributions:
        by_name[made.resolved.name].append(made)
    for name, some in sorted(by_name.items(), key=lambda pair: -len(pair[1])):
        source = f"{who(some[0].resolved)} ({some[0].resolved.kind})"
        said: dict[int, str] = {}
        for made in some:
            number, words = _passage(holding, made)
            credit = " (credit)" if made.kind is AttributionKind.CREDIT else ""
            said[number] = f"#{number}{credit} {words}"
        told = "named in" if name else "in"
        _fact(page, "source", f"{source}, {told} {plural(len(said), 'passage')}  [claimed in the text]")
        for words in said.values():
            page.wrapped(words, 14)


def _passage(holding: Holding, made: Attribution) -> tuple[int, str]:
    start = (*made.cue, *made.source, *made.content)[0]
    for passage in holding.passages:
        if passage.span.overlaps(start):
            return passage.number, passage.span.of(holding.text)
    return 0, start.of(holding.text)
