"""Circles and chains of citations, written as news and traced: what is a circle comes out, and nothing else."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

import pytest

from tests.commandline import new_archive, run

if TYPE_CHECKING:
    from pathlib import Path

CLAIMS = {
    "ring2": "The glassworks at Tarn Head will close in spring with 340 jobs",
    "ring3": "Otters have come back to the harbour of Lund Quay after 60 years",
    "ring4": "The night train to Varnby will be cut from the timetable",
    "copy": "A hailstorm flattened 900 hectares of barley around Sollen",
    "chain3": "The quarry at Brent Scar leaks 12 tonnes of slurry a day",
    "chain4": "Ferries to Osk island will be free for pupils",
}
FILLER = [
    "council",
    "market",
    "river",
    "school",
    "meeting",
    "weather",
    "harvest",
    "museum",
    "garden",
    "bridge",
]
SIZES = {"ring2": 2, "ring3": 3, "ring4": 4, "chain3": 3, "chain4": 4}


def story(claim: str, cites: str | None, salt: int) -> str:
    """The claim with its source, among sentences of its own so that no two stories are one text."""
    source = random.Random(salt)
    others = [" ".join(source.choices(FILLER, k=9)).capitalize() + "." for _ in range(6)]
    said = f"{claim}, the {cites} reported." if cites else f"{claim}."
    return "\n".join([*others[:3], said, *others[3:]])


def rows() -> list[dict[str, str]]:
    made = []
    for name, size in SIZES.items():
        outlets = [
            f"{name.capitalize()} {word}" for word in ("Herald", "Gazette", "Tribune", "Courier")[:size]
        ]
        for at, outlet in enumerate(outlets):
            closed = name.startswith("ring") or at
            cited = outlets[at - 1] if closed else None
            row = {"id": f"{name}-{at}", "outlet": outlet, "published": f"2023-05-{at + 1:02d}"}
            made.append(row | {"text": story(CLAIMS[name], cited, len(made))})
    # A copy names, through a third, the text that it is a copy of.
    origin = story(CLAIMS["copy"], None, 99)
    through = story(CLAIMS["copy"], "Copy Herald", 98)
    copy = origin.replace(CLAIMS["copy"] + ".", CLAIMS["copy"] + ", the Copy Gazette reported.")
    for day, (outlet, text) in enumerate(
        (("Copy Herald", origin), ("Copy Gazette", through), ("Copy Tribune", copy)), 1
    ):
        made.append(
            {"id": f"copy-{day - 1}", "outlet": outlet, "published": f"2023-05-{day:02d}", "text": text}
        )
    return made


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("circles")
    place = new_archive(folder)
    items = rows()
    for outlet in dict.fromkeys(row["outlet"] for row in items):
        assert run("outlets", "add", outlet, at=place).status == 0
    file = folder / "rows.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in items), "utf-8")
    assert run("ingest", file, at=place).status == 0
    return place


def trail(archive: Path, name: str) -> tuple[dict[str, str], dict[str, Any]]:
    *found, last = run("trace", CLAIMS[name], "--json", at=archive).objects
    return {one["version"]: one["external_id"] for one in found}, last


@pytest.mark.parametrize("name", ["ring2", "ring3", "ring4"])
def test_a_ring_is_one_circle_and_no_origin(archive: Path, name: str) -> None:
    held, found = trail(archive, name)
    [circle] = found["circles"]
    assert {held[version] for version in circle} == {f"{name}-{at}" for at in range(SIZES[name])}
    shown = run("trace", CLAIMS[name], at=archive).flat
    assert "0 independent origins" in shown
    assert "A circle, which is no origin" in shown


def test_the_first_of_a_ring_cites_what_is_dated_later(archive: Path) -> None:
    held, found = trail(archive, "ring3")
    [fail] = found["failing"]
    assert (held[fail["by"]], held[fail["nearest"]]) == ("ring3-0", "ring3-2")
    assert fail["failure"] == "source dated later than the citation"


def test_a_copy_that_cites_its_own_origin_through_a_third_closes_a_circle(archive: Path) -> None:
    held, found = trail(archive, "copy")
    [circle] = found["circles"]
    assert {held[version] for version in circle} == {"copy-0", "copy-1", "copy-2"}


@pytest.mark.parametrize("name", ["chain3", "chain4"])
def test_a_chain_is_none_and_has_one_origin(archive: Path, name: str) -> None:
    held, found = trail(archive, name)
    assert found["circles"] == found["failing"] == []
    [origin] = found["origins"]
    assert [held[version] for version in origin["versions"]] == [f"{name}-0"]
    assert all(places == [0] for places in found["leads"].values())
    shown = run("trace", CLAIMS[name], at=archive).flat
    assert "1 independent origin (" in shown
    assert "first" not in shown.casefold()
