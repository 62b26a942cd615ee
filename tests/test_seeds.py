"""The sample documents are what their pages say: the real one untouched, the made-up ones consistent."""

from __future__ import annotations

import csv
import difflib
import json
import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from html.parser import HTMLParser
from itertools import combinations
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from archive.digest import Digest

SEEDS = Path(__file__).parent.parent / "seeds"
STORY = SEEDS / "port-ellery"
REAL = SEEDS / "000_4b77468e57cc8906.txt"
REAL_DIGEST = "6625bdbcd6ee58f04ec7a64f04264a181aac45467d8b1faa42472fe90ef13812"

LABEL = "invented for demonstration"
ABOUT_THE_STORY = {"README.md", "manifest.csv", "truth.json"}
FILES = sorted(path.name for path in STORY.iterdir() if path.name not in ABOUT_THE_STORY)
OPTIONAL = ("outlet", "url", "retrieved", "retrieved_by", "published", "claimed_source", "item")
COLUMNS = ("file", *OPTIONAL, "note")

# Well-known ones, and the outlet that the real document names: none may be lent to an invented story.
REAL_OUTLETS = re.compile(
    r"\b(Reuters|Associated Press|Agence France|AFP|Press Association|PA Media|BBC|ITV|Sky News|CNN|Guardian|"
    r"The Times|Telegraph|Daily Mail|Daily Mirror|Financial Times|Bloomberg|Al Jazeera|Xinhua|Deutsche Welle|"
    r"dpa|New York Times|Washington Post|Wall Street Journal|NPR|Greek City Times|ANI)\b"
)


STRAIGHT = str.maketrans({"\u201c": '"', "\u201d": '"', "\u2019": "'"})
"""Curly quotation marks to those of a typewriter: the reprints changed them."""


