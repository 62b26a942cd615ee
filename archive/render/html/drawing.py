"""The graph of a trail as SVG: boxes that lead to the occurrences, lines that lead to their evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.lineage.citing import LEADING_NOWHERE
from archive.render.html.layout import HEIGHT, WIDTH, Place, drawn, placed, size
from archive.render.html.markup import Markup, joined, tag
from archive.render.html.routing import routed
from archive.render.words import plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archive.lineage.citing import FailingCitation
    from archive.lineage.graph import Edge
    from archive.lineage.trail import Trail
    from archive.render.html.routing import Route
    from archive.trace import Traced

LONGEST = 27
"""Letters that fit on a line of a box."""

BY_RETRIEVAL = "order of retrieval"
"""What is noted beside a line where nothing else tells which of two versions is the later."""

NOTE_DOWN = 17
"""From a word above a line down to the note beneath it, in pixels."""


def anchor(label: str) -> str:
    """The name under which a version can be led to within the page."""
    return f"version-{label}"


def missing(trail: Trail) -> list[FailingCitation]:
    """The citations of sources of which nothing held says so, each drawn as a box of its own."""
    return [fail for fail in trail.failing if fail.failure in LEADING_NOWHERE]


def order_of(trail: Trail) -> dict[str, int]:
    """The versions in order of date."""
    nodes = [node for group in trail.groups for node in group.members]
    nodes.sort(key=lambda node: (node.dated is None, node.dated.timestamp() if node.dated else 0.0, node.id))
    return {node.id: at for at, node in enumerate(nodes)}


def graph(found: Traced) -> Markup:
    """Who has it from whom: an arrow leads to the one that the claim was taken from."""
    trail, order = found.trail, order_of(found.trail)
    circular = {edge for circle in trail.circles for edge in circle.edges}
    lines = drawn(trail.edges, order, circular)
    absent = list(dict.fromkeys(f"named {fail.citation.name}" for fail in missing(trail)))
    successors: dict[str, list[str]] = {node: [] for node in (*absent, *order)}
    for edges in lines:
        successors[trail.edges[edges[0]].derived].append(trail.edges[edges[0]].origin)
    for fail in missing(trail):
        successors[fail.citation.by].append(f"named {fail.citation.name}")
    places = placed(list(successors), successors)
    ends = [(trail.edges[edges[0]].derived, trail.edges[edges[0]].origin) for edges in lines]
    ends += [(fail.citation.by, f"named {fail.citation.name}") for fail in missing(trail)]
    routes = routed([(places[derived], places[origin]) for derived, origin in ends])
    width, height = size(places.values())
    return tag(
        "svg",
        tag("title", "Who has it from whom", id="graph-title"),
        tag("desc", _described(trail, len(lines)), id="graph-desc"),
        _arrow(),
        *(_edges(edges, trail, route, circular) for edges, route in zip(lines, routes, strict=False)),
        *_named(len(trail.edges), missing(trail), routes[len(lines) :]),
        *(_absent(node, places[node]) for node in absent),
        *_boxes(found, places),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width} {height}",
        width=str(width),
        height=str(height),
        role="img",
        aria_labelledby="graph-title graph-desc",
    )


def _described(trail: Trail, lines: int) -> str:
    nodes = sum(len(group.members) for group in trail.groups)
    return (
        f"{plural(nodes, 'version')} and {plural(lines, 'arrow')}. An arrow leads to the version that the claim "
        "was taken from; the same is said in words in the timeline and in the list of evidence below."
    )


def _arrow() -> Markup:
    tip = tag("path", d="M0 0L8 4L0 8z")
    marker = tag(
        "marker",
        tip,
        id="tip",
        viewBox="0 0 8 8",
        refX="8",
        refY="4",
        markerWidth="7",
        markerHeight="7",
        orient="auto",
    )
    return tag("defs", marker)


def _edges(which: Sequence[int], trail: Trail, route: Route, circular: set[Edge]) -> Markup:
    """One line for all that says that a version has it from another; it leads to the first piece of evidence."""
    edges = [trail.edges[at] for at in which]
    words = ", ".join(dict.fromkeys(edge.relation.value for edge in edges))
    note = "" if any(edge.order_known for edge in edges) else BY_RETRIEVAL
    closing = any(edge in circular for edge in edges)
    look = f"edge {edges[-1].relation.value}{' circular' if closing else ''}"
    start, end = edges[0].derived, edges[0].origin
    title = f"{start} {words} {end}{f' ({note} only)' if note else ''}"
    return _line(which[0], words, look, route, title, note)


def _named(first: int, fails: Sequence[FailingCitation], routes: Sequence[Route]) -> Iterator[Markup]:
    for at, (fail, route) in enumerate(zip(fails, routes, strict=True), first):
        title = f"{fail.citation.by} names {fail.citation.name}: {fail.failure}"
        yield _line(at, "names", "edge named", route, title)


def _line(at: int, words: str, look: str, route: Route, title: str, note: str = "") -> Markup:
    """A line with its word above it, and a note beneath that for width must not stand beside the word."""
    return tag(
        "a",
        tag("title", title),
        tag("path", class_=look, d=route.path, marker_end="url(#tip)"),
        _word(words, route.x, route.y),
        *([_word(note, route.x, route.y + NOTE_DOWN)] if note else []),
        href=f"#evidence-{at + 1}",
    )


def _word(words: str, x: int, y: int) -> Markup:
    return tag("text", words, class_="word", x=str(x), y=str(y), text_anchor="middle")


def _absent(node: str, place: Place) -> Markup:
    name = node.removeprefix("named ")
    return tag(
        "g",
        tag("title", f"{name}: named as a source; nothing of it that says so is held"),
        _rectangle(place, "absent"),
        _text(name, place, 24, ""),
        _text("named, not held", place, 42, "small"),
    )


def _boxes(found: Traced, places: dict[str, Place]) -> Iterator[Markup]:
    names, shown = found.names, {each.id for each in found.occurrences}
    for group in found.trail.groups:
        for node in group.members:
            place = places[node.id]
            date = f"published {_minute(str(node.published))}" if node.published else "no date of publication"
            box = joined(
                [
                    tag("title", f"{node.id}, {names.get(node.id) or 'outlet unknown'}, {date}"),
                    _rectangle(place, "box"),
                    _text(names.get(node.id) or "outlet unknown", place, 20, ""),
                    _text(node.id, place, 35, "small"),
                    _text(date, place, 49, "small"),
                ]
            )
            yield tag("a", box, href=f"#{anchor(node.id)}") if node.id in shown else tag("g", box)


def _minute(date: str) -> str:
    """A date without seconds, as a box has room for it."""
    return f"{date[:16].replace('T', ' ')}Z" if "T" in date else date


def _rectangle(place: Place, look: str) -> Markup:
    return tag(
        "rect", class_=look, x=str(place.x), y=str(place.y), width=str(WIDTH), height=str(HEIGHT), rx="6"
    )


def _text(words: str, place: Place, down: int, look: str) -> Markup:
    cut = words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"
    return tag("text", cut, class_=look or None, x=str(place.x + 10), y=str(place.y + down))
