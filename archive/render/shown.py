"""Making text safe to show: what could move the cursor, hide words or turn them round is written out."""

from __future__ import annotations

import re
import unicodedata

_SUSPECT = re.compile(r"[^\x20-\x7e\xa1-\xac\xae-\u02ff]")
_UNSHOWN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def shown(text: str) -> str:
    r"""The text on one line, with control, format, bidirectional and unassigned characters as `\u{202e}`.

    See Unicode Technical Report 36, section 3.1, for what they can be used for.
    """
    return _SUSPECT.sub(_written, text)


def _written(match: re.Match[str]) -> str:
    character = match.group()
    if character in "\n\t":
        return " "
    if unicodedata.category(character) in _UNSHOWN:
        return f"\\u{{{ord(character):x}}}"
    return character