class VisibleText(HTMLParser):
    """The words of a page's article and footer, paragraph by paragraph, and its metadata."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.meta: dict[str, str] = {}
        self.canonical = ""
        self.scripts: list[str] = []
        self._script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "meta":
            self.meta[given.get("property") or given.get("name", "")] = given.get("content", "")
        elif tag == "link" and given.get("rel") == "canonical":
            self.canonical = given["href"]
        self._script = tag == "script"

    def handle_endtag(self, tag: str) -> None:
        self._script = self._script and tag != "script"

    def handle_data(self, data: str) -> None:
        (self.scripts if self._script else self.words).append(data)


def page(name: str) -> VisibleText:
    parser = VisibleText()
    parser.feed((STORY / name).read_text(encoding="utf-8"))
    parser.close()
    return parser


def mail(name: str) -> EmailMessage:
    message = message_from_bytes((STORY / name).read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def mail_part(message: EmailMessage, subtype: str) -> str:
    part = message.get_body((subtype,))
    assert part is not None
    return str(part.get_content())


@cache
def text(name: str) -> str:
    """What a reader of the file sees."""
    if name.endswith(".html"):
        return "".join(page(name).words)
    if name.endswith(".eml"):
        return mail_part(mail(name), "plain")
    return (STORY / name).read_text(encoding="utf-8")


@cache
def truth() -> dict[str, Any]:
    answers = json.loads((STORY / "truth.json").read_text(encoding="utf-8"))
    assert isinstance(answers, dict)
    return answers


@cache
def manifest() -> list[dict[str, str]]:
    with (STORY / "manifest.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def row(name: str) -> dict[str, str]:
    (found,) = [row for row in manifest() if row["file"] == name]
    return found


def named_in(answers: Any) -> set[str]:
    """Every file that the answers name, however deep."""
    if isinstance(answers, dict):
        return set().union(*(named_in(value) for value in answers.values()))
    if isinstance(answers, list):
        return set().union(*(named_in(value) for value in answers))
    return (
        {answers} if isinstance(answers, str) and re.fullmatch(r"[\w-]+\.(txt|html|eml)", answers) else set()
    )


# The real document


def test_the_real_document_is_untouched() -> None:
    assert Digest.of(REAL.read_bytes()).hex == REAL_DIGEST


def test_its_page_states_what_can_be_measured() -> None:
    stated = (SEEDS / "README.md").read_text(encoding="utf-8")
    assert REAL_DIGEST in stated
    assert REAL.name in stated
    assert f"{REAL.stat().st_size:,} bytes" in stated
    assert REAL.read_text(encoding="utf-8").count("Greek City Times") == 4


@pytest.mark.parametrize("fact", ["outlet", "address", "date of publication", "date of retrieval"])
def test_its_page_invents_nothing(fact: str) -> None:
    assert f"| {fact} | unknown |" in (SEEDS / "README.md").read_text(encoding="utf-8")


def test_every_seed_is_accounted_for() -> None:
    stated = (SEEDS / "README.md").read_text(encoding="utf-8")
    for path in SEEDS.iterdir():
        assert path.name == "README.md" or f"`{path.name}" in stated, f"{path.name} has no provenance"


# The made-up story: labels and names


@pytest.mark.parametrize("name", sorted({*FILES, *ABOUT_THE_STORY}))
def test_every_made_up_file_says_that_it_is(name: str) -> None:
    seen = text(name) if name in FILES else (STORY / name).read_text(encoding="utf-8")
    assert LABEL in seen.lower()


def test_the_label_makes_no_two_files_alike() -> None:
    """A sentence shared by all would look like copying."""
    said = [
        next(line.strip() for line in text(name).splitlines() if LABEL in line.lower())
        for name in FILES
        if name != truth()["edit"]["later"]
    ]
    for one, other in combinations(said, 2):
        a, b = one.lower().split(), other.lower().split()
        shared = difflib.SequenceMatcher(None, a, b, autojunk=False).find_longest_match().size
        assert shared <= 5, f"{one!r} and {other!r}"


@pytest.mark.parametrize("name", sorted({*FILES, *ABOUT_THE_STORY}))
def test_no_real_outlet_is_named(name: str) -> None:
    seen = (STORY / name).read_text(encoding="utf-8") + (text(name) if name in FILES else "")
    assert not REAL_OUTLETS.findall(seen)


@pytest.mark.parametrize("name", sorted({*FILES, *ABOUT_THE_STORY}))
def test_every_address_leads_nowhere(name: str) -> None:
    seen = (STORY / name).read_text(encoding="utf-8").replace("=\n", "")
    hosts = {urlsplit(address).hostname or "" for address in re.findall(r"https?://[^\s\"'<>,]+", seen)}
    hosts |= set(re.findall(r"@([\w.-]+\.\w+)", seen))
    assert all(host.endswith(".example") or host == "schema.org" for host in hosts), hosts


@pytest.mark.parametrize("name", FILES)
def test_a_story_has_the_length_of_a_short_report(name: str) -> None:
    body = re.sub(r"\A.*?<article>|</article>.*\Z", "", text(name), flags=re.DOTALL)
    assert 150 <= len(body.split()) <= 350


# The manifest


def test_the_manifest_and_the_folder_name_the_same_files() -> None:
    assert sorted(row["file"] for row in manifest()) == FILES


def test_the_manifest_has_the_columns_that_ingest_takes() -> None:
    assert (STORY / "manifest.csv").read_text(encoding="utf-8").splitlines()[0] == ",".join(COLUMNS)
    assert all(None not in row and None not in row.values() for row in manifest())


@pytest.mark.parametrize("column", OPTIONAL)
def test_the_manifest_leaves_gaps_where_nothing_was_known(column: str) -> None:
    known = [entry["file"] for entry in manifest() if entry[column]]
    assert len(known) < len(FILES)
    assert bool(known) == (column != "item"), "no row was known to belong to an item already held"


def test_retrieval_times_have_zones_and_follow_publication() -> None:
    zones = set()
    for entry in manifest():
        if not entry["retrieved"]:
            continue
        at = datetime.fromisoformat(entry["retrieved"])
        assert at.tzinfo is not None
        zones.add(at.utcoffset())
        if entry["published"]:
            published = datetime.fromisoformat(entry["published"])
            assert published.replace(tzinfo=published.tzinfo or UTC) <= at
    assert len(zones) >= 3


def test_the_manifest_is_in_the_order_of_receipt() -> None:
    times = [datetime.fromisoformat(row["retrieved"]) for row in manifest() if row["retrieved"]]
    assert times == sorted(times)


# The known answers


def test_the_answers_name_only_files_that_are_there_and_all_of_them() -> None:
    assert named_in(truth()) == set(FILES)


@pytest.mark.parametrize("claim", ["main_claim", "circular"])
def test_each_occurrence_stands_in_its_file_word_for_word(claim: str) -> None:
    for occurrence in truth()[claim]["occurrences"]:
        lines = [line for line in text(occurrence["file"]).splitlines() if occurrence["sentence"] in line]
        assert len(lines) == 1, occurrence["file"]
        if occurrence["claimed_source"]:
            assert occurrence["claimed_source"] in occurrence["sentence"]
        assert occurrence.get("stands_for", "") in text(occurrence["file"])


def test_closeness_is_measured_against_the_main_sentence() -> None:
    claim = truth()["main_claim"]
    assert claim["sentence"] in text(claim["file"])
    for occurrence in claim["occurrences"]:
        same = occurrence["sentence"] == claim["sentence"]
        assert same == (occurrence["closeness"] == "verbatim")
        assert (occurrence.get("numbers") == "rounded") == ("About 2,000" in occurrence["sentence"])
        differs = "2,300" not in occurrence["sentence"] and "numbers" not in occurrence
        assert differs == (occurrence["closeness"] == "numbers differ")


def test_the_main_claim_is_stated_nowhere_else() -> None:
    listed = {occurrence["file"] for occurrence in truth()["main_claim"]["occurrences"]}
    assert {name for name in FILES if re.search(r"\d,\d00 households", text(name))} == listed


def test_the_main_claim_has_as_many_origins_as_are_listed() -> None:
    claim = truth()["main_claim"]
    assert claim["independent_origins"] == len(claim["origins"])
    reached = [name for origin in claim["origins"] for name in (origin["file"], *origin["reached_from"])]
    assert sorted([*reached, *claim["source_not_named"]]) == sorted(
        occurrence["file"] for occurrence in claim["occurrences"]
    )


def followed(name: str) -> str:
    """The last file on the way from citation to citation; a file met twice ends it."""
    cites = {citation["file"]: citation["held_as"] for citation in truth()["citations"]}
    met = []
    while name in cites and name not in met:
        met.append(name)
        name = cites[name]
    return name


def test_citations_lead_to_the_listed_origins() -> None:
    for origin in truth()["main_claim"]["origins"]:
        for name in (origin["file"], *origin["reached_from"]):
            assert followed(name) == origin["file"]
    for name in truth()["main_claim"]["source_not_named"]:
        assert followed(name) is None


def test_each_citation_is_in_the_file_and_names_what_it_cites() -> None:
    for citation in truth()["citations"]:
        assert citation["words"] in text(citation["file"])
        assert citation["cites"] in text(citation["file"])
        if citation["held_as"]:
            assert row(citation["held_as"])["outlet"] == citation["cites"]


def test_the_circular_pair_cite_each_other_and_nobody_else_states_it() -> None:
    circle = truth()["circular"]
    one, other = circle["occurrences"]
    assert [one["file"], other["file"]] == circle["files"]
    assert row(one["file"])["outlet"] == other["claimed_source"]
    assert row(other["file"])["outlet"] == one["claimed_source"]
    for name in circle["files"]:
        assert followed(name) == name
    assert {name for name in FILES if "6 million litres" in text(name)} == set(circle["files"])
    assert circle["independent_origins"] == 0
    assert circle["claim"] in one["sentence"]


def test_copies_share_the_text_they_are_said_to_share() -> None:
    for copy in truth()["copies"]:
        a, b = (text(copy[key]).translate(STRAIGHT).split() for key in ("file", "of"))
        blocks = difflib.SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
        shared = sum(block.size for block in blocks if block.size >= 6) / len(b)
        low, high = {"reprint": (0.6, 1), "revision": (0.9, 1), "quotes": (0.1, 0.5), "rewrite": (0, 0.2)}[
            copy["how"]
        ]
        assert low <= shared <= high, f"{copy['file']}: {shared:.2f}"


def test_what_a_copy_cut_and_added_is_so() -> None:
    for copy in truth()["copies"]:
        here, there = text(copy["file"]), text(copy["of"])
        if copy["credit"]:
            assert copy["credit"] in here
        if copy["cut"]:
            assert copy["cut"] in there
            assert copy["cut"] not in here
        if copy["added"]:
            assert copy["added"] in here
            assert copy["added"] not in there


def headline(name: str) -> str:
    """The first line that is a headline: the wire report has its slug and its time above it."""
    if name.endswith(".html"):
        return page(name).meta["og:title"]
    paragraphs = text(name).split("\n\n")
    return paragraphs[1] if paragraphs[0].startswith("QPA") else paragraphs[0]


def test_reprints_run_under_headlines_of_their_own() -> None:
    reprints = [copy for copy in truth()["copies"] if copy["how"] == "reprint"]
    assert len(reprints) == 2
    assert len({headline(name) for name in (reprints[0]["of"], *(copy["file"] for copy in reprints))}) == 3


def test_quotes_stand_word_for_word_where_they_are_said_to_and_only_there() -> None:
    for quote in truth()["quotes"]:
        assert {name for name in FILES if quote["words"] in text(name)} == set(quote["files"])
        assert all(quote["speaker"] in text(name) for name in quote["files"])


def test_the_rewrite_rounds_what_the_report_counts() -> None:
    for rounding in truth()["rounded"]:
        assert rounding["words"] in text(rounding["file"])
        assert rounding["from"] not in text(rounding["file"])
        assert rounding["from"] in text(truth()["main_claim"]["file"])


# The silent edit


def test_the_edit_changed_one_number_and_one_attribution_and_nothing_else() -> None:
    edit = truth()["edit"]
    first, later = text(edit["first"]), text(edit["later"])
    before, after = edit["sentence"]["first"], edit["sentence"]["later"]
    assert first.replace(before, after) == later != first
    number, attribution = edit["number"], edit["attribution"]
    assert number["first"] in before
    assert attribution["first"] in before
    assert after == before.replace(number["first"], number["later"]).replace(
        attribution["first"], attribution["later"]
    )
    assert number["first"] not in later
    assert attribution["first"] not in later


def test_the_edit_was_silent() -> None:
    edit = truth()["edit"]
    first, later = row(edit["first"]), row(edit["later"])
    assert first["url"] == later["url"] == edit["url"]
    assert first["item"] == later["item"] == ""
    assert datetime.fromisoformat(first["retrieved"]) < datetime.fromisoformat(later["retrieved"])
    assert not re.search(r"correct|amend|updated|edited", text(edit["later"]), re.IGNORECASE)


# The formats


def test_the_page_states_its_outlet_address_and_date_in_each_way() -> None:
    name = "courier-2024-04-17.html"
    found = page(name)
    (linked,) = map(json.loads, found.scripts)
    assert linked["publisher"]["name"] == found.meta["og:site_name"] == "Sallowvale Courier"
    assert linked["datePublished"] == found.meta["article:published_time"]
    assert linked["author"]["name"] == found.meta["author"] == "Quillmark Press Agency"
    assert linked["mainEntityOfPage"] == found.canonical == found.meta["og:url"]
    assert linked["headline"] == found.meta["og:title"] == headline(name)
    retrieved = row(name)["url"]
    assert retrieved != found.canonical
    assert retrieved.partition("?")[0] == found.canonical
    assert not row(name)["outlet"]


def test_the_mail_is_well_formed_and_says_the_same_twice() -> None:
    message = mail("ewa-press-notice.eml")
    assert not any(part.defects for part in message.walk())
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert message["From"].addresses[0].domain == "ellery-water.example"
    assert message["Date"].datetime <= datetime.fromisoformat(row("ewa-press-notice.eml")["retrieved"])
    parser = VisibleText()
    parser.feed(mail_part(message, "html"))
    assert "".join(parser.words).split() == [
        word for word in mail_part(message, "plain").split() if word != "--"
    ]


def test_the_untitled_text_says_nothing_about_itself() -> None:
    assert not any(value for column, value in row("untitled.txt").items() if column not in ("file", "note"))
    seen = text("untitled.txt")
    assert not re.search(r"\b(20|19)\d\d\b|https?:|@", seen)
    assert seen.split("\n\n")[0].endswith("."), "it begins with a sentence, not a headline"


@pytest.mark.parametrize("name", sorted({*FILES, *ABOUT_THE_STORY}))
def test_every_file_is_utf8_without_a_mark(name: str) -> None:
    content = (STORY / name).read_bytes()
    content.decode("utf-8")
    assert not content.startswith(b"\xef\xbb\xbf")
    assert (b"\r\n" in content) == name.endswith(".eml"), (
        "mail ends its lines as RFC 5322 says, the rest do not"
    )
