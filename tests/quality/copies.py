"""Copies: pairs that share text, by the archive's links and by MinHash, against an exhaustive word-6-gram tiling.

Run: python -m tests.quality.copies [reuse | press-releases | FILE] [documents] [--furniture kept]
Bars: F1 of `same text` and of `contained` 0.95, recall of pairs sharing 40 words 0.97 with precision 0.99.

The exhaustive answer knows nothing of ours: it counts word tuples, leaves out those seen three times or more
of which four fifths are one outlet's, and compares every pair that shares any other. MinHash (Broder; 128
permutations in 32 bands of 4) proposes pairs, which are then labelled by the same count of words. With
`--furniture kept` the exhaustive answer leaves nothing out; the archive always does.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass
from hashlib import blake2b
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

from archive.lineage.links import CONTAINED_SHARE, PASSAGE_WORDS, SAME_SHARE
from archive.text.words import folded
from tests.commandline import program
from tests.quality.sets import rows, table

if TYPE_CHECKING:
    from collections.abc import Iterable

WIDTH = 6
OVERLAP = 0.8
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Story:
    outlet: str
    text: str


@dataclass(frozen=True, slots=True)
class Shared:
    label: str | None
    least: int


class Exhaustive:
    """Every 6-gram of every story, without each outlet's furniture."""

    def __init__(self, stories: list[Story], *, furniture: bool) -> None:
        tokens = [folded(story.text) for story in stories]
        self.sizes = [len(words) for words in tokens]
        self.grams = [list(zip(*(words[at:] for at in range(WIDTH)), strict=False)) for words in tokens]
        self.holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for number, grams in enumerate(self.grams):
            for gram in set(grams):
                self.holders[gram].append(number)
        self.furniture: set[tuple[str, ...]] = set()
        for gram, held in self.holders.items() if furniture else ():
            most = Counter(stories[number].outlet for number in held).most_common(1)[0][1]
            if len(held) >= 3 and most >= 0.8 * len(held):
                self.furniture.add(gram)
        self.sets = [set(grams) - self.furniture for grams in self.grams]

    def pairs(self) -> set[Pair]:
        """Every pair that shares a gram which is not furniture."""
        return {
            pair
            for gram, held in self.holders.items()
            if len(held) > 1 and gram not in self.furniture
            for pair in combinations(sorted(held), 2)
        }

    def shared(self, pair: Pair) -> Shared:
        one, other = pair
        here, there = self._covered(one, other), self._covered(other, one)
        share, share_there = here / max(1, self.sizes[one]), there / max(1, self.sizes[other])
        label = None
        if min(share, share_there) >= SAME_SHARE:
            label = "same text"
        elif max(share, share_there) >= CONTAINED_SHARE:
            label = "contained"
        return Shared(label, min(here, there))

    def _covered(self, one: int, other: int) -> int:
        covered: set[int] = set()
        for at, gram in enumerate(self.grams[one]):
            if gram in self.sets[other]:
                covered.update(range(at, at + WIDTH))
        return len(covered)


def ours(stories: list[Story], kept: Path | None) -> dict[Pair, Shared]:
    """The links of a real archive: the stories as JSON lines through `ingest`, out by `related --all --json`."""
    with tempfile.TemporaryDirectory() as folder:
        place = kept or Path(folder) / "news"
        if not place.exists():
            _ingest(stories, place, Path(folder) / "stories.jsonl")
        ran = program("related", "--all", "--json", at=place)
    found: dict[Pair, Shared] = {}
    for line in ran.stdout.splitlines():
        link = json.loads(line)
        one, other = sorted((int(link["external_id"]), int(link["other_external_id"])))
        label = link["label"] if link["label"] in ("same text", "contained") else None
        found[one, other] = Shared(label, min(link["covered"], link["other_covered"]))
    return found


