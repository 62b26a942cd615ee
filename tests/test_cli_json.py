"""Every `--json` output is one object a line with the keys that docs/reference/json.md lists, no more and no fewer."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.commandline import DOCUMENT, ROOT, STORY, program, run
from tests.reference import commands, help_of

if TYPE_CHECKING:
    from pathlib import Path

PAGE = (ROOT / "docs" / "reference" / "json.md").read_text(encoding="utf-8")
SECTIONS = dict(
    zip(
        *[iter(re.split(r"^## (.+)\n", PAGE.partition("\n## Parts")[0], flags=re.MULTILINE)[1:])] * 2,
        strict=True,
    )
)
DOCUMENTED = {
    name: {"type"} | set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)) for name, text in SECTIONS.items()
}
ATTRIBUTION = {"source", "cue", "content", "kind", "resolved", "within", "method"}
SOMETIMES = {
    ("version", "changes"),
    ("version", "said"),
    *(("file", key) for key in ("part", "place", "revisit_of")),
}

WATCH = ROOT / "tests" / "assets" / "watch.jsonl"

ASKED: tuple[tuple[str, ...], ...] = (
    ("ingest", "--dry-run", str(DOCUMENT), "absent"),
    ("show", "2026-0002.4"),
    ("search", "households", "--facets"),
    ("trace", "2,300 households without running water for 19 hours"),
    ("trace", "--from", str(WATCH), "--limit", "2"),
    ("versions", "2026-0002.4"),
    ("compare", "2026-0002.4@1", "2026-0002.4@2"),
    ("log",),
    ("related", "2026-0002.2"),
    ("claims",),
    ("sources",),
    ("attributions", "2026-0001.1"),
    ("outlets", "list", "times"),
    ("status",),
    ("verify", "--ledger"),
    ("keys",),
    ("settings",),
    ("read", str(DOCUMENT), str(STORY / "courier-2024-04-17.html")),
    ("formats",),
)


CHANGING: tuple[tuple[str, ...], ...] = (
    ("verify",), ("replica", "list"), ("replica", "sync"), ("repair",), ("rehash", "--add", "sha512"),
    ("evidence", "2026-0002.4"), ("check", "pack"),
)  # fmt: skip
"""Asked of an archive of their own, for they change it, or have something to say only where it was changed."""

GROUPS = ("outlets", "replica")


def year(words: tuple[str, ...], archive: Path) -> list[str]:
    """The words with the year in which the archive was made."""
    first = run("log", "--json", "--limit", "1000", at=archive).objects[0]["leaf"]["at"][:4]
    return [word.replace("2026-", f"{first}-") for word in words]


@pytest.fixture(scope="module")
def printed(
    seeded: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[tuple[str, ...], list[dict[str, Any]]]:
    import shutil

    said = {words: run(*year(words, seeded), "--json", at=seeded).objects for words in ASKED}
    broken = shutil.copytree(seeded, tmp_path_factory.mktemp("broken") / "news")
    assert run("replica", "add", broken.parent / "copy", at=broken).status == 0
    pack = broken.parent / "pack"
    said["evidence", "2026-0002.4"] = run(
        *year(("evidence", "2026-0002.4"), broken), "--out", pack, "--json", at=broken
    ).objects
    said["check", "pack"] = run("check", pack, "--json").objects
    said["replica", "sync"] = run("replica", "sync", "--json", at=broken).objects
    said["replica", "list"] = run("replica", "list", "--json", at=broken).objects
    next((broken / "objects" / "sha256").glob("*/*")).unlink()
    said["verify",] = run("verify", "--json", at=broken).objects
    said["repair",] = run("repair", "--json", at=broken).objects
    return said


def test_each_line_is_an_object_with_a_type_that_is_documented(
    printed: dict[Any, list[dict[str, Any]]],
) -> None:
    for words, objects in printed.items():
        assert objects, words
        assert {one["type"] for one in objects} <= set(DOCUMENTED), words


def test_what_is_documented_is_printed(printed: dict[Any, list[dict[str, Any]]]) -> None:
    assert {one["type"] for objects in printed.values() for one in objects} == set(DOCUMENTED)


@pytest.mark.parametrize("name", DOCUMENTED)
def test_the_keys_are_those_that_are_documented(printed: dict[Any, list[dict[str, Any]]], name: str) -> None:
    expected = DOCUMENTED[name] | (ATTRIBUTION if name == "attribution" else set())
    optional = {key for kind, key in SOMETIMES if kind == name}
    for objects in printed.values():
        for one in objects:
            if one["type"] == name:
                assert set(one) | optional == expected | (optional & set(one)) | optional
                assert expected - optional <= set(one)


@pytest.mark.parametrize("name", DOCUMENTED)
def test_the_command_that_prints_it_is_named(printed: dict[Any, list[dict[str, Any]]], name: str) -> None:
    named = SECTIONS[name].strip().splitlines()[0].split(": ")[0]
    for words, objects in printed.items():
        command = " ".join(words[:2]) if words[0] in GROUPS else words[0]
        if any(one["type"] == name for one in objects):
            assert f"`{command}`" in named


def test_every_command_with_json_is_asked_here() -> None:
    asked = {words[:2] if words[0] in GROUPS else words[:1] for words in (*ASKED, *CHANGING)}
    assert {words for words in commands() if "--json" in help_of(words)} == asked


def test_it_is_ascii_and_a_line_an_object(seeded: Path) -> None:
    out = program("show", "6625bdbcd6ee", "--json", at=seeded).stdout
    assert out.isascii()
    [line] = out.splitlines()
    assert json.loads(line)["sha256"].startswith("6625bdbcd6ee")
