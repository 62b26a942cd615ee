"""ninjs and NewsML-G2 as agencies send them: the right headline, one body, whose it is, and which date is which."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive.formats import Part, parts
from archive.model import Property, ReadingState

FEEDS = Path(__file__).parents[2] / "shared" / "data" / "newsfeeds"


def values(part: Part, about: Property) -> list[str]:
    return [each.value for each in part.reading.statements if each.about is about]


def ninjs(**item: object) -> Part:
    (part,) = parts(json.dumps({"uri": "urn:news:1"} | item, indent=1).encode())
    return part


def newsml(inner: str, root: str = "newsItem", more: str = "") -> Part:
    content = (
        f'<?xml version="1.0"?><{root} xmlns="http://iptc.org/std/nar/2006-10-01/" {more}>{inner}</{root}>'
    )
    (part,) = parts(content.encode())
    return part


def test_a_body_that_begins_with_its_headline_has_it_once() -> None:
    part = ninjs(
        headlines=[{"role": "short", "value": "Bridge"}, {"role": "main", "value": "The bridge is closed"}],
        bodies=[
            {
                "role": "text",
                "contentType": "text/plain",
                "value": "The bridge is closed\nThe mayor said so.",
            },
            {"role": "html", "contentType": "text/html", "value": "<p>The mayor said so.</p>"},
        ],
    )
    assert part.reading.text == "The bridge is closed\nThe mayor said so."
    assert values(part, Property.TITLE) == ["The bridge is closed", "Bridge"]


def test_a_credit_line_is_no_description() -> None:
    part = ninjs(
        headline="Bridge",
        descriptions=[
            {"role": "creditline", "value": "THE WIRE"},
            {"role": "caption", "value": "A man on a bridge."},
        ],
    )
    assert part.reading.text == "Bridge\nA man on a bridge."


def test_the_date_of_a_version_is_that_of_publication_only_where_no_other_is_said() -> None:
    both = ninjs(headline="A", firstcreated="2020-01-01T10:00:00Z", versioncreated="2020-01-02T10:00:00Z")
    assert values(both, Property.PUBLISHED) == ["2020-01-01T10:00:00Z"]
    assert values(both, Property.MODIFIED) == ["2020-01-02T10:00:00Z"]
    one = ninjs(headline="A", versioncreated="2020-01-02T10:00:00Z")
    assert values(one, Property.PUBLISHED) == values(one, Property.MODIFIED) == ["2020-01-02T10:00:00Z"]


def test_other_identifiers_are_kept() -> None:
    part = ninjs(headline="A", altids=[{"role": "internal", "value": "A-4711"}])
    assert values(part, Property.EXTERNAL_ID) == ["urn:news:1", "A-4711"]


def test_marks_in_a_plain_body_are_no_paragraphs() -> None:
    part = ninjs(
        headline="Lunch", body_text="With more Applebee<sup >®</sup> lunches &amp; dinners than ever"
    )
    assert part.reading.text == "Lunch\nWith more Applebee® lunches & dinners than ever"


def test_the_lines_of_a_bodys_source_are_no_paragraphs() -> None:
    html = "<h1>Bridge</h1>\n<p>The bridge\nis closed.</p><p>So is\n the dam.<br/>And the mill.</p>"
    assert ninjs(uri="x", headline="Bridge", body_xhtml=html).reading.text.split("\n") == [
        "Bridge",
        "The bridge is closed.",
        "So is the dam.",
        "And the mill.",
    ]


def test_a_provider_with_a_code_only_is_the_outlet() -> None:
    made = "<versionCreated>2018-10-31T11:37:23+01:00 </versionCreated>"
    meta = f'<itemMeta><provider qcode="nprov:AFP"/>{made}</itemMeta>'
    part = newsml(meta + "<contentMeta><headline>Bridge</headline></contentMeta>", more='xml:lang="en-GB"')
    assert values(part, Property.OUTLET) == ["AFP"]
    assert values(part, Property.PUBLISHED) == ["2018-10-31T11:37:23+01:00"]
    assert values(part, Property.LANGUAGE)[0] == "en-GB"
    named = newsml(
        '<itemMeta><provider qcode="nprov:AFP"><name>Agence France-Presse</name></provider></itemMeta>'
    )
    assert values(named, Property.OUTLET) == ["Agence France-Presse"]


def test_what_is_said_of_an_editor_is_no_text() -> None:
    inner = (
        "<contentMeta><contributor><name>Mo</name><definition>Duty editor</definition></contributor>"
        "<headline>Bridge</headline><description>The bridge is closed.</description></contentMeta>"
    )
    assert newsml(inner).reading.text == "Bridge\nThe bridge is closed."


def test_an_event_is_called_by_its_name_and_is_empty_without_words() -> None:
    part = newsml("<concept><name>Autumn meeting</name></concept>", "conceptItem")
    assert values(part, Property.TITLE) == ["Autumn meeting"]
    assert (part.reading.state, part.reading.reason) == (ReadingState.EMPTY, "it carries no text of its own")


def test_nitf_within_is_the_text() -> None:
    nitf = (
        "<contentSet><inlineXML><nitf><body><body.head><hedline><hl1>Preview</hl1></hedline>"
        "<byline>By Ann Example</byline></body.head><body.content><p>A pair of teams.</p></body.content></body></nitf>"
        "</inlineXML></contentSet>"
    )
    part = newsml("<contentMeta><headline>Preview: teams</headline></contentMeta>" + nitf)
    assert part.reading.text == "Preview\nBy Ann Example\nA pair of teams."
    assert values(part, Property.BYLINE) == ["Ann Example"]


@pytest.mark.skipif(not FEEDS.exists(), reason="the IPTC's examples are not here")
def test_every_example_has_a_title_or_says_why_there_is_none() -> None:
    untitled = []
    for path in sorted(FEEDS.rglob("*.*")):
        for part in parts(path):
            assert part.reading.state is not ReadingState.FAILED, path.name
            assert part.reading.reason or part.reading.text, path.name
            if part.reading.state is ReadingState.READ and not values(part, Property.TITLE):
                untitled.append(path.name)
    assert len(untitled) <= 10, untitled
