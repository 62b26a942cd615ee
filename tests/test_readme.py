"""The transcripts in README and docs are what the commands print; rewrite them by `python -m tests.transcript`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.transcript import ROOT, commands, pages, rerun

if TYPE_CHECKING:
    from pathlib import Path


def told(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", [each for each in pages() if commands(each.read_text())], ids=told)
def test_the_transcripts_are_real(path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    assert rerun(page) == page, "rewrite by `python -m tests.transcript`, and read what has changed"


def test_the_readme_opens_with_what_it_is_for_and_two_commands() -> None:
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    opening = page[: page.index("## ")]
    assert opening.startswith("# Claimtrail\n\nClaimtrail is an archive of news items")
    assert "make demo" in opening
    assert "make test" in opening


def test_a_page_without_commands_runs_nothing() -> None:
    assert rerun("```sh\nrm -rf /nothing\n```\n") == "```sh\nrm -rf /nothing\n```\n"


def test_a_changed_output_is_seen() -> None:
    assert rerun("```console\n$ echo here\nthere\n```\n") == "```console\n$ echo here\nhere\n```\n"
