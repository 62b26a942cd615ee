"""How well attributions are found in English news: run `python -m tests.quality.attribution`.

The set is PolNeAR 1.0 (networkdynamics/PolNeAR), read from ../shared/data and never copied here. It
annotates no attribution inside another one's content, so what we find there is counted apart.
"""

from __future__ import annotations

import argparse
import json
import lzma
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from archive.attribution.extract import extract
from archive.attribution.mentions import mentions
from archive.attribution.resolve import shipped
from archive.model import Attribution, AttributionKind, SourceKind
from archive.text.passages import passages

SETS = Path(__file__).parents[2].parent / "shared" / "data" / "attribution"

REPORTING = re.compile(
    r"\b(?:sa(?:y|ys|id|ying)|t(?:ell|ells|old|elling)|according to|add(?:s|ed|ing)?"
    r"|wr(?:ite|ites|ote|itten|iting)"
    r"|report(?:s|ed|ing)?|announc(?:e|es|ed|ing)|not(?:e|es|ed|ing)|argu(?:e|es|ed|ing)|claim(?:s|ed|ing)?"
    r"|stat(?:e|es|ed|ing)|ask(?:s|ed|ing)?|explain(?:s|ed|ing)?|declar(?:e|es|ed|ing)|warn(?:s|ed|ing)?"
    r"|suggest(?:s|ed|ing)?|acknowledg(?:e|es|ed|ing)|insist(?:s|ed|ing)?|tweet(?:s|ed|ing)?|repl(?:y|ies|ied|ying)"
    r"|recall(?:s|ed|ing)?|conclud(?:e|es|ed|ing)|den(?:y|ies|ied|ying)|confirm(?:s|ed|ing)?|respond(?:s|ed|ing)?"
    r"|continu(?:e|es|ed|ing)|admit(?:s|ted|ting)?|cit(?:e|es|ed|ing)|predict(?:s|ed|ing)?|vow(?:s|ed|ing)?)\b",
    re.IGNORECASE,
)
"""Verbs of reporting, fixed here so that our own lexicon does not choose what it is measured on."""

CREDIT = re.compile(r"\((?:AP|UPI|AFP|Reuters)\)|eporting by ")
"""What shows in a wire story's text that it is one; some of the set say so in their metadata alone."""

NO_NAME = """
the a an mr mrs ms dr sen rep gov president senator congressman congresswoman representative
governor mayor secretary gen judge justice speaker professor prof but and in on as at for former
spokesman spokeswoman republican democratic he she they we it his her their its our my you who some
many most more few several one two three four five six seven eight nine ten both all each every
other others another neither either nobody everyone anyone someone no not even nearly about
virtually what that this these those here there which while when if after before like"""
TITLES = set(NO_NAME.split())

Offsets = list[tuple[int, int]]


@dataclass
class Gold:
    """One annotated attribution: offsets into the text."""

    source: Offsets
    cue: Offsets
    content: Offsets


@dataclass
class Tally:
    """Counts over a set, from which every printed number comes."""

    counts: Counter[str] = field(default_factory=Counter)
    article_f: list[float] = field(default_factory=list)

    def ratio(self, hit: str, of: str) -> float:
        return self.counts[hit] / max(1, self.counts[of])

    def f(self, hit: str, ours: str, theirs: str) -> float:
        return 2 * self.counts[hit] / max(1, self.counts[ours] + self.counts[theirs])


