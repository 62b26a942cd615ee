"""Reference pages made from the program itself: `python -m tests.reference` writes them."""

from __future__ import annotations

import contextlib
import io
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
REFERENCE = ROOT / "docs" / "reference"
MADE = "<!-- Made by `python -m tests.reference`; change the program, not this page. -->\n"


def commands() -> Iterator[tuple[str, ...]]:
    """Every command, a group before its own commands."""
    from typer.main import get_command

    from archive.cli.app import build

    yield from _below((), get_command(build()))


def _below(path: tuple[str, ...], command: Any) -> Iterator[tuple[str, ...]]:
    for name, each in getattr(command, "commands", {}).items():
        yield (*path, name)
        yield from _below((*path, name), each)


def help_of(words: tuple[str, ...]) -> str:
    """What `--help` prints, at 80 columns."""
    from archive.cli import main

    out = io.StringIO()
    with patch.dict(os.environ, {"COLUMNS": "80", "LC_ALL": "C.UTF-8"}), contextlib.redirect_stdout(out):
        main([*words, "--help"])
    return out.getvalue().strip("\n")


def commands_page() -> str:
    """`docs/reference/commands.md`."""
    parts = [
        MADE,
        "# Commands\n",
        "The archive that a command works on is the one named by `--archive`, else by `CLAIMTRAIL_ARCHIVE`, else the",
        "nearest directory upwards that holds a `claimtrail.toml`. What a command's exit status means stands under",
        "[exit codes](exit-codes.md), what `--json` prints under [JSON output](json.md).\n",
        f"```text\n{help_of(())}\n```\n",
    ]
    parts += [f"## {' '.join(words)}\n\n```text\n{help_of(words)}\n```\n" for words in commands()]
    return "\n".join(parts)


def settings_page() -> str:
    """`docs/reference/settings.md`."""
    from archive.settings import SETTINGS

    rows = [
        f"| `{each.name}` | `{each.variable}` | {f'`{each.default}`' if each.default != '' else '(none)'} "
        f"| {each.words.replace('|', '&#124;')} |"
        for each in SETTINGS
    ]
    return "\n".join(
        [
            MADE,
            "# Settings\n",
            "A setting is taken from the environment, else from `claimtrail.toml` in the archive, else it has its",
            "default. `claimtrail settings` prints each value in force and where it came from.\n",
            "| name in `claimtrail.toml` | in the environment | default | meaning |",
            "|---|---|---|---|",
            *rows,
            "\nBeside these, `CLAIMTRAIL_ARCHIVE` names the archive that commands work on.\n",
            "```toml",
            "# claimtrail.toml",
            'archivist = "M. Tansley"',
            "patience = 120",
            "```",
            "",
        ]
    )


PAGES = {"commands.md": commands_page, "settings.md": settings_page}

if __name__ == "__main__":
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for page, made in PAGES.items():
        (REFERENCE / page).write_text(made(), encoding="utf-8")
