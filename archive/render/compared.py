"""What versions changed, as a person reads it: sentences, then words, numbers and attributions of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.compare.alignment import ChangeKind
from archive.compare.changes import SourceChange
from archive.render.holding import head
from archive.render.occurring import AGREEMENT_WORDS
from archive.render.words import plural, stated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archive.compare import Comparison, Step
    from archive.compare.changes import Change, Changes, SaidChange, Source
    from archive.render.page import Page


def comparison(page: Page, found: Comparison) -> None:
    """Two versions and what differs between them."""
    for name, holding in (("before", found.before), ("after", found.after)):
        head(page, holding, f"{name}: {holding.version.label}")
    page.line()
    if found.before.version.text_digest == found.after.version.text_digest:
        page.line("The two have the same text.")
    changes(page, found.changes)
    page.line(sums(found.changes))


def steps(page: Page, found: Sequence[Step]) -> None:
    """The versions of items, each with what it changed."""
    for step in found:
        holding = step.holding
        head(page, holding, str(holding.version.label))
        page.line(f"{'sha256':<11}{holding.version.object.hex}", 2)
        page.line(f"{'captures':<11}{len(holding.captures):,}", 2)
        if step.changes.sentences or step.changes.said:
            page.line(f"changed from the version before: {sums(step.changes)}", 2)
        changes(page, step.changes, 4)
        page.line()


def sums(found: Changes) -> str:
    """How many sentences, numbers and attributions changed, in words."""
    counts = {kind: sum(change.kind is kind for change in found.sentences) for kind in ChangeKind}
    said = [f"{count:,} {kind.value}" for kind, count in counts.items() if count]
    sentences = f"sentences {', '.join(said)}" if said else "no sentence differs"
    sources = [change.source for change in found.sentences if change.source]
    told = {kind: sources.count(kind) for kind in SourceChange}
    numbers = sum(len(change.numbers) for change in found.sentences)
    rest = [
        plural(count, kind.value.replace(" ", " ", 1), _many(kind)) for kind, count in told.items() if count
    ]
    rest += [plural(numbers, "number changed", "numbers changed")] if numbers else []
    return "; ".join([sentences, *rest])


def _many(kind: SourceChange) -> str:
    return kind.value.replace("attribution", "attributions")


def changes(page: Page, found: Changes, indent: int = 0) -> None:
    """Each change with what it means."""
    for said in found.said:
        page.wrapped(_said(said), indent)
    for change in found.sentences:
        _change(page, change, indent)


def _said(each: SaidChange) -> str:
    was, now = (stated(side) if side else "nothing" for side in (each.before, each.after))
    return f"{each.about.value}: {was}; now {now}"


def _change(page: Page, change: Change, indent: int) -> None:
    if change.kind is ChangeKind.MOVED:
        page.wrapped(f"> {change.after}  (moved)", indent)
        return
    if change.before:
        page.wrapped(f"- {change.before}", indent)
    if change.after:
        page.wrapped(f"+ {change.after}", indent)
    for line in _meaning(change):
        page.wrapped(line, indent + 4)


def _meaning(change: Change) -> list[str]:
    """What a change means, a line each: attributions before numbers before words."""
    if change.trivial:
        return ["(only punctuation, white space, case or typography)"]
    lines = []
    if change.source:
        was, now = _names(change.sources_before), _names(change.sources_after)
        lines.append(
            f"{change.source}: {was} became {now}" if was and now else f"{change.source}: {was or now}"
        )
    lines += [
        f"number changed: {pair.earlier.value:,f} became {pair.later.value:,f}, {AGREEMENT_WORDS[pair.agreement]}"
        for pair in change.numbers
    ]
    lines += [_words(each.before, each.after) for each in change.words]
    return lines


def _names(sources: Sequence[Source]) -> str:
    return ", ".join(f'{source.name} ("{source.words}")' for source in sources)


def _words(before: str, after: str) -> str:
    if before and after:
        return f'words: "{before}" became "{after}"'
    return f'words added: "{after}"' if after else f'words dropped: "{before}"'
