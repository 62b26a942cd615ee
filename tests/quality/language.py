"""How often a sentence's language is told: `python -m tests.quality.language FILE...` (tag, tab, sentence).

Without a file: English sentences of the attribution set, where present. Plain py3langid stands beside ours.
"""

from __future__ import annotations

import json
import lzma
import re
import sys
from collections import Counter
from pathlib import Path

ARTICLES = Path(__file__).parents[3] / "shared" / "data" / "attribution" / "train.jsonl.xz"
LIMIT = 3_000


def rows(paths: list[Path]) -> list[tuple[str, str]]:
    if paths:
        lines = [line for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
        return [(tag, text) for tag, _, text in (line.partition("\t") for line in lines) if text]
    if not ARTICLES.exists():
        return []
    with lzma.open(ARTICLES, "rt", encoding="utf-8") as stream:
        texts = [json.loads(line)["text"] for line in stream]
    found = [sentence for text in texts for sentence in re.split(r"(?<=[.!?])\s+", text)[2:8]]
    return [("en", sentence) for sentence in found if len(sentence) >= 20][:LIMIT]


def main(paths: list[Path]) -> None:
    from py3langid import classify

    from archive.formats.language import language_of

    asked = rows(paths)
    for name, told in (("ours", language_of), ("py3langid", lambda text: str(classify(text)[0]))):
        wrong = Counter((tag, found) for tag, text in asked if (found := told(text)) != tag)
        right = 1 - sum(wrong.values()) / max(1, len(asked))
        print(f"{name:12} {right:.4f} of {len(asked)} sentences; taken for another: {wrong.most_common(6)}")


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]])
