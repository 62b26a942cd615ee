"""Whom a source's words stand for, within the article and in the authority file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archive.attribution.words import Word
from archive.model import ClaimedSource, SourceKind

if TYPE_CHECKING:
    from archive.attribution.frames import Draft
    from archive.attribution.resolve import Authority
    from archive.attribution.tokens import Tokens

_BARE = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)


class Naming:
    """Resolves the sources of one article in its order."""

    def __init__(self, tokens: Tokens, authority: Authority) -> None:
        self.tokens = tokens
        self.authority = authority
        self.outlet: ClaimedSource | None = None

    def of(self, draft: Draft) -> ClaimedSource:
        """What the draft's source stands for."""
        if draft.source is None:
            return ClaimedSource(SourceKind.UNRESOLVED, "")
        t = self.tokens
        first, last = draft.source
        words = _BARE.sub("", t.text[t.starts[first] : t.ends[last - 1]])
        head = t.kinds[last - 1]
        name = words
        if head & Word.DOCUMENT:
            name = words.rsplit(" ", 1)[0] if " " in words else ""
            if not name and self.outlet:
                return self.outlet
        key = self.authority.resolve(name) if name else None
        if key:
            self.outlet = ClaimedSource(SourceKind.OUTLET, name, key)
            return self.outlet
        return ClaimedSource(SourceKind.DOCUMENT if head & Word.DOCUMENT else SourceKind.UNRESOLVED, words)
