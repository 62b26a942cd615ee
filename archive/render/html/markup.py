"""Markup that is made of text: everything that is not ours is escaped, so that it can neither act nor hide."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.render.shown import shown

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Markup:
    """A piece of a page that is safe to put into one."""

    text: str


Part = Markup | str | None


def escaped(text: str) -> str:
    """A text as it may stand in an element or a quoted attribute; control and direction marks are written out."""
    return html.escape(shown(text), quote=True)


def joined(parts: Iterable[Part]) -> Markup:
    """Pieces one after another; plain text is escaped, None is nothing."""
    return Markup("".join(part.text if isinstance(part, Markup) else escaped(part) for part in parts if part))


def tag(name: str, *parts: Part, **attributes: str | None) -> Markup:
    """An element; `class_` and `aria_label` stand for the attributes that Python cannot name, None leaves one out."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escaped(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Markup(f"<{name}{written}>{joined(parts).text}</{name}>")
