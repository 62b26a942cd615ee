"""The command line: `claimtrail COMMAND ...`; what it prints and the exit status say the same."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING

from archive.errors import ArchiveError, ExitCode

if TYPE_CHECKING:
    from collections.abc import Sequence


PROGRAM = "claimtrail"

COLLECTED_AFTER = 50_000
"""New objects between two looks for garbage: what a command loads stays, and looking through it costs a tenth."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit status (see `archive.errors.ExitCode`)."""
    from archive.cli.opening import forks

    gc.set_threshold(COLLECTED_AFTER)
    # numpy, where it is loaded at all, would start threads for matrices that nobody multiplies here.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    forks.clear()
    status = _run(arguments)
    for error in forks[:1]:
        return _fail(str(error), error.exit_code)
    return status


def _run(arguments: Sequence[str] | None) -> int:
    from typer.exceptions import TyperException

    from archive.cli.app import build

    _write_anything()
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        status = build(words[0] if words else None)(words, standalone_mode=False, prog_name=PROGRAM)
        _flush()
    except TyperException as error:
        return _misused(error.format_message(), words)
    except ArchiveError as error:
        return _fail(str(error), error.exit_code)
    except KeyboardInterrupt:
        return _fail("interrupted; what was recorded stays recorded", ExitCode.INTERRUPTED)
    if status == ExitCode.INTERRUPTED:
        return _fail("interrupted; what was recorded stays recorded", ExitCode.INTERRUPTED)
    return int(status or ExitCode.DONE)


def _misused(said: str, words: Sequence[str]) -> int:
    """That a command was given something it cannot take; one that was given nothing shows what it takes."""
    from archive.render.shown import shown

    if said.startswith("Usage:"):
        sys.stderr.write("\n".join(map(shown, said.split("\n"))) + "\n")
        return ExitCode.USAGE
    if words[0].startswith("--archive"):
        said = f"--archive stands after the command, as in `{PROGRAM} status --archive DIR`"
    return _fail(f"{said} (see --help)", ExitCode.USAGE)


def _flush() -> None:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        from archive.render.page import leave

        leave(sys.stdout)


def _fail(words: str, code: ExitCode) -> int:
    from archive.render.shown import shown

    _flush()
    first, *rest = words.split("\n")
    sys.stderr.write("\n".join([f"claimtrail: {shown(first)}", *map(shown, rest)]) + "\n")
    return code


def _write_anything() -> None:
    """Names and texts may hold what the terminal's encoding lacks: escape it instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="backslashreplace")
