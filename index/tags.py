"""Tags of languages (BCP 47): a tag stands for all that begin with it, `en` for `en-GB` too."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def tagged(known: Iterable[str], wanted: Iterable[str]) -> list[str]:
    """Of the folded tags that are known, those in the ranges that are wanted (RFC 4647, 3.3.1)."""
    ranges = tuple(f"{tag.casefold()}-" for tag in wanted)
    return [tag for tag in known if f"{tag}-".startswith(ranges)]
