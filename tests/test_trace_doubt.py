"""What a trail says of what it is not sure of: denials, changed words and numbers, sources that do not bear it out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.commandline import new_archive, run

if TYPE_CHECKING:
    from pathlib import Path

    from tests.commandline import Ran

FERRY = "32 people were killed in the Marn ferry accident"
TUNNEL = "The Elbe tunnel will cost 3 billion euros"
MAYOR = "The mayor of Tolm took money from the builder Karst"


def traced(folder: Path, claim: str, *rows: tuple[str, str, str], options: tuple[str, ...] = ()) -> Ran:
    """A claim followed in an archive of articles: outlet, date, text."""
    place = new_archive(folder)
    file = folder / "items.jsonl"
    keys = ("outlet", "published", "text")
    file.write_text("".join(json.dumps(dict(zip(keys, row, strict=True))) + "\n" for row in rows), "utf-8")
    assert run("ingest", file, at=place).status == 0
    return run("trace", claim, *options, at=place)


def test_denials_are_counted_apart(tmp_path: Path) -> None:
    rows = (
        ("Alpha Times", "2024-05-01", f"{MAYOR}, a former clerk said."),
        ("Beta Mail", "2024-05-02", "The mayor of Tolm denied that she took money from the builder Karst."),
        ("Gamma Post", "2024-05-03", "The mayor of Tolm did not take money from the builder Karst."),
    )
    ran = traced(tmp_path, MAYOR, *rows)
    assert (
        "3 occurrences held (2 deny it), from 3 outlets; 3 independent origins (2 only of denials)"
        in ran.flat
    )
    assert ran.out.count(". Origin of denials: ") == 2
    trail = run("trace", MAYOR, "--json", at=tmp_path / "news").objects[-1]
    assert sorted(origin["only_denied"] for origin in trail["origins"]) == [False, True, True]
    page = tmp_path / "pack"
    assert run("evidence", MAYOR, "--out", page, at=tmp_path / "news").status == 0
    report = (page / "report.html").read_text("utf-8")
    assert "it denies it, by its words &quot;denied&quot;" in report
    assert "(2 only of denials)" in report


def test_a_word_of_a_quote_that_was_changed_is_shown(tmp_path: Path) -> None:
    said = '"We will never again let this river be {} by greed," minister Anna Kolb told parliament.'
    rows = (
        ("Alpha Times", "2024-05-01", said.format("poisoned")),
        ("Beta Mail", "2024-05-02", said.format("destroyed")),
        (
            "Gamma Post",
            "2024-05-02",
            'She said "never again let this river be poisoned by greed" to the house.',
        ),
    )
    ran = traced(tmp_path, "We will never again let this river be poisoned by greed", *rows)
    assert ran.out.count("    words      ") == 1
    assert 'words      "poisoned" here "destroyed"' in ran.out


def test_a_word_left_out_of_a_quote_is_shown(tmp_path: Path) -> None:
    rows = (
        ("Alpha Times", "2024-05-01", '"We shall raise the tax on bread this year," minister Kolb said.'),
    )
    ran = traced(tmp_path, "We shall not raise the tax on bread this year", *rows)
    assert 'words      "not" left out here' in ran.out


def test_a_source_that_speaks_of_the_same_thing_does_not_bear_out_a_number(tmp_path: Path) -> None:
    rows = (
        ("Alpha Times", "2024-05-02", f"{TUNNEL}, the Beta Mail reported.\n\nThe ministry gave no comment."),
        (
            "Beta Mail",
            "2024-05-01",
            "The Elbe tunnel is to be dug from both banks.\n\nWork begins next year.",
        ),
    )
    ran = traced(tmp_path, TUNNEL, *rows)
    assert "1 occurrence held, from 1 outlet" in ran.flat
    assert "that source, as held, says it" not in ran.out
    assert "the archive holds 1 version from that source; none found that says it" in ran.out
    assert "the archive holds that source, but nothing in which it says so" in ran.flat


def test_a_source_with_another_number_or_none_does_not_bear_it_out(tmp_path: Path) -> None:
    rows = (
        (
            "Alpha Times",
            "2024-05-01",
            "At least 29 people were killed in the Marn ferry accident, police said.",
        ),
        ("Beta Mail", "2024-05-02", f"{FERRY}, the Alpha Times reported."),
        ("Gamma Herald", "2024-05-02", "Many people were killed in the Marn ferry accident."),
        ("Delta Post", "2024-05-03", f"According to the Gamma Herald, {FERRY}."),
    )
    ran = traced(tmp_path, FERRY, *rows)
    assert ".1@1; but with another number" in ran.out
    assert ".3@1; but without the number" in ran.out
    trail = run("trace", FERRY, "--json", at=tmp_path / "news").objects[-1]
    assert {fail["failure"] for fail in trail["failing"]} == {
        "source held, but with another number",
        "source held, but without the number",
    }
    page = tmp_path / "trail.html"
    assert run("trace", FERRY, "--html", page, at=tmp_path / "news").status == 0
    assert "but with another number" in page.read_text("utf-8")


def test_a_source_dated_later_is_marked_where_it_is_named(tmp_path: Path) -> None:
    rows = (
        ("Alpha Times", "2024-05-02", f"{TUNNEL}, the Beta Mail reported."),
        ("Beta Mail", "2024-05-09", f"{TUNNEL}. Work begins next year."),
    )
    out = traced(tmp_path, TUNNEL, *rows).out
    assert "attributed to Beta Mail in this passage  [claimed] [ask]" in out
    assert ".2@1; but dated later than this" in out


def test_a_later_toll_is_an_update_beside_each_occurrence_too(tmp_path: Path) -> None:
    rows = (
        ("Alpha Times", "2024-05-01", "29 people were killed in the Marn ferry accident, police said."),
        ("Beta Mail", "2024-05-03", f"{FERRY}, police said."),
        ("Gamma Post", "2024-05-01", "Some 45 people were killed in the Marn ferry accident, a priest said."),
    )
    out = traced(tmp_path, "29 people were killed in the Marn ferry accident", *rows).out
    assert "(29 here 32, updated)" in out
    assert "(29 here 45, in conflict)" in out


def test_of_a_language_without_rules_it_is_not_said_that_nobody_is_named(tmp_path: Path) -> None:
    said = "le pont de l'Elbe restera fermé pendant quatorze mois"
    text = f"Selon Alpha Matin, {said}. Les riverains protestent devant la mairie depuis lundi."
    ran = traced(tmp_path, said, ("Bêta Soir", "2024-05-02", text))
    assert "source     not looked for: attributions are not read in this language (fr)" in ran.out
    assert "none named" not in ran.out
    assert "1 occurrence held (1 in a language in which sources are not looked for)" in ran.flat
    assert run("trace", said, "--json", at=tmp_path / "news").objects[0]["attributions_read"] is False


def test_the_sums_are_of_all_that_is_held(tmp_path: Path) -> None:
    rows = [
        (f"Paper {at}", f"2024-05-0{at}", f"{FERRY}, and {at} of them were children.") for at in range(1, 5)
    ]
    ran = traced(tmp_path, FERRY, *rows, options=("--limit", "1"))
    assert "4 occurrences held (1 shown), from 4 outlets" in ran.flat


def test_amounts_have_no_zeros_that_say_nothing(tmp_path: Path) -> None:
    rows = (
        ("Alpha Times", "2024-05-01", "415 million people have left the party."),
        ("Beta Mail", "2024-05-02", "Some 415.2 million people have left the party."),
    )
    assert (
        "415,000,000 here 415,200,000, rounded"
        in traced(tmp_path, "415 million people have left the party", *rows).out
    )
