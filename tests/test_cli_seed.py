"""The real document: what is known of it is shown with its basis, what is not is not guessed."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from tests.commandline import DOCUMENT, run

if TYPE_CHECKING:
    from pathlib import Path


def label(archive: Path) -> str:
    [hit, _sums] = run("search", '"415 million"', "--json", at=archive).objects
    return str(hit["id"])


def test_a_search_marks_the_words(seeded: Path) -> None:
    ran = run("search", "415 million", at=seeded)
    assert ran.status == 0
    assert "\u00ab415 million\u00bb people around the world" in ran.flat


def test_show_gives_the_digest_that_sha256sum_gives(seeded: Path) -> None:
    said = subprocess.run(["sha256sum", DOCUMENT], capture_output=True, check=True, text=True).stdout.split()[
        0
    ]
    assert f"sha256 {said}" in run("show", label(seeded), at=seeded).flat
    assert run("show", said[:6], at=seeded).out == run("show", label(seeded), at=seeded).out


def test_the_date_of_retrieval_stands_with_its_basis(seeded: Path) -> None:
    shown = run("show", label(seeded), at=seeded).out
    [line] = [line.strip() for line in shown.splitlines() if line.strip().startswith("retrieved ")]
    assert line.endswith("Z  [inferred from the file modification time]")


def test_the_outlet_is_unknown_and_not_guessed(seeded: Path) -> None:
    shown = run("show", label(seeded), at=seeded)
    assert "  outlet      unknown\n" in shown.out
    [version] = run("show", label(seeded), "--json", at=seeded).objects
    assert version["outlet"] is None
    assert "outlet" not in version["statements"]
    assert "published" not in version["statements"]


def test_the_source_it_names_stands_with_the_sentences_that_name_it(seeded: Path) -> None:
    shown = run("show", label(seeded), at=seeded).flat
    assert "Greek City Times (outlet), named in" in shown
    for words in (
        "#4 According to the Greek City Times, these mass resignations have been reported",
        "#6 The Greek City Times reported that Xi was told",
        "#9 According to the Greek City Times report, in 2022,",
        "#17 According to the Greek City Times report, millions of people are leaving the party",
    ):
        assert words in shown
    assert "[claimed in the text]" in shown


def test_a_passage_is_listed_once_under_a_source(seeded: Path) -> None:
    shown = run("show", label(seeded), at=seeded).out
    greek = shown[shown.index("Greek City Times (outlet)") :].split("  source ")[0]
    numbers = [line.split()[0] for line in greek.splitlines() if line.strip().startswith("#")]
    assert len(numbers) == len(set(numbers)) >= 4


def test_a_trace_finds_the_sentence_in_other_words(seeded: Path) -> None:
    ran = run("trace", "415 million people have renounced their membership", at=seeded)
    assert ran.status == 0
    assert "1 occurrence held" in ran.out
    assert f"{label(seeded)}#3" in ran.out
    assert "worded otherwise" in ran.out
    assert "attributed to Greek City Times in the sentence that follows [claimed]" in ran.flat
    assert "According to the Greek City Times, these mass resignations" in ran.flat
    assert "the archive holds nothing from that source" in ran.out


def test_a_passage_can_be_traced_by_its_label(seeded: Path) -> None:
    ran = run("trace", f"{label(seeded)}#3", at=seeded)
    assert f"Claim (from {label(seeded)}#3):" in ran.out
    assert "in the same words, closeness 1.00" in ran.out


def test_the_canonical_text_is_shown_when_asked_for(seeded: Path) -> None:
    without, with_text = (
        run("show", label(seeded), at=seeded).out,
        run("show", label(seeded), "--text", at=seeded).out,
    )
    assert with_text.startswith(without)
    assert "possible collapse of the Communist Party" in with_text.removeprefix(without).replace("\n", " ")
