"""Fingerprints find shared text, tiling proves it word by word, and links name what it is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from archive.lineage.links import LinkLabel, furniture_of, links
from archive.lineage.shelf import MemoryShelf, quoted_words
from archive.text.fingerprints import GRAM, WINDOW, Cut
from archive.text.tiling import TILE, spans, tiling

few_words = st.lists(st.sampled_from(("ab", "cd", "ef", "gh", "ij", "kl")), max_size=60)
many_words = st.lists(st.text("abcdefgh", min_size=1, max_size=3), max_size=120)


def story(seed: str, length: int) -> str:
    return " ".join(f"{seed}{number}" for number in range(length))


def test_a_hash_is_the_same_on_every_machine() -> None:
    cut = Cut.of("The quick brown fox jumps over the lazy dog")
    assert cut.words[0] == 3542222135431249611 == Cut.of("THE").words[0]
    assert cut.grams[0] == 6681923946140855543
    assert cut.fingerprints == [(-7243223402565347777, 3)] == [(min(cut.grams), 3)]


@given(few_words)
def test_winnowing_keeps_the_least_gram_of_every_window(tokens: list[str]) -> None:
    cut = Cut.of(" ".join(tokens))
    kept = set(cut.fingerprints)
    for start in range(max(1, len(cut.grams) - WINDOW + 1)):
        window = cut.grams[start : start + WINDOW]
        if window:
            assert any(start <= at < start + len(window) and hashed == min(window) for hashed, at in kept)
    assert [position for _, position in cut.fingerprints] == sorted({at for _, at in kept})


@given(many_words, many_words, many_words)
def test_a_shared_stretch_shares_a_fingerprint(
    before: list[str], shared: list[str], after: list[str]
) -> None:
    shared = shared + [f"x{number}" for number in range(GRAM + WINDOW - 1)]
    one, other = Cut.of(" ".join(before + shared)), Cut.of(" ".join(shared + after))
    assert one.marks() & other.marks()


@given(few_words, few_words)
def test_tiling_counts_what_an_exhaustive_search_counts(left: list[str], right: list[str]) -> None:
    there = {tuple(right[at : at + TILE]) for at in range(len(right) - TILE + 1)}
    starts = [at for at in range(len(left) - TILE + 1) if tuple(left[at : at + TILE]) in there]
    covered = {at + step for at in starts for step in range(TILE)}
    found = tiling(Cut.of(" ".join(left)), Cut.of(" ".join(right)))
    # Two neighbouring grams that both occur elsewhere, but not as neighbours, may count in very short texts.
    assert found.covered >= len(covered)
    for run in found.runs:
        assert left[run.at : run.at + run.length] == right[run.there : run.there + run.length]
    assert {at for run in found.runs for at in range(run.at, run.at + run.length)} >= covered


def test_the_runs_have_spans_in_the_text() -> None:
    text = "Before. " + story("w", 8) + " \u2013 after"
    found = tiling(Cut.of(text), Cut.of(story("w", 8)))
    assert [span.of(text) for span in spans(text, [(run.at, run.length) for run in found.runs])] == [
        story("w", 8)
    ]


def shelf_of(*texts: tuple[str, str, str]) -> MemoryShelf:
    shelf = MemoryShelf()
    for version, outlet, text in texts:
        shelf.put(version, outlet, text)
    return shelf


def labels(shelf: MemoryShelf, version: str) -> dict[str, LinkLabel]:
    return {link.other: link.label for link in links(version, shelf)}


def test_links_are_named_by_what_is_shared() -> None:
    agency, other = story("agency", 300), story("other", 300)
    quote = "“" + story("said", 50) + "”"
    shelf = shelf_of(
        ("a", "A", agency),
        ("reprint", "B", "By our staff " + agency + " read more"),
        ("longer", "C", other + " " + story("agency", 200) + " " + story("more", 300)),
        ("passage", "D", story("else", 300) + " " + story("agency", 45)),
        ("quoter", "E", story("first", 200) + " " + quote + " " + story("last", 200)),
        ("quotes", "F", story("third", 200) + " " + quote + " " + story("fourth", 200)),
        ("nothing", "G", story("quite", 400)),
    )
    assert labels(shelf, "a") == {
        "reprint": LinkLabel.SAME_TEXT,
        "longer": LinkLabel.CONTAINED,
        "passage": LinkLabel.SHARES_PASSAGE,
    }
    assert labels(shelf, "quoter") == {"quotes": LinkLabel.SHARES_QUOTE}
    assert labels(shelf, "nothing") == {}


def test_links_are_the_same_from_both_sides() -> None:
    shelf = shelf_of(("a", "A", story("x", 100)), ("b", "B", story("y", 80) + " " + story("x", 60)))
    (there,), (back,) = links("a", shelf), links("b", shelf)
    assert (there.covered, there.covered_there, there.label) == (back.covered_there, back.covered, back.label)


def test_site_furniture_makes_no_family() -> None:
    furniture = story("subscribe", 60)
    texts = [(f"a{n}", "A", f"{story(f'story{n}x', 200)} {furniture}") for n in range(4)]
    texts.append(("b", "B", f"{story('story1x', 200)} and more of it"))
    shelf = shelf_of(*texts)
    assert labels(shelf, "a0") == {}
    assert labels(shelf, "a1") == {"b": LinkLabel.SAME_TEXT}


def test_a_story_that_many_outlets_print_is_no_furniture() -> None:
    shelf = shelf_of(*((f"v{n}", f"outlet {n}", story("wire", 100)) for n in range(60)))
    assert len(links("v0", shelf)) == 59


def test_furniture_belongs_to_an_outlet_that_has_four_fifths() -> None:
    assert furniture_of(["A", "A", "A", "A", "B"]) == "A"
    assert furniture_of(["A", "A", "A", "B"]) is None
    assert furniture_of(["A", "A"]) is None
    assert furniture_of([None, None, None]) is None


def test_quoted_words_are_counted_from_the_start() -> None:
    assert quoted_words("He said “we go now” and “stay”") == [(2, 3), (6, 1)]


def test_a_story_that_its_outlet_ran_three_times_is_still_found_elsewhere() -> None:
    report, furniture = story("report", 200), story("subscribe", 60)
    texts = [(f"a{n}", "A", f"{story(f'lead{n}x', 40)} {report} {furniture}") for n in range(3)]
    shelf = shelf_of(*texts, ("b", "B", f"{report} {story('own', 150)}"))
    assert labels(shelf, "a0")["b"] is LinkLabel.CONTAINED
    assert labels(shelf, "b") == dict.fromkeys(("a0", "a1", "a2"), LinkLabel.CONTAINED)
