"""When a page says it was published and changed, the best statement first.

For publication that is JSON-LD, then meta tags, then what is marked up in the text, then the day in its
address, then the date line by its headline, and where none of these is there what htmldate makes of it (inferred).
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from archive.formats import jsonld
from archive.formats.compose import claim, library
from archive.formats.datelines import COARSE, in_address, lines, nearest
from archive.formats.dates import dated
from archive.formats.page import JSON_LD, META, PAGE
from archive.model import Basis, Evidence, Precision, Property, Statement
from archive.text.canonical import canonical_paragraph
from archive.text.dates import written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archive.formats.datelines import DateLine
    from archive.formats.page import PageSays
    from archive.model import Moment

ZONES = (timedelta(hours=-12), timedelta(hours=14))
"""The zones of the world: how far a local time can be from UTC."""
STEP = timedelta(minutes=30)
"""Zones differ from UTC by whole steps of this (few by half of it: they are passed over)."""
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
SAME_DAY = range(9, 13)
"""The hours of UTC in which it is the same day wherever most people live."""

_PUBLISHED = (
    "article:published_time", "datepublished", "parsely-pub-date", "sailthru.date", "pubdate", "publishdate",
    "publish-date", "date", "dc.date.issued", "dc.date", "dcterms.date", "article.published",
    "og:published_time", "published_time", "cxenseparse:recs:publishtime", "og:article:published_time",
    "article:published", "article:published_date", "article:publicationdate", "og:pubdate",
    "og:publish_date", "og:regdate", "published_at", "published-date", "published_date", "publish_date",
    "publish_time", "publication_date", "publisheddate", "date_published", "dateposted",
    "originalpublicationdate", "mediator_published_time", "shareaholic:article_published_time",
    "rnews:datepublished", "vr:published_time", "bt:pubdate", "rbpubdate", "displaydate",
    "citation_publication_date", "citation_date", "dcterms.issued", "dcterms.created", "dc.date.created",
    "dc.created", "dc:date", "dc:created", "datecreated", "date_created", "created", "ptime", "pdate",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time", "datemodified", "og:updated_time", "lastmod", "last-modified", "dc.date.modified",
    "dcterms.modified",
)  # fmt: skip
_BROKEN = re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')
_NEW_YEAR = re.compile(
    r"-01-01|\b0?1[./]0?1[./]|\bjan\w*\.?\s+1\b|\b1(?:\.|st|er|\u00ba)?\s+(?:de\s+)?(?:jan|j\u00e4n|ene|gen)",
    re.IGNORECASE,
)


def dates(said: PageSays) -> Iterator[Statement]:
    """When the page was published and changed, as far as it says."""
    published = _best_first(_dated(said, Property.PUBLISHED, "datePublished", _PUBLISHED))
    if _tells_day(published):
        yield from _local_first(published, said)
    else:
        yield from _best_first(_shown(said, published))
    yield from _dated(said, Property.MODIFIED, "dateModified", _MODIFIED)


def _dated(said: PageSays, about: Property, name: str, keys: Iterable[str]) -> Iterator[Statement]:
    for node in said.articles:
        place = f"JSON-LD {jsonld.kind(node)} {name}"
        yield from dated(about, node.get(name), JSON_LD, place, context=said.context)
    for key, value in said.metas(keys):
        yield from dated(about, value, META, f"meta[{key}]", context=said.context)


def _best_first(found: Iterable[Statement]) -> list[Statement]:
    """Those that tell the day before those that do not, else as they came; notes last."""
    return sorted(found, key=lambda one: 2 if one.moment is None else one.moment.precision in COARSE)


def _tells_day(found: list[Statement]) -> bool:
    return bool(found and found[0].moment and found[0].moment.precision not in COARSE)


def _shown(said: PageSays, head: list[Statement]) -> Iterator[Statement]:
    """What the head says and what is said outside it: the first place that tells the day is enough.

    Where there is an ambiguous date htmldate is not asked: it would take one reading of it.
    """
    yield from head
    is_ambiguous = any(one.about is Property.NOTE for one in head)
    for place in (_marked_up, _addressed, _near_heading):
        found = list(place(said))
        yield from found
        if _tells_day(found):
            return
        is_ambiguous = is_ambiguous or any(one.about is Property.NOTE for one in found)
    yield from () if is_ambiguous else _by_htmldate(said)


def _marked_up(said: PageSays) -> Iterator[Statement]:
    """Microdata and the oldest HTML way, and JSON-LD that is no JSON; not where the address contradicts."""
    day = _day_of_address(said)
    for statement in (*_microdata(said), *_broken(said)):
        when = statement.moment
        if day is None or when is None or abs(when.at - day.at) < 2 * DAY:
            yield statement


def _microdata(said: PageSays) -> Iterator[Statement]:
    for element in said.tree.xpath(".//*[@itemprop='datePublished'] | .//time[@pubdate]"):
        value = element.get("datetime") or element.get("content") or str(element.text_content())
        place = "[itemprop=datePublished]" if element.get("itemprop") else "time[pubdate]"
        yield from dated(Property.PUBLISHED, value, PAGE, place, context=said.context)


def _broken(said: PageSays) -> Iterator[Statement]:
    for script in said.tree.iter("script"):
        if "ld+json" in (script.get("type") or "") and (match := _BROKEN.search(script.text or "")):
            yield from dated(Property.PUBLISHED, match[1], JSON_LD, "JSON-LD datePublished")


def _day_of_address(said: PageSays) -> Moment | None:
    return next(filter(None, map(in_address, said.addresses())), None)


def _addressed(said: PageSays) -> Iterator[Statement]:
    """The day in the address; a date line of the same day or the next to it says the same, and more exactly."""
    if day := _day_of_address(said):
        line = nearest(lines(said.tree, said.heading, said.context))
        if line and line.is_below and not line.open and abs(line.moment.at - day.at) < 2 * DAY:
            yield from _of_line(line)
        yield claim(Property.PUBLISHED, written(day), PAGE, "address", day.original, day)


def _near_heading(said: PageSays) -> Iterator[Statement]:
    """The date line by the headline, in the language that the page declares or else in that of its text."""
    basis, found = Basis.CLAIMED, lines(said.tree, said.heading, said.context)
    if all(line.open for line in found) and said.language != said.context.language:
        basis, context = Basis.INFERRED, replace(said.context, language=said.language)
        found = lines(said.tree, said.heading, context) or found
    line = nearest(found)
    if line:
        yield from _of_line(line, basis)


def _of_line(line: DateLine, basis: Basis = Basis.CLAIMED) -> Iterator[Statement]:
    evidence = Evidence(canonical_paragraph(line.words), place="date line")
    yield Statement(Property.PUBLISHED, written(line.moment), basis, PAGE, evidence, line.moment)
    if line.open:
        words = f"{Property.PUBLISHED.value} is ambiguous: {line.open}"
        yield Statement(Property.NOTE, words, Basis.INFERRED, PAGE, evidence)


def _by_htmldate(said: PageSays) -> Iterator[Statement]:
    """What htmldate finds; it makes the first of January of a year that stands alone."""
    day = said.found_date()
    if day and day.endswith("-01-01") and not _NEW_YEAR.search(str(said.tree.text_content())):
        day = day[:4]
    yield from dated(Property.PUBLISHED, day, library("htmldate"), "page", Basis.INFERRED)


def _local_first(published: list[Statement], said: PageSays) -> list[Statement]:
    """The same moment by the page's own clock before the one in UTC: its day is the day the page means."""
    first = published[0].moment
    if first is None or first.zone != "+00:00" or first.precision in (Precision.DAY, *COARSE):
        return published
    local = next((one for one in _told_again(published, first, said) if _is_local(one.moment, first)), None)
    if local is None or local.moment is None or _is_of_day(local.moment, first):
        return published
    return [local, *published]