def _ingest(stories: list[Story], place: Path, rows_of: Path) -> None:
    with rows_of.open("w", encoding="utf-8") as out:
        for number, story in enumerate(stories):
            out.write(json.dumps({"id": str(number), "outlet": story.outlet, "text": story.text}) + "\n")
    for words in (("init", place), ("ingest", "--archive", place, rows_of)):
        ran = program(*words)
        if ran.returncode:
            sys.exit(ran.stderr.decode())


def minhash(exact: Exhaustive) -> set[Pair]:
    """Pairs that agree in one of 32 bands."""
    source = random.Random(5)
    factors = [(source.getrandbits(61) | 1, source.getrandbits(61)) for _ in range(128)]
    prime = (1 << 61) - 1
    buckets: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for number, grams in enumerate(exact.sets):
        hashes = [int.from_bytes(blake2b(" ".join(gram).encode(), digest_size=7).digest()) for gram in grams]
        if not hashes:
            continue
        least = [min((factor * value + shift) % prime for value in hashes) for factor, shift in factors]
        for band in range(32):
            buckets[band, *least[4 * band : 4 * band + 4]].append(number)
    return {pair for held in buckets.values() for pair in combinations(held, 2)}


def scored(truth: Iterable[Pair], told: Iterable[Pair]) -> list[object]:
    """Precision, recall, F1 and the number of true pairs."""
    true, said = set(truth), set(told)
    hits = len(true & said)
    precision, recall = hits / max(1, len(said)), hits / max(1, len(true))
    return [precision, recall, 2 * precision * recall / max(1e-9, precision + recall), len(true)]


def main(words: list[str]) -> None:
    """Print precision, recall and F1 of ours and of MinHash for each kind of pair, and across outlets."""
    options = argparse.ArgumentParser()
    options.add_argument("set", nargs="?", default="reuse", help="a set, or the path of a file of its layout")
    options.add_argument("documents", nargs="?", type=int, default=100_000)
    options.add_argument("--kept", type=Path, help="an archive of these documents, made where it is absent")
    options.add_argument("--furniture", choices=("left out", "kept"), default="left out")
    asked = options.parse_args(words)
    held = rows(asked.set)[: asked.documents]
    stories = [Story(row.get("publisher") or row["outlet"], row["text"]) for row in held]
    exact = Exhaustive(stories, furniture=asked.furniture == "left out")
    truth = {pair: exact.shared(pair) for pair in exact.pairs()}
    rivals = {
        "links": ours(stories, asked.kept),
        "MinHash-LSH": {pair: exact.shared(pair) for pair in minhash(exact)},
    }
    for where in ("all pairs", "pairs across outlets"):
        body: list[list[object]] = []
        for kind in ("same text", "contained", "40 words"):
            true = chosen(truth, kind, where, stories)
            for rival, found in rivals.items():
                body.append([kind, rival, *scored(true, chosen(found, kind, where, stories))])
        title = f"{len(stories)} of {asked.set}, {where}, furniture {asked.furniture}"
        table(title, ["", "by", "precision", "recall", "F1", "pairs"], body)
    joint = [pair for pair, shared in rivals["links"].items() if overlap(pair, shared, exact) >= OVERLAP]
    across = sum(stories[one].outlet != stories[other].outlet for one, other in joint)
    print(
        f"\n  of {len(joint)} pairs with {OVERLAP:.0%} overlap {across / max(1, len(joint)):.3f} are across outlets"
    )


def overlap(pair: Pair, shared: Shared, exact: Exhaustive) -> float:
    """The share of the longer text that the two have in common."""
    return shared.least / max(1, *(exact.sizes[number] for number in pair))


def chosen(found: dict[Pair, Shared], kind: str, where: str, stories: list[Story]) -> list[Pair]:
    """The pairs of one kind."""
    return [
        pair
        for pair, shared in found.items()
        if (shared.least >= PASSAGE_WORDS if kind == "40 words" else shared.label == kind)
        and (where == "all pairs" or stories[pair[0]].outlet != stories[pair[1]].outlet)
    ]


if __name__ == "__main__":
    main(sys.argv[1:])