def read(part: str) -> list[dict[str, Any]]:
    with lzma.open(SETS / f"{part}.jsonl.xz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def offsets(parts: list[dict[str, Any]]) -> Offsets:
    return [(start, end) for part in parts for start, end in part["spans"] if end > start]


def gold_of(document: dict[str, Any]) -> list[Gold]:
    found = [
        Gold(*(offsets(a[role]) for role in ("source", "cue", "content"))) for a in document["attributions"]
    ]
    return [gold for gold in found if gold.cue]


def ours_of(text: str) -> tuple[Attribution, ...]:
    return extract(text, passages(text, (), "en"), (), "en")


def spans(found: tuple[Any, ...]) -> Offsets:
    return [(span.start, span.end) for span in found]


def overlap(ours: Offsets, theirs: Offsets) -> bool:
    return any(a < d and c < b for a, b in ours for c, d in theirs)


def same(ours: Attribution, gold: Gold) -> bool:
    """Cue and source both overlap; that both name no source counts as overlap."""
    if not overlap(spans(ours.cue), gold.cue):
        return False
    return overlap(spans(ours.source), gold.source) or not (ours.source or gold.source)


def counted(found: tuple[Attribution, ...]) -> list[Attribution]:
    """What the set annotates too: no credits, no hearers (`told Reuters`), nothing inside another's."""
    wrappers = (AttributionKind.CREDIT, AttributionKind.HEARSAY)
    return [
        a
        for a in found
        if a.kind not in wrappers and (a.within is None or found[a.within].kind is AttributionKind.HEARSAY)
    ]


def covered(parts: list[Offsets], text: str) -> set[int]:
    marked = bytearray(len(text))
    for part in parts:
        for start, end in part:
            marked[start:end] = b"\1" * (end - start)
    return {m.start() for m in re.finditer(r"\w+", text) if marked[m.start()]}


def last_name(text: str, source: Offsets) -> str | None:
    """The last word of the first proper name in a source's words: the same rule for both sides."""
    words = " ".join(text[start:end] for start, end in source)
    for piece in re.split(r"[,;:()\[\]\u201c\u201d\"\u2014\u2013]|--|''", words):
        run: list[str] = []
        for word in re.findall(r"[^\W_]+(?:[.'\u2019&-][^\W_]+)*", piece):
            bare = re.sub(r"['\u2019](?:s|re|ve|d|ll|m)?$", "", word)
            if bare[:1].isupper() and bare.lower() not in TITLES and len(bare) > 1:
                run.append(bare)
            elif run:
                break
        if run:
            return run[-1].lower()
    return None


def names(text: str, sources: list[Offsets]) -> set[str]:
    return {name for source in sources if (name := last_name(text, source))}


def score_mentions(documents: list[dict[str, Any]], tally: Tally) -> None:
    """Mentions of outlets against the offsets in outlets.json: one is met where it overlaps."""
    labels = json.loads((Path(__file__).parent / "outlets.json").read_text(encoding="utf-8"))["mentions"]
    for document in documents:
        if document["id"] not in labels:
            continue
        gold = [(start, end) for start, end in labels[document["id"]]]
        ours = [(m.span.start, m.span.end) for m in mentions(document["text"], "en", shipped())]
        met = sum(any(overlap([g], [o]) for o in ours) for g in gold)
        right = sum(any(overlap([g], [o]) for g in gold) for o in ours)
        tally.counts.update(
            outlets_gold=len(gold), outlets_ours=len(ours), outlets_met=met, outlets_right=right
        )


def is_agency_credit(attribution: Attribution) -> bool:
    """Whether it credits an agency: by name, or by the line that Reuters ends its stories with."""
    if attribution.kind is not AttributionKind.CREDIT:
        return False
    key = attribution.resolved.outlet
    return attribution.resolved.kind is SourceKind.PERSON or (
        key is not None and shipped().entry(key).kind == "agency"
    )


def score(documents: list[dict[str, Any]]) -> Tally:
    tally = Tally()
    add = tally.counts.update
    for document in documents:
        text, gold = document["text"], gold_of(document)
        every = ours_of(text)
        ours = counted(every)
        add(found=len(ours), annotated=len(gold), nested=len(every) - len(ours))
        add(right=sum(any(same(a, g) for g in gold) for a in ours))
        add(met=sum(any(same(a, g) for a in ours) for g in gold))
        verbs = [g for g in gold if REPORTING.search(" ".join(text[a:b] for a, b in g.cue))]
        add(reporting=len(verbs), reporting_met=sum(any(same(a, g) for a in ours) for g in verbs))
        mine = covered([spans(a.content) for a in ours], text)
        theirs = covered([g.content for g in gold], text)
        add(our_tokens=len(mine), their_tokens=len(theirs), both_tokens=len(mine & theirs))
        our_names = names(text, [spans(a.source) for a in ours])
        their_names = names(text, [g.source for g in gold])
        both = len(our_names & their_names)
        add(our_names=len(our_names), their_names=len(their_names), both_names=both)
        if our_names or their_names:
            tally.article_f.append(2 * both / (len(our_names) + len(their_names)))
        credited = any(is_agency_credit(a) for a in every)
        wire = document["wire"] not in (None, "None", "NA")
        seen = wire and bool(CREDIT.search(text))
        add(wire=wire, wire_credited=wire and credited, false_credit=credited and not wire)
        add(wire_seen=seen, wire_seen_credited=seen and credited)
    score_mentions(documents, tally)
    return tally


def table(tally: Tally) -> str:
    f = tally.f
    rows = [
        ("cue and source overlap: precision", tally.ratio("right", "found"), "0.84", ""),
        ("  recall", tally.ratio("met", "annotated"), "", ""),
        ("  recall of reporting-verb attributions", tally.ratio("reporting_met", "reporting"), "0.90", ""),
        ("  F", _f(tally.ratio("right", "found"), tally.ratio("met", "annotated")), "", "0.81"),
        ("content tokens: F", f("both_tokens", "our_tokens", "their_tokens"), "0.80", "0.84"),
        ("  precision", tally.ratio("both_tokens", "our_tokens"), "", ""),
        ("  recall", tally.ratio("both_tokens", "their_tokens"), "", ""),
        ("named sources per article: F", f("both_names", "our_names", "their_names"), "0.78", "0.87"),
        ("  mean over articles", sum(tally.article_f) / max(1, len(tally.article_f)), "", ""),
        ("agency credit found in wire stories", tally.ratio("wire_credited", "wire"), "0.95", ""),
        ("  in those whose text says so", tally.ratio("wire_seen_credited", "wire_seen"), "", ""),
        ("  false ones", float(tally.counts["false_credit"]), "0", ""),
        (
            "outlet mentions: F",
            _f(tally.ratio("outlets_right", "outlets_ours"), tally.ratio("outlets_met", "outlets_gold")),
            "0.90",
            "",
        ),
    ]
    if not tally.counts["outlets_gold"]:
        rows.pop()  # only the dev part has labels for them
    lines = [f"{'measure':44}{'ours':>8}{'bar':>8}{'two people':>12}"]
    lines += [f"{name:44}{value:8.3f}{bar:>8}{people:>12}" for name, value, bar, people in rows]
    lines.append("Citron (BBC), on another corpus: source overlap 0.853, content overlap 0.833")
    lines.append(f"attributions found {tally.counts['found']}, and {tally.counts['nested']} inside others")
    return "\n".join(lines)


def _f(precision: float, recall: float) -> float:
    return 2 * precision * recall / max(1e-9, precision + recall)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--part", default="dev", help="dev, train, train:0 (even articles) or train:1 (odd ones)"
    )
    part, _, half = parser.parse_args().part.partition(":")
    documents = read(part)
    if half:
        documents = documents[int(half) :: 2]
    began = time.perf_counter()
    tally = score(documents)
    print(table(tally))
    print(f"{len(documents)} articles of {part}, {time.perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main()