def _told_again(published: list[Statement], first: Moment, said: PageSays) -> Iterator[Statement]:
    """Where else the page tells the time: in its head, in the marks of its times, in lines that it shows."""
    yield from published
    for element in said.tree.iter("time"):
        yield from dated(Property.PUBLISHED, element.get("datetime"), PAGE, "time[datetime]")
    day = _day_of_address(said)
    if first.at.hour in SAME_DAY or (day and day.at.date() == first.at.date()):
        return
    days = frozenset((first.at + step).day for step in (-DAY, 0 * DAY, DAY))
    found = [line for line in lines(said.tree, said.heading, said.context, days) if not line.open]
    line = nearest(found)
    for one in found:
        yield from _of_line(one) if one.moment.precision is not Precision.DAY else ()
    if line and line.is_below and said.heading is not None:
        yield from _of_line(line)
    elif day:
        yield claim(Property.PUBLISHED, written(day), PAGE, "address", day.original, day)


def _is_local(when: Moment | None, instant: Moment) -> bool:
    """Whether it is the instant by the clock of another zone, named or not, or the day of one."""
    if when is None or when.precision in COARSE or when.zone == "+00:00":
        return False
    distance = when.at - instant.at
    if when.zone:
        return abs(distance) < MINUTE
    if when.precision is Precision.DAY:
        return ZONES[0] - DAY < distance <= ZONES[1]
    off_step = (distance + STEP / 2) % STEP - STEP / 2
    return ZONES[0] <= distance <= ZONES[1] and abs(off_step) < MINUTE <= abs(distance)


def _is_of_day(when: Moment, instant: Moment) -> bool:
    """Whether it names no zone and is of the same day: then the instant says more."""
    return not when.zone and when.at.date() == instant.at.date()
