"""Every command, setting, exit code, table and column is documented, and every link leads somewhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from archive.errors import ExitCode
from archive.settings import SETTINGS
from tests.reference import PAGES, REFERENCE, commands
from tests.transcript import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PAGES_OF_OURS = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "seeds").rglob("*.md"),
    ]
)
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
_FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_the_reference_is_as_made_from_the_program(name: str) -> None:
    assert read(REFERENCE / name) == PAGES[name](), "rewrite it by `python -m tests.reference`"


def test_every_command_has_its_section() -> None:
    page = read(REFERENCE / "commands.md")
    headings = set(re.findall(r"^## (.+)$", page, re.MULTILINE))
    assert headings == {" ".join(words) for words in commands()}


def test_every_command_that_a_page_names_exists() -> None:
    known = {words[0] for words in commands()}
    for path in PAGES_OF_OURS:
        named = set(re.findall(r"(?:`|^\$ |\| )claimtrail ([a-z]+)", read(path), re.MULTILINE))
        assert named <= known, path.relative_to(ROOT)


def test_every_option_that_a_page_names_exists() -> None:
    known = set(re.findall(r"--[a-z][a-z-]+", read(REFERENCE / "commands.md")))
    for path in PAGES_OF_OURS:
        for line in re.findall(r"claimtrail [a-z][^`\n|]*", read(path)):
            assert set(re.findall(r"(?<= )--[a-z][a-z-]+", line)) <= known, path.relative_to(ROOT)


def test_every_setting_is_documented() -> None:
    page = read(REFERENCE / "settings.md")
    for setting in SETTINGS:
        assert f"| `{setting.name}` | `{setting.variable}` |" in page


@pytest.mark.parametrize("page", ["README.md", "docs/reference/exit-codes.md"])
def test_every_exit_code_is_documented(page: str) -> None:
    documented = re.findall(r"^\| (\d+) \| \w", read(ROOT / page), re.MULTILINE)
    assert documented == [str(int(code)) for code in ExitCode]


def test_every_table_and_column_is_named() -> None:
    import archive.catalog.link_tables  # noqa: F401 - its tables are to be known as well
    from archive.catalog.tables import METADATA

    page = read(ROOT / "docs" / "data-model.md")
    rows = dict(re.findall(r"^\| `(\w+)` \| .* \| (.*) \|$", page, re.MULTILINE))
    assert {name: re.findall(r"`(\w+)`", columns) for name, columns in rows.items()} == {
        table.name: [column.name for column in table.columns] for table in METADATA.tables.values()
    }


@pytest.mark.parametrize("path", PAGES_OF_OURS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(path: Path) -> None:
    for target in _LINK.findall(_FENCED.sub("", read(path))):
        if "://" in target or target.startswith("mailto:"):
            continue
        file, _, part = target.partition("#")
        led = (path.parent / file).resolve() if file else path
        assert led.exists(), target
        if part:
            assert part in anchors(read(led)), target


def anchors(page: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", _FENCED.sub("", page), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, todo = set(), [ROOT / "README.md"]
    while todo:
        path = todo.pop()
        if path in reached or path.suffix != ".md" or not path.is_relative_to(ROOT):
            continue
        reached.add(path)
        for target in _LINK.findall(_FENCED.sub("", read(path))):
            led = (path.parent / target.partition("#")[0]).resolve()
            todo += [led] if led.is_file() else []
    assert set((ROOT / "docs").rglob("*.md")) <= reached


def test_no_page_shows_a_path_of_the_machine_it_was_made_on() -> None:
    for path in PAGES_OF_OURS:
        assert "/tmp/" not in read(path), path.relative_to(ROOT)
        assert str(ROOT) not in read(path), path.relative_to(ROOT)
