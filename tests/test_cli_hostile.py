"""A hostile title cannot move the cursor, hide or reorder words, or be taken for markup, in any command."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.commandline import new_archive, run

if TYPE_CHECKING:
    from pathlib import Path

TITLE = (
    "Mayor \x1b[2J\x1b]0;owned\x07 says \u202egnorw\u202c [/b] [red]no[/red] \u2066x\u2069 \u200b\u0085end"
)
PAGE = f"""<!doctype html><html lang="en"><head><title>{TITLE}</title>
<meta property="og:title" content="{TITLE}"><meta property="og:site_name" content="{TITLE}">
<meta name="author" content="{TITLE}"></head><body><article><h1>{TITLE}</h1>
<p>The {TITLE} bridge was closed on Monday, according to {TITLE}.</p>
<p>Nobody was hurt when the bridge was closed, the mayor's office said on Tuesday.</p></article></body></html>"""
"""The characters stand as they are in the page: an escape sequence, a window title, bidi overrides, markup."""

NOT_SHOWN = "\x1b\x07\x85\u202e\u202c\u2066\u2069\u200b"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    place = new_archive(folder)
    page = folder / "page\x1b[31m\u202e[b].html"
    page.write_text(PAGE, encoding="utf-8")
    ran = run("ingest", page, "--outlet", TITLE, "--note", TITLE, "--claimed-source", TITLE, at=place)
    assert ran.status == 0, ran.err
    safe(ran.out + ran.err)
    entered = run("outlets", "add", TITLE, "bridge", at=place)
    assert entered.status == 0, entered.err
    safe(entered.out + entered.err)
    return place


def safe(out: str) -> None:
    assert not [character for character in NOT_SHOWN if character in out]


def label(archive: Path) -> str:
    return str(run("search", "bridge", "--json", at=archive).objects[0]["id"])


@pytest.mark.parametrize(
    "words",
    [
        ("show", "ID"),
        ("show", "ID", "--text"),
        ("search", "bridge"),
        ("search", "bridge", "--facets"),
        ("trace", "The bridge was closed on Monday"),
        ("versions", "ID"),
        ("attributions", "ID"),
        ("sources",),
        ("log",),
        ("status",),
        ("verify",),
        ("outlets", "list", "bridge"),
        ("ingest", "--dry-run", "FILE"),
        ("read", "FILE"),
        ("ingest", "absent\x1b[31m\u202e.txt"),
        ("show", "no\x1b[31m\u202elabel"),
        ("search", "no\x1b[31m\u202e:word"),
    ],
    ids=lambda words: " ".join(words).encode("ascii", "replace").decode(),
)
@pytest.mark.parametrize("json", [False, True], ids=["text", "json"])
def test_it_is_written_out(hostile: Path, words: tuple[str, ...], json: bool) -> None:
    [file] = hostile.parent.glob("*.html")
    named = [{"ID": label(hostile), "FILE": str(file)}.get(word, word) for word in words]
    ran = run(*named, *(["--json"] if json else []), at=hostile)
    assert ran.out + ran.err
    safe(ran.out + ran.err)


def test_markup_is_shown_as_it_is(hostile: Path) -> None:
    shown = run("show", label(hostile), at=hostile).out
    assert "[/b] [red]no[/red]" in shown
    assert "\\u{1b}[2J" in shown
    assert "\\u{202e}gnorw\\u{202c}" in shown
