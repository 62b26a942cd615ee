"""Which language a text is in, by py3langid, with a bias to the languages that news is mostly written in.

On single sentences the model takes headlines full of names for languages with little text of their own;
such a language has to be likelier by a margin. Addresses and handles are no words and are left out.
"""

from __future__ import annotations

import re

from archive.formats.compose import library
from archive.model import Method

LANGUAGE_SIZE = 1_000
"""How many characters of a text its language is told from."""
MARGIN = 6.0
"""By how many nats a language with few newspapers must be likelier than one with many."""

PRINTED = frozenset({
    "af", "am", "ar", "az", "be", "bg", "bn", "bs", "ca", "cs", "da", "de", "el", "en",
    "es", "et", "eu", "fa", "fi", "fr", "gl", "gu", "he", "hi", "hr", "hu", "hy", "id",
    "is", "it", "ja", "ka", "kk", "km", "kn", "ko", "ky", "lo", "lt", "lv", "mk", "ml",
    "mn", "mr", "ms", "mt", "my", "ne", "nl", "no", "pa", "pl", "ps", "pt", "ro", "ru",
    "si", "sk", "sl", "so", "sq", "sr", "sv", "sw", "ta", "te", "tg", "th", "tl", "tr",
    "uk", "ur", "uz", "vi", "zh",
})  # fmt: skip
_NO_WORDS = re.compile(r"https?://\S+|\b\w+\.\w+/\S+|[@#]\w+|<[^<>]{1,200}>")


def method() -> Method:
    """This rule, with the version of the library under it."""
    model = library("py3langid")
    return Method("language", f"1+{model.name}-{model.version}")


def language_of(text: str) -> str | None:
    """The language of a text as an ISO 639-1 code, None where there are hardly any words."""
    words = _NO_WORDS.sub(" ", text[:LANGUAGE_SIZE])
    if sum(map(str.isalpha, words)) < 2:
        return None
    import py3langid  # type: ignore[import-untyped]  # it has no stubs

    ranked = [(score - (0.0 if tag in PRINTED else MARGIN), str(tag)) for tag, score in py3langid.rank(words)]
    return max(ranked)[1]
