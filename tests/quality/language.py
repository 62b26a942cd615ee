"""How often a sentence's language is told: `python -m tests.quality.language [FILE ...]` (tag, tab, sentence).

Without a file two sets are measured, where they are held: English news sentences of the attribution set, and the
translated messages of the programs installed on this machine (`/usr/share/locale`), which are sentences by
human translators in some sixty languages, but of another kind than news and up to 100 a language. Plain
py3langid stands beside ours.
"""

from __future__ import annotations

import gettext
import json
import lzma
import random
import re
import sys
from collections import Counter, defaultdict
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from archive.formats.language import language_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ARTICLES = Path(__file__).parents[3] / "shared" / "data" / "attribution" / "train.jsonl.xz"
CATALOGUES = Path("/usr/share/locale")
LIMIT = 3_000
EACH = 100
"""Sentences a language at most; a language with fewer than a third of it is left out."""

ALIKE = {"bs": "hr", "id": "ms", "hr": "bs", "ms": "id"}
"""Languages whose sentences are often sentences of the other one, too: measured with and without them."""

_NO_SENTENCE = re.compile(r"[%{}<>\\_=|\n$]|--")
_NORWEGIAN = re.compile("nb|nn")

Rows = list[tuple[str, str]]


def given(paths: list[Path]) -> Rows:
    lines = [line for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
    return [(tag, text) for tag, _, text in (line.partition("\t") for line in lines) if text]


def news(path: Path) -> Rows:
    """English sentences of news articles, not the first two and no more than six of each."""
    if not path.exists():
        return []
    with lzma.open(path, "rt", encoding="utf-8") as stream:
        texts = [json.loads(line)["text"] for line in stream]
    found = [sentence for text in texts for sentence in re.split(r"(?<=[.!?])\s+", text)[2:8]]
    return [("en", sentence) for sentence in found if len(sentence) >= 20][:LIMIT]


def messages(folder: Path) -> Rows:
    """Sentences of installed programs' translations, the same for the same machine."""
    found: dict[str, set[str]] = defaultdict(set)
    for tag, sentence in _translated(folder):
        found[tag].add(sentence)
    choose = random.Random(1)
    enough = {tag: sorted(some) for tag, some in sorted(found.items()) if len(some) >= EACH // 3}
    return [(tag, one) for tag, some in enough.items() for one in choose.sample(some, min(EACH, len(some)))]


def _translated(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.glob("*/LC_MESSAGES/*.mo")):
        locale = path.parts[-3]
        if "@" in locale or path.name.startswith("iso_"):
            continue
        tag = _NORWEGIAN.sub("no", re.split(r"[_.]", locale)[0])
        # A catalogue that is not what it says of itself is passed over.
        with path.open("rb") as stream, suppress(UnicodeError, IndexError, OSError):
            catalogue: dict[object, object] = vars(gettext.GNUTranslations(stream))["_catalog"]
            for original, translation in catalogue.items():
                if isinstance(translation, str) and translation != original and _is_sentence(translation):
                    yield tag, translation


def _is_sentence(text: str) -> bool:
    ends = (text[-1:] == "\u3002" and len(text) >= 18) or (text[-1:] in (".", "\u0964") and len(text) >= 40)
    letters = sum(map(str.isalpha, text))
    return (
        ends
        and len(text) <= 300
        and letters >= 0.7 * len(text.replace(" ", ""))
        and not _NO_SENTENCE.search(text)
    )


def show(title: str, asked: Rows) -> None:
    from py3langid import classify

    readers: dict[str, Callable[[str], str | None]] = {
        "ours": language_of,
        "py3langid": lambda text: str(classify(text)[0]),
    }
    print(f"{title}: {len(asked)} sentences, {len({tag for tag, _ in asked})} languages")
    for name, told in readers.items():
        answers = ((tag, _NORWEGIAN.sub("no", told(text) or "none")) for tag, text in asked)
        wrong = Counter((tag, found) for tag, found in answers if found != tag)
        alike = sum(count for (tag, found), count in wrong.items() if ALIKE.get(tag) == found)
        right, mixed = (1 - count / max(1, len(asked)) for count in (wrong.total(), wrong.total() - alike))
        print(
            f"  {name:10} {right:.4f} ({mixed:.4f} but for bs/hr and id/ms); taken for another: {wrong.most_common(6)}"
        )


def main(paths: list[Path]) -> None:
    if paths:
        show(", ".join(map(str, paths)), given(paths))
        return
    from archive.formats.language import PRINTED

    for title, asked in (("English news", news(ARTICLES)), ("messages", messages(CATALOGUES))):
        if asked:
            show(title, asked)
    printed = [row for row in messages(CATALOGUES) if row[0] in PRINTED]
    show("messages in languages that newspapers are printed in", printed)


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]])
