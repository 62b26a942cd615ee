"""Lines for a person: plain text with a little emphasis on a terminal, none elsewhere."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from typing import TYPE_CHECKING, TextIO

from archive.render.shown import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archive.model import Span

WIDTH = 100
"""The most columns of a paragraph; on a terminal with fewer it has as many as that."""

NARROWEST = 30
"""Fewer columns than this are not kept to: words would stand one below the other."""
_OPEN, _CLOSE = "\u00ab", "\u00bb"
_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"


def put(stream: TextIO, text: str) -> None:
    """Write to a stream; where its reader has left, as `head` does, the rest goes nowhere.

    The command itself goes on: what it does and how it ends must not hang on who reads of it.
    """
    try:
        stream.write(text)
    except BrokenPipeError:
        leave(stream)


def leave(stream: TextIO) -> None:
    """Let everything that is still to be written to a stream without a reader go nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


class Page:
    """Where lines go; the only place that writes archived text to a terminal."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stdout
        self._emphasis = self._stream.isatty()
        columns = shutil.get_terminal_size().columns if self._emphasis else WIDTH
        self._width = max(NARROWEST, min(WIDTH, columns))

    def line(self, text: str = "", indent: int = 0) -> None:
        """One line, made safe to show."""
        put(self._stream, " " * indent + shown(text) + "\n")

    def wrapped(self, text: str, indent: int = 0) -> None:
        """A paragraph, wrapped."""
        for line in self._cut(shown(text), indent) or [""]:
            put(self._stream, " " * indent + line + "\n")

    def _cut(self, text: str, indent: int) -> list[str]:
        """Into lines, none of them longer than there is room for."""
        return textwrap.wrap(text, max(NARROWEST // 2, self._width - indent), break_on_hyphens=False)

    def quoted(
        self, text: str, cut: Span, marks: Sequence[Span], indent: int = 0, *, whole: bool = False
    ) -> None:
        """A stretch of a text with matches in it marked: bold on a terminal, between guillemets elsewhere.

        Dots show that the text goes on, unless the stretch is `whole`: a passage, not a part of one.
        Canonical text holds no guillemets (its rule folds them), so the marks cannot be taken for text.
        """
        parts, at = [], cut.start
        for mark in sorted(marks):
            if mark.start < at or mark.end > cut.end:
                continue
            parts += [shown(text[at : mark.start]), _OPEN, shown(mark.of(text)), _CLOSE]
            at = mark.end
        parts.append(shown(text[at : cut.end]))
        before, after = (
            "..." if cut.start and not whole else "",
            "..." if cut.end < len(text) and not whole else "",
        )
        for line in self._cut(f"{before}{''.join(parts)}{after}", indent):
            marked = line.replace(_OPEN, _BOLD).replace(_CLOSE, _PLAIN) if self._emphasis else line
            put(self._stream, " " * indent + marked + "\n")
